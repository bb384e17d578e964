import logging
import re

from audit.request_id import request_id
from web.middleware import REQUEST_ID

# A secret or a signature of 256 bits as part of an address: of a calendar, or of the link that stops mails.
SECRET = re.compile(r"(?<=[/:])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")


class RequestIdFilter(logging.Filter):
    """Put the request's id on each log line; a dash where no request is behind it.

    What Django says of a refused request it says after the middleware is through, so there the request itself is asked.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or getattr(getattr(record, "request", None), REQUEST_ID, "-")
        return True


class SecretAddressFilter(logging.Filter):
    """Keep secrets that stand in addresses out of the log: who reads it could open what they open."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = SECRET.sub("(secret)", message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True
