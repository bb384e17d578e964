"""No secret is in the log of the whole suite: what every test logs is looked through, as the service would write it.

Loaded as a plugin. The words are the passwords of the suite's people; the shapes are those of the service's secrets.
"""

import logging
import re
from collections.abc import Generator

import pytest

from web.logs import SecretAddressFilter

SECRET = re.compile(
    r"correct horse battery staple|tracker-demo-2020|entirely different words|"
    r"(?:ptat|ptcs|ptpat|whsec)_[A-Za-z0-9+/=_-]{20,}|sessionid=[a-z0-9]{32}|csrftoken=\w{32}"
)


class SecretWatch(logging.Handler):
    """Collects the lines of the log in which a secret is."""

    def __init__(self) -> None:
        super().__init__()
        self.addFilter(SecretAddressFilter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = f"{record.getMessage()} {record.exc_text or ''} {getattr(record, 'fields', '')}"
        if SECRET.search(text):
            self.lines.append(f"{record.name}: {text}")


@pytest.fixture(scope="session", autouse=True)
def no_secret_is_logged() -> Generator[None, None, None]:
    watch = SecretWatch()
    logging.getLogger().addHandler(watch)
    yield
    logging.getLogger().removeHandler(watch)
    assert watch.lines == [], "secrets in the log"
