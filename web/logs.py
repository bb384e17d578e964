import json
import logging
import re
from datetime import UTC, datetime

from audit.request_id import REQUEST_ID, request_id

HIDDEN = "(secret)"
# Addresses that contain a secret: everything after them is hidden. A test compares this list with the URL configuration.
SECRET_ADDRESSES = (
    *("/accounts/invitation/", "/accounts/password/reset/key/"),
    *("/api-clients/secret/", "/calendar/", "/notices/unsubscribe/"),
)
# Loggers of Django for requests that it refuses: an unknown host, too many fields.
REFUSALS = "django.security."
SECRETS = re.compile(
    rf"(?P<address>{'|'.join(SECRET_ADDRESSES)})[^\s\"'<>]+"
    # Secrets anywhere else: 256 bits in base64, which unlike function names contain capitals or hyphens,
    r"|(?=[a-z0-9_]*[A-Z-])[A-Za-z0-9_-]{43,}"
    # the key of a link to a new password,
    r"|[0-9a-z]{4,}-[0-9a-f]{32}"
    # and the secrets and tokens of this service.
    r"|(?:ptat|ptcs|ptpat|whsec)_[A-Za-z0-9+/=_-]+"
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
        if fields := getattr(record, "fields", None):
            record.fields = {
                name: hide_secrets(value) if isinstance(value, str) else value
                for name, value in fields.items()
            }
        return True


class StatusFilter(logging.Filter):
    """Drop Django's line for each refused or failed request, except where it has the error: `web/request_log.py` logs them all."""

    def filter(self, record: logging.LogRecord) -> bool:
        is_error = record.levelno >= logging.ERROR and bool(record.exc_info)
        return is_error or not hasattr(record, "status_code")


class RefusalFilter(logging.Filter):
    """Make a warning without a traceback of a request that Django refused: a stranger's mistake is no error of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith(REFUSALS):
            record.exc_info = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class LineFormatter(logging.Formatter):
    """One line for each event, an error with its traceback too, so that no text can forge a line."""

    def format(self, record: logging.LogRecord) -> str:
        return " | ".join(line.strip() for line in super().format(record).splitlines() if line.strip())


class JsonFormatter(logging.Formatter):
    """One JSON object on one line for each event, for programs that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0]:
            event["error"] = record.exc_info[0].__name__
            event["traceback"] = record.exc_text or self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False, default=str)


def hide_secrets(text: str) -> str:
    """Return text with each secret replaced; the address before it stays."""
    return SECRETS.sub(lambda match: f"{match['address'] or ''}{HIDDEN}", text)
