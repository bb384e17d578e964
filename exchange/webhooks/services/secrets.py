"""The secrets that sign messages: stored encrypted, since a checksum cannot sign."""

import base64
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from standardwebhooks.webhooks import Webhook as Signer

from audit.actors import Actor
from audit.policies import forbid, why_not_system
from exchange.webhooks.models import Webhook
from web.encryption import cipher

PREFIX = "whsec_"
BYTES = 32
PURPOSE = b"prevent-tracker exchange.webhooks"


class UnreadableSecretError(Exception):
    """The secret was encrypted with a key that is no longer set."""


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def encrypt(secret: str) -> str:
    """Return a secret as it is stored, encrypted with the first of WEBHOOK_SECRET_KEYS, or of the service's keys without it."""
    return cipher(PURPOSE, *settings.WEBHOOK_SECRET_KEYS).encrypt(secret.encode()).decode()


def decrypt(stored: str) -> str:
    """Return a stored secret.

    Raises:
        UnreadableSecretError: when none of WEBHOOK_SECRET_KEYS, SECRET_KEY and SECRET_KEY_FALLBACKS decrypts it.
    """
    try:
        return cipher(PURPOSE, *settings.WEBHOOK_SECRET_KEYS).decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise UnreadableSecretError from error


def reencrypt_secrets(*, actor: Actor) -> int:
    """Encrypt every webhook's secrets with the first key, and return the number of webhooks.

    The ledger has no entry of it: it never holds a secret, and the secrets stay the same.

    Raises:
        PermissionDenied: unless the actor is the system.
        UnreadableSecretError: one cannot be read; nothing is changed.
    """
    forbid(why_not_system(actor))
    keys = cipher(PURPOSE, *settings.WEBHOOK_SECRET_KEYS)
    with transaction.atomic():
        rows = list(Webhook.objects.select_for_update(of=("self",)).order_by("pk"))
        for row in rows:
            try:
                for name in ("secret", "former_secret"):
                    if stored := getattr(row, name):
                        setattr(row, name, keys.rotate(stored.encode()).decode())
            except InvalidToken as error:
                raise UnreadableSecretError(f"The secret of webhook {row.pk} cannot be read.") from error
            row.save(update_fields=["secret", "former_secret"])
    return len(rows)


def signatures(keys: Iterable[str], *, message_id: str, sent_at: int, body: str) -> str:
    """Return the value of `webhook-signature`: one signature for each secret.

    Args:
        sent_at: seconds since 1970, as in `webhook-timestamp`.
    """
    moment = datetime.fromtimestamp(sent_at, UTC)
    return " ".join(Signer(key).sign(message_id, moment, body) for key in keys)
