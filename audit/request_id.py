"""The id of the request being served, so that log lines and ledger entries can be laid side by side."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
