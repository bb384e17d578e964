"""Logging settings: one line for each event, on standard error, through a filter that removes secrets."""

from typing import Any


def logging_settings(level: int) -> dict[str, Any]:
    """Return the LOGGING setting for a minimum level."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": "web.logs.RequestIdFilter"},
            "secrets": {"()": "web.logs.SecretAddressFilter"},
        },
        "formatters": {
            "line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"}
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "filters": ["request_id", "secrets"],
                "formatter": "line",
            },
        },
        # By default these have their own handlers, which bypass the filters.
        "loggers": {
            "django": {"handlers": []},
            "django.server": {"handlers": ["console"], "propagate": False},
            "granian.access": {"handlers": ["console"], "propagate": False},
        },
        "root": {"handlers": ["console"], "level": level},
    }
