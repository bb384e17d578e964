"""Logging settings: one line for each event, on standard error, through a filter that removes secrets."""

from typing import Any

FORMATS = ("line", "json")


def logging_settings(level: int, layout: str) -> dict[str, Any]:
    """Return the LOGGING setting for a minimum level and one of `FORMATS`."""
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
                "filters": ["request_id", "refusals", "secrets"],
                "formatter": layout,
            },
        },
        # By default these have their own handlers, which bypass the filters.
        "loggers": {
            "django": {"handlers": []},
            "django.request": {"filters": ["status"]},
            "django.server": {"handlers": ["console"], "propagate": False},
            "granian.access": {"handlers": ["console"], "propagate": False},
            "_granian": {"handlers": ["console"], "propagate": False},
        },
        "root": {"handlers": ["console"], "level": level},
    }
