"""How many bytes of files an action, an organisation and one account's day may hold together."""

import logging
from datetime import datetime, time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext, gettext_lazy

from actions.core.services.change import Change
from actions.evidence.models import Evidence
from audit.actors import account_of
from audit.clock import LONDON

logger = logging.getLogger(__name__)
QUOTA = "quota"
"""Code of the error for a file that a quota has no room for."""
OTHERWISE = gettext_lazy("Choose a smaller file, or add a link to it")


def require_room(*, change: Change, size: int) -> None:
    """Refuse a file that would exceed a quota. The partnership's ledger is locked, so no other file comes between.

    Args:
        size: of the new file, in bytes.

    Raises:
        ValidationError: keyed by `file`, code `quota`, with the room that is left.
    """
    action, account = change.action, account_of(change.actor)
    day = Q(added_by=account, added_at__gte=datetime.combine(change.on, time(), LONDON))
    organisation = Q(action__lead=action.lead_id)
    quotas = (
        (
            Q(action=action),
            settings.EVIDENCE_BYTES_PER_ACTION,
            gettext("This action can hold {quota} of files, with {left} left."),
        ),
        (
            organisation,
            settings.EVIDENCE_BYTES_PER_ORGANISATION,
            gettext("Actions led by {lead} can hold {quota} of files together, with {left} left."),
        ),
        (
            day,
            settings.EVIDENCE_BYTES_PER_DAY,
            gettext("You can add {quota} of files in a day, with {left} left today."),
        ),
    )
    sums = Evidence.objects.filter(Q(action=action) | organisation | day).aggregate(
        **{str(number): Sum("size", filter=rows, default=0) for number, (rows, _, _) in enumerate(quotas)}
    )
    for number, (_, quota, words) in enumerate(quotas):
        left = quota - sums[str(number)]
        if quota and size > left:
            reason = words.format(lead=action.lead, quota=_in_words(quota), left=_in_words(max(left, 0)))
            logger.warning(
                "A file of %s bytes for action %s was refused to account %s: %s",
                size,
                action.pk,
                account.pk,
                reason,
            )
            raise ValidationError({"file": ValidationError(f"{reason} {OTHERWISE}", code=QUOTA)})


def _in_words(size: int) -> str:
    return str(filesizeformat(size)).replace("\N{NO-BREAK SPACE}", " ")
