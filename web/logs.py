import logging
import re

from audit.request_id import request_id
from web.middleware import REQUEST_ID

HIDDEN = "(secret)"
# Addresses that contain a secret: everything after them is hidden. A test compares this list with the URL configuration.
SECRET_ADDRESSES = ("/accounts/password/reset/key/", "/calendar/", "/notices/unsubscribe/")
SECRETS = re.compile(
    rf"(?P<address>{'|'.join(SECRET_ADDRESSES)})[^\s\"'<>]+"
    # Secrets anywhere else: 256 bits in base64, which unlike function names contain capitals or hyphens,
    r"|(?=[a-z0-9_]*[A-Z-])[A-Za-z0-9_-]{43,}"
    # the key of a link to a new password,
    r"|[0-9a-z]{4,}-[0-9a-f]{32}"
    # and the secrets and tokens of this service.
    r"|(?:ptcs|ptpat|whsec)_[A-Za-z0-9+/=_-]+"
)


class RequestIdFilter(logging.Filter):
    """Add the request id to each log record; a dash outside a request.

    Django logs a refused request after the middleware has finished, so the id then comes from the request itself.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or getattr(getattr(record, "request", None), REQUEST_ID, "-")
        return True


class SecretAddressFilter(logging.Filter):
    """Remove secrets from log records, so that nobody who reads the log can use them."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = hide_secrets(message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        if record.exc_info and record.exc_info[0]:
            # The formatter uses this text as it is. Error messages often contain addresses.
            record.exc_text = hide_secrets(logging.Formatter().formatException(record.exc_info))
        return True


def hide_secrets(text: str) -> str:
    """Return text with each secret replaced; the address before it stays."""
    return SECRETS.sub(lambda match: f"{match['address'] or ''}{HIDDEN}", text)
