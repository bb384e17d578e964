from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from audit.actors import Actor
from audit.models import Ledger
from audit.policies import forbid
from audit.services import append, writing
from partners import policies
from partners.partnerships.models import Partnership


@transaction.atomic
def create_partnership(
    *, actor: Actor, name: str, slug: str, at: datetime, is_sandbox: bool = False
) -> Partnership:
    """Create a tenant and its own ledger, whose first entry records this.

    Args:
        is_sandbox: everything in it is made up. This can never change later.

    Raises:
        PermissionDenied: unless the actor is an administrator.
        ValidationError: keyed by field, for example when the name is taken.
    """
    forbid(policies.why_not_administer(actor, gettext("create a partnership")))
    partnership = Partnership(name=name, slug=slug, is_sandbox=is_sandbox)
    partnership.full_clean(exclude=["ledger"])
    if Ledger.objects.filter(name=name).exists():
        raise ValidationError(
            {"name": gettext("A ledger with this name already exists. Choose another name")}
        )
    partnership.ledger = Ledger.objects.create(name=name)
    with writing(partnership.ledger_id) as ledger:
        partnership.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="partnership.created", target=partnership)
    return partnership
