from typing import Any

import pytest


@pytest.fixture(autouse=True)
def passwords_hash_quickly(settings: Any) -> None:
    """Stretching a password takes half a second."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
