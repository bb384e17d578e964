"""The id of the request being served, so that log lines and ledger entries can be laid side by side."""

from contextvars import ContextVar

# A request bears it under this name, for what is logged after it was served.
REQUEST_ID = "request_id"
request_id: ContextVar[str] = ContextVar("request_id", default="")
