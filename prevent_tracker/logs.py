"""How the log is written: one line for each event, on standard error, past a filter that hides secrets."""

from typing import Any


def logging_settings(level: int) -> dict[str, Any]:
    """Return the LOGGING setting for the least serious level that is kept."""
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
        # These have handlers of their own, past the filters: Django's for administrators and its server, granian's for requests.
        "loggers": {
            "django": {"handlers": []},
            "django.server": {"handlers": ["console"], "propagate": False},
            "granian.access": {"handlers": ["console"], "propagate": False},
        },
        "root": {"handlers": ["console"], "level": level},
    }
