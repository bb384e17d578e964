"""Handing over: what somebody answered for goes to a successor in one step, so that nothing stays without an owner."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from actions.closing.models import ClosureProposal
from actions.core import policies
from actions.core.models import Action
from actions.core.requests import Request
from actions.core.services.change import changing
from actions.dates.models import DateChange
from audit.clock import london_date
from audit.models import Ledger
from audit.services import append, writing
from audit.state import state_of
from partners.models import Membership, Partnership, User
from partners.policies import CAN_OWN, rights_of

MOVED_ON = "What is handed over changed since you looked at it. Look at the list again, then confirm."
REQUESTS = (DateChange, ClosureProposal)


@dataclass(frozen=True)
class Workload:
    """What somebody answers for in a partnership: open actions, and requests that wait for a decision."""

    leaver: User
    actions: Sequence[Action]
    requests: Sequence[Request]

    def __bool__(self) -> bool:
        return bool(self.actions or self.requests)

    @property
    def seen(self) -> str:
        """What a preview hands back, so that nothing moves that was not shown."""
        rows = [*self.actions, *self.requests]
        return hashlib.sha256(" ".join(f"{row._meta.label}{row.pk}" for row in rows).encode()).hexdigest()

    def named(self) -> list[Action]:
        """Return every action that a successor must be able to own or see, each once."""
        found = {action.pk: action for action in self.actions}
        found |= {request.action_id: request.action for request in self.requests}
        return sorted(found.values(), key=lambda action: action.ref)


def workload_of(*, actor: Any, partnership: Partnership, leaver: User, on: date) -> Workload:
    """Return what would move if the leaver handed over now, as far as the actor sees it."""
    actions = Action.objects.visible_to(actor, on).filter(partnership=partnership).open().of_user(leaver)
    asked: list[Request] = []
    for model in REQUESTS:
        rows = _asked_by(model, leaver, actor, partnership, on)
        asked += rows.select_related("action", "requested_by").order_by("action__ref")
    return Workload(leaver, list(actions.for_list().order_by("ref")), asked)


def outgoing_owners(*, actor: Any, partnership: Partnership, on: date) -> QuerySet[User]:
    """Return who answers for something that is open here, also those who hold no role any more."""
    seen = Action.objects.visible_to(actor, on).filter(partnership=partnership).open()
    answers = Q(Exists(seen.filter(Q(owner=OuterRef("pk")) | Q(alternate=OuterRef("pk")))))
    for model in REQUESTS:
        answers |= Q(Exists(_asked_by(model, OuterRef("pk"), actor, partnership, on)))
    return User.objects.filter(answers)


def hand_over(
    *,
    actor: Any,
    partnership: Partnership,
    leaver: User,
    successor: User,
    note: str,
    at: datetime,
    seen: str | None = None,
) -> list[Action]:
    """Move every open action that the leaver owns or is alternate for, and every open request of theirs, at once.

    The successor becomes owner or alternate in the leaver's place; an alternate who becomes the owner leaves that place
    vacant. They answer for the requests, and so cannot decide them.

    Args:
        seen: `Estate.seen` of the preview that was confirmed; None where nothing was shown.

    Returns:
        The actions that moved.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field: a leaver who answers for nothing open, a successor who is the leaver or could
            not own one of the actions (their references are named); code `conflict` when something else would move
            than was shown. Nothing moves then.
    """
    on = london_date(at)
    if reason := policies.why_not_manage(rights_of(actor, on), partnership.pk):
        raise PermissionDenied(reason)
    moved: list[Action] = []
    with writing(partnership.ledger_id) as ledger:
        estate = workload_of(actor=actor, partnership=partnership, leaver=leaver, on=on)
        if seen is not None and seen != estate.seen:
            raise ValidationError(MOVED_ON, code="conflict")
        require_fit_to_succeed(estate=estate, partnership=partnership, successor=successor, on=on)
        # What is asked about an action stands before the action's own entry.
        for request in estate.requests:
            _take_over(actor, request, successor, ledger, at)
        for action in estate.actions:
            with changing(
                actor=actor, action=action, at=at, verb="action.handed_over", note=note.strip(), as_whole=True
            ) as change:
                _step_in(change.action, leaver, successor)
            moved.append(change.action)
    return moved


def require_fit_to_succeed(*, estate: Workload, partnership: Partnership, successor: User, on: date) -> None:
    """Raise ValidationError, keyed by field, unless all of it can go to the successor."""
    if not estate:
        raise ValidationError({"leaver": f"{estate.leaver} answers for nothing that is open here."})
    if successor.pk == estate.leaver.pk:
        raise ValidationError({"successor": "Choose somebody other than the one who hands over."})
    rights = rights_of(successor, on)
    if successor.kind != User.Kind.USER or partnership.pk not in rights.partnerships(*CAN_OWN):
        raise ValidationError(
            {
                "successor": f"{successor} holds no role in this partnership that can own an action. Nothing is "
                f"handed over of: {_refs(estate.named())}."
            }
        )
    supporting: dict[int, set[int]] = {}
    joined = Action.supporting.through._default_manager.filter(action__in=estate.named())
    for action_id, organisation_id in joined.values_list("action", "organisation"):
        supporting.setdefault(action_id, set()).add(organisation_id)
    unseen = [
        action
        for action in estate.named()
        if not policies.may_see(rights, action, supporting.get(action.pk, set()))
    ]
    if unseen:
        raise ValidationError(
            {
                "successor": f"{successor} could not see {_refs(unseen)}: their organisation has no part there. "
                "Nothing is handed over."
            }
        )


# Those who left ----------------------------------------------------------------------------------------------


def owner_gone(*, action: Action, on: date) -> str:
    """Say how the owner of an open action left, in words without a full stop; nothing while they are in post.

    It is the object rule of `ActionQuerySet.orphaned`.
    """
    owner = action.owner
    if owner is None or not action.is_open:
        return ""
    if action.partnership_id in rights_of(owner, on).partnerships(*CAN_OWN):
        return ""
    return next(iter(gone(actions=[action], on=on).values()))


def gone(*, actions: Iterable[Action], on: date) -> dict[tuple[int, int], str]:
    """Say of each orphaned action's owner, by (partnership, user), how they left; in one query."""
    owners = {(action.partnership_id, owner.pk): owner for action in actions if (owner := action.owner)}
    ended = (
        Membership.objects.filter(
            user__in={user_id for _, user_id in owners}, role__in=CAN_OWN, ends_on__lt=on
        )
        .order_by()
        .values_list("partnership", "user")
        .annotate(last=Max("ends_on"))
    )
    last = {(partnership_id, user_id): day for partnership_id, user_id, day in ended}
    return {key: _how(owner, last.get(key)) for key, owner in owners.items()}


