from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from audit.models import Ledger
from audit.services import append, writing
from partners import policies
from partners.partnerships.models import Partnership


@transaction.atomic
def create_partnership(
    *, actor: Any, name: str, slug: str, at: datetime, is_sandbox: bool = False
) -> Partnership:
    """Open a tenant with a ledger of its own, whose first entry is this one.

    Args:
        is_sandbox: everything in it is made up. What was opened as the one never becomes the other.

    Raises:
        PermissionDenied: unless the actor is an administrator.
        ValidationError: keyed by field, for example when the name is taken.
    """
    if not policies.may_administer(actor):
        raise PermissionDenied("Only an administrator can open a partnership.")
    partnership = Partnership(name=name, slug=slug, is_sandbox=is_sandbox)
    partnership.full_clean(exclude=["ledger"])
    if Ledger.objects.filter(name=name).exists():
        raise ValidationError({"name": "A ledger of this name exists already."})
    partnership.ledger = Ledger.objects.create(name=name)
    with writing(partnership.ledger_id) as ledger:
        partnership.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="partnership.created", target=partnership)
    return partnership
