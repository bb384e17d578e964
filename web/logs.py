import logging
import re

from audit.request_id import request_id

# A secret or a signature of 256 bits as part of an address: of a calendar, or of the link that stops mails.
SECRET = re.compile(r"(?<=[/:])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")


class RequestIdFilter(logging.Filter):
    """Put the request's id on each log line; a dash where no request is behind it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or "-"
        return True


class SecretAddressFilter(logging.Filter):
    """Keep secrets that stand in addresses out of the log: who reads it could open what they open."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = SECRET.sub("(secret)", message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True