def _how(user: User, left_on: date | None) -> str:
    if not user.is_active:
        return f"The account of {user} is closed"
    if left_on is not None:
        return f"{user} left on {left_on:%-d %B %Y}"
    return f"{user} holds no role here that can own an action"


# -------------------------------------------------------------------------------------------------------------


def _asked_by(
    model: type[DateChange] | type[ClosureProposal], user: Any, actor: Any, partnership: Partnership, on: date
) -> QuerySet[Any]:
    """Return the open requests the user answers for: their own, unless somebody took them over."""
    answerable = Q(taken_over_by=user) | Q(taken_over_by=None, requested_by=user)
    return model.objects.visible_to(actor, on).open().filter(answerable, action__partnership=partnership)


def _take_over(actor: Any, request: Request, successor: User, ledger: Ledger, at: datetime) -> None:
    before = state_of(request)
    request.taken_over_by = None if request.requested_by_id == successor.pk else successor
    request.save(update_fields=["taken_over_by"])
    append(actor=actor, ledger=ledger, at=at, verb="request.handed_over", target=request, before=before)


def _step_in(action: Action, leaver: User, successor: User) -> None:
    if action.owner_id == leaver.pk:
        action.owner = successor
        action.alternate = None if action.alternate_id == successor.pk else action.alternate
    else:
        action.alternate = None if action.owner_id == successor.pk else successor


def _refs(actions: Iterable[Action]) -> str:
    return ", ".join(action.ref for action in actions)
