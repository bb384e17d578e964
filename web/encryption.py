"""Encryption of what the service stores and must read again, with keys derived from SECRET_KEY."""

import base64
from collections.abc import Iterator

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def cipher(purpose: bytes) -> MultiFernet:
    """Return the cipher of a purpose. It encrypts with SECRET_KEY and also decrypts with SECRET_KEY_FALLBACKS.

    Args:
        purpose: makes the keys differ from those of any other purpose.
    """
    return MultiFernet(list(_keys(purpose)))


def _keys(purpose: bytes) -> Iterator[Fernet]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
        yield Fernet(base64.urlsafe_b64encode(derived))
