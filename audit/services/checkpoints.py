"""Signing a ledger's head, so that not even the database's owner can remake the chain up to it unnoticed."""

import base64
import binascii
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from audit.actors import Actor
from audit.models import Checkpoint, Ledger
from audit.policies import forbid, why_not_system
from audit.services.ledgers import head_for_append, writing
from audit.skew import require_not_ahead
from audit.verify import canonical

SEED_BYTES = 32


class SigningKeyError(Exception):
    """LEDGER_SIGNING_KEY is absent or is not 32 bytes in base64."""


def checkpoint(*, actor: Actor, ledger: Ledger, at: datetime) -> Checkpoint | None:
    """Sign the ledger's head and return the checkpoint: the one there is when this key signed that head already.

    Args:
        actor: must be the system, which alone has the key.

    Returns:
        None when the ledger has no entry yet.

    Raises:
        ClockError: a moment that has not come yet.
        SigningKeyError: when no usable key is configured.
        PermissionDenied: when the actor is not the system.
    """
    forbid(why_not_system(actor))
    require_not_ahead(at)
    key = _signing_key()
    with writing(ledger.pk):
        head = head_for_append(ledger)
        if head.sequence == 0 or head.last_at is None:
            return None
        made = Checkpoint(
            ledger=head,
            sequence=head.sequence,
            digest=head.digest,
            at=max(at, head.last_at),
            public_key=public_key(),
        )
        there = head.checkpoints.filter(sequence=made.sequence, public_key=made.public_key).first()
        if there is not None:
            return there
        made.signature = base64.b64encode(key.sign(canonical(made.content(head.name)))).decode()
        made.save(force_insert=True)
        return made


def public_key() -> str:
    """Return the configured key's public half, in base64: publish it where the database's owner cannot change it.

    Raises:
        SigningKeyError: when no usable key is configured.
    """
    raw = _signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def trusted_keys() -> set[str]:
    """Return the public keys whose checkpoints count; none when no key is configured."""
    return {public_key(), *settings.LEDGER_FORMER_PUBLIC_KEYS} if settings.LEDGER_SIGNING_KEY else set()


def has_foreign_checkpoint() -> bool:
    """Return whether the last checkpoint was signed with a key that is not trusted."""
    trusted = trusted_keys()
    last = Checkpoint.objects.order_by("-pk").values_list("public_key", flat=True).first()
    return bool(trusted) and last is not None and last not in trusted


def _signing_key() -> Ed25519PrivateKey:
    if not settings.LEDGER_SIGNING_KEY:
        raise SigningKeyError("LEDGER_SIGNING_KEY is not set: 32 random bytes in base64.")
    try:
        seed = base64.b64decode(settings.LEDGER_SIGNING_KEY, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SigningKeyError("LEDGER_SIGNING_KEY is not base64.") from error
    if len(seed) != SEED_BYTES:
        raise SigningKeyError(f"LEDGER_SIGNING_KEY must be {SEED_BYTES} bytes in base64, not {len(seed)}.")
    return Ed25519PrivateKey.from_private_bytes(seed)
