from typing import Any

import pytest

from tests.api.clients import council, leicester

__all__ = ["council", "leicester"]


@pytest.fixture(autouse=True)
def secrets_hash_quickly(settings: Any) -> None:
    """Stretching a secret takes half a second, here and at every request for a token."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
