import logging
import re

from audit.request_id import request_id
from web.middleware import REQUEST_ID

HIDDEN = "(secret)"
# Addresses that open something for whoever knows them: what follows is hidden, however it was mistyped. A test holds this
# list and the URL configuration together.
SECRET_ADDRESSES = ("/accounts/password/reset/key/", "/calendar/", "/notices/unsubscribe/")
SECRETS = re.compile(
    rf"(?P<address>{'|'.join(SECRET_ADDRESSES)})[^\s\"'<>]+"
    # Wherever else one stands. 256 bits in base64, as secrets and signatures are; never the long name of a function:
    r"|(?=[a-z0-9_]*[A-Z-])[A-Za-z0-9_-]{43,}"
    # the key of a link to a new password,
    r"|[0-9a-z]{4,}-[0-9a-f]{32}"
    # and the secrets and tokens that this service gives out.
    r"|(?:ptcs|ptpat|whsec)_[A-Za-z0-9+/=_-]+"
)


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
        hidden = hide_secrets(message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        if record.exc_info and record.exc_info[0]:
            # The formatter takes what is here already. An error's own words often name what it is about.
            record.exc_text = hide_secrets(logging.Formatter().formatException(record.exc_info))
        return True


def hide_secrets(text: str) -> str:
    """Return a text with each secret replaced, and the address that it belongs to."""
    return SECRETS.sub(lambda found: f"{found['address'] or ''}{HIDDEN}", text)
