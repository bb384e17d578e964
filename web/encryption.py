"""Encryption of what the service stores and must read again, with keys derived from SECRET_KEY or from keys of a purpose's own."""

import base64
from collections.abc import Iterator

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def cipher(purpose: bytes, *own: str) -> MultiFernet:
    """Return the cipher of a purpose. It encrypts with the first key and decrypts with any.

    Args:
        purpose: makes the keys differ from those of any other purpose.
        own: keys that come before SECRET_KEY and SECRET_KEY_FALLBACKS, the one that encrypts first.
    """
    return MultiFernet(list(_keys(purpose, own)))


def _keys(purpose: bytes, own: tuple[str, ...]) -> Iterator[Fernet]:
    for secret in (*own, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
        yield Fernet(base64.urlsafe_b64encode(derived))
