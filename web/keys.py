"""Whether the service runs with the secret keys that its database was written with."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from audit.services import has_foreign_checkpoint
from web.models import KnownKey

WRONG_KEY = (
    "SECRET_KEY is not the one that this database was used with. Set the right one. If it was changed on purpose, put the "
    "old one into SECRET_KEY_FALLBACKS or run manage.py accept_secret_key"
)
WRONG_SIGNING_KEY = (
    "LEDGER_SIGNING_KEY did not sign the last checkpoint. Set the right one. If it was changed on purpose, put the public "
    "half of the old one into LEDGER_FORMER_PUBLIC_KEYS"
)


def fingerprint(secret: str) -> str:
    """Return a checksum of a secret key, from which the key cannot be computed."""
    return (
        HKDF(algorithm=SHA256(), length=32, salt=None, info=b"prevent-tracker key")
        .derive(secret.encode())
        .hex()
    )


def wrong_keys() -> list[str]:
    """Say which key is not the one that the database was written with. A new database takes any."""
    known = set(KnownKey.objects.values_list("fingerprint", flat=True))
    usable = {fingerprint(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)}
    return [
        *([WRONG_KEY] if known and not known & usable else []),
        *([WRONG_SIGNING_KEY] if has_foreign_checkpoint() else []),
    ]
