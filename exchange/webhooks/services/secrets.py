"""The secrets that sign messages: stored encrypted, since a checksum cannot sign."""

import base64
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime

from cryptography.fernet import InvalidToken
from standardwebhooks.webhooks import Webhook as Signer

from web.encryption import cipher

PREFIX = "whsec_"
BYTES = 32
PURPOSE = b"prevent-tracker exchange.webhooks"


class UnreadableSecretError(Exception):
    """The secret was encrypted with a SECRET_KEY that is no longer set."""


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def encrypt(secret: str) -> str:
    """Return a secret as it is stored, encrypted with a key derived from SECRET_KEY."""
    return cipher(PURPOSE).encrypt(secret.encode()).decode()


def decrypt(stored: str) -> str:
    """Return a stored secret.

    Raises:
        UnreadableSecretError: when neither SECRET_KEY nor any of SECRET_KEY_FALLBACKS decrypts it.
    """
    try:
        return cipher(PURPOSE).decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise UnreadableSecretError from error


def signatures(keys: Iterable[str], *, message_id: str, sent_at: int, body: str) -> str:
    """Return the value of `webhook-signature`: one signature for each secret.

    Args:
        sent_at: seconds since 1970, as in `webhook-timestamp`.
    """
    moment = datetime.fromtimestamp(sent_at, UTC)
    return " ".join(Signer(key).sign(message_id, moment, body) for key in keys)
