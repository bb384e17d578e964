"""Publication decisions under the Freedom of Information Act 2000, and keeping an action visible to its owner."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from actions.core import policies
from actions.core.models import Action
from actions.core.services.change import changing
from audit.actors import Actor
from audit.models import Entry
from partners.models import User
from partners.policies import Rights, rights_of

DECIDED = "publication.decided"


def decide_publication(
    *,
    actor: Actor,
    action: Action,
    publication: str,
    exemption: str = "",
    reason: str,
    at: datetime,
    version: int | None = None,
) -> Action:
    """Decide whether an action can be published. It can be decided again at any time, in any state.

    Args:
        publication: `publish`, `withhold`, or `undecided` to undo a decision.
        exemption: of the Freedom of Information Act 2000; required to withhold, otherwise empty.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field; code `conflict` for a stale version.
    """
    with changing(
        actor=actor,
        action=action,
        at=at,
        verb=DECIDED,
        version=version,
        note=reason.strip(),
        as_whole=True,
    ) as change:
        change.forbid(policies.why_not_manage(change.rights, change.action.partnership_id))
        _require_decision(change.action, publication, exemption, reason)
        change.action.publication, change.action.exemption = publication, exemption
    return change.action


def publication_decision_of(*, action: Action) -> Entry | None:
    """Return the ledger entry of the latest publication decision, with its author, time and reason."""
    entries = Entry.objects.filter(
        ledger=action.partnership.ledger_id,
        target_type=Action._meta.label_lower,
        target_id=str(action.pk),
        verb=DECIDED,
    )
    return entries.order_by("-sequence").first()


def reasons_to_withhold(*, actions: Iterable[Action]) -> dict[int, str]:
    """Return the reason of the latest publication decision on each of these actions, by the id of the action."""
    ids = {str(action.pk): action.pk for action in actions}
    entries = Entry.objects.filter(
        target_type=Action._meta.label_lower, target_id__in=ids, verb=DECIDED
    ).order_by("sequence")
    return {ids[entry.target_id]: entry.note for entry in entries}


class OwnerAccess:
    """The owner and alternate who could see an action before a change."""

    def __init__(self, action: Action, on: date) -> None:
        self.people: list[tuple[User, Rights]] = [
            (user, rights_of(user, on)) for user in (action.owner, action.alternate) if user is not None
        ]
        self.people = list(self._with_access(action, _supporting(action)))
        self.marking, self.lead_id = action.marking, action.lead_id

    def require_access(self, action: Action) -> None:
        """Raise ValidationError naming the owner or alternate who would lose access to the action."""
        remaining = {user.pk for user, _ in self._with_access(action, _supporting(action))}
        losing = [user.name for user, _ in self.people if user.pk not in remaining]
        if not losing:
            return
        field = (
            "marking"
            if action.marking != self.marking
            else "lead"
            if action.lead_id != self.lead_id
            else "supporting"
        )
        message = gettext(
            "{losing} would lose access to this action. Change its owner or alternate first."
        ).format(losing=" and ".join(losing))
        raise ValidationError({field: message})

    def _with_access(self, action: Action, supporting: Collection[int]) -> Iterator[tuple[User, Rights]]:
        return (pair for pair in self.people if policies.may_see(pair[1], action, supporting))


def _supporting(action: Action) -> set[int]:
    return set(action.supporting.values_list("pk", flat=True))


def _require_decision(action: Action, publication: str, exemption: str, reason: str) -> None:
    errors: dict[str, str] = {}
    if publication not in Action.Publication.values:
        errors["publication"] = gettext("Choose whether the action can be published.")
    elif publication == action.publication == Action.Publication.UNDECIDED:
        errors["publication"] = gettext(
            "There is no decision to undo. Choose whether the action can be published."
        )
    withheld = publication == Action.Publication.WITHHOLD
    if withheld and not exemption:
        errors["exemption"] = gettext("Choose an exemption to withhold the action.")
    elif exemption and not withheld:
        errors["exemption"] = gettext("Leave this out. Only a withheld action has an exemption.")
    elif exemption not in Action.Exemption.values:
        errors["exemption"] = gettext("Choose an exemption from the list.")
    if not reason.strip():
        errors["reason"] = gettext("Give the reason for the decision.")
    if errors:
        raise ValidationError(errors)
