"""Logging settings: one line for each event, on standard error and to syslog, through a filter that removes secrets."""

from typing import Any

FORMATS = ("line", "json")
FILTERS = ["request_id", "refusals", "secrets"]


def logging_settings(level: int, layout: str, syslog: str = "", ca_file: str = "") -> dict[str, Any]:
    """Return the LOGGING setting for a minimum level and one of `FORMATS`.

    Args:
        syslog: the address of a receiver of syslog over TLS, which gets each line as JSON; none when empty.
        ca_file: the certificates that its certificate is checked against.
    """
    receiver = {
        "class": "web.syslog.SyslogHandler",
        "address": syslog,
        "ca_file": ca_file,
        "filters": FILTERS,
        "formatter": "json",
    }
    handlers = ["console", *(["syslog"] if syslog else [])]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": "web.logs.RequestIdFilter"},
            "secrets": {"()": "web.logs.SecretAddressFilter"},
            "refusals": {"()": "web.logs.RefusalFilter"},
            "status": {"()": "web.logs.StatusFilter"},
        },
        "formatters": {
            "line": {
                "()": "web.logs.LineFormatter",
                "format": "{asctime} {levelname} {name} [{request_id}] {message}",
                "style": "{",
            },
            "json": {"()": "web.logs.JsonFormatter"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "filters": FILTERS,
                "formatter": layout,
            },
            **({"syslog": receiver} if syslog else {}),
        },
        # By default these have their own handlers, which bypass the filters.
        "loggers": {
            "django": {"handlers": []},
            "django.request": {"filters": ["status"]},
            "django.server": {"handlers": handlers, "propagate": False},
            "granian.access": {"handlers": handlers, "propagate": False},
            "_granian": {"handlers": handlers, "propagate": False},
        },
        "root": {"handlers": handlers, "level": level},
    }
