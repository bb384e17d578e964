"""Handing over: one person's open actions and requests go to a successor in one step."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext, gettext_lazy

from actions.closing.models import ClosureProposal
from actions.core import policies
from actions.core.models import Action
from actions.core.requests import Request
from actions.core.services.change import changing
from actions.dates.models import DateChange
from audit.actors import Actor
from audit.clock import london_date
from audit.models import Ledger
from audit.policies import forbid
from audit.services import append, writing
from audit.state import state_of
from partners.models import Membership, Partnership, User
from partners.policies import CAN_OWN, rights_of
from web.language import day_text

STALE = gettext_lazy("The list changed since you looked at it. Check it again, then confirm.")
REQUESTS = (DateChange, ClosureProposal)


@dataclass(frozen=True)
class Workload:
    """One person's open actions and open requests in a partnership."""

    outgoing: User
    actions: Sequence[Action]
    requests: Sequence[Request]

    def __bool__(self) -> bool:
        return bool(self.actions or self.requests)

    @property
    def digest(self) -> str:
        """A hash that a preview hands back, so that nothing moves that was not shown."""
        rows = [*self.actions, *self.requests]
        return hashlib.sha256(" ".join(f"{row._meta.label}{row.pk}" for row in rows).encode()).hexdigest()

    def all_actions(self) -> list[Action]:
        """Return the actions, and the actions of the requests, each once."""
        actions = {action.pk: action for action in self.actions}
        actions |= {request.action_id: request.action for request in self.requests}
        return sorted(actions.values(), key=lambda action: action.ref)


def workload_of(*, actor: Actor, partnership: Partnership, outgoing: User, on: date) -> Workload:
    """Return what would move if the person handed over now, of what the actor sees."""
    actions = Action.objects.visible_to(actor, on).filter(partnership=partnership).open().of_user(outgoing)
    requests: list[Request] = []
    for model in REQUESTS:
        rows = _requests_of(model, outgoing, actor, partnership, on)
        requests += rows.select_related("action", "requested_by").order_by("action__ref")
    return Workload(outgoing, list(actions.for_list().order_by("ref")), requests)


def outgoing_owners(*, actor: Actor, partnership: Partnership, on: date) -> QuerySet[User]:
    """Return the people with open actions or requests here, including former members."""
    visible = Action.objects.visible_to(actor, on).filter(partnership=partnership).open()
    condition = Q(Exists(visible.filter(Q(owner=OuterRef("pk")) | Q(alternate=OuterRef("pk")))))
    for model in REQUESTS:
        condition |= Q(Exists(_requests_of(model, OuterRef("pk"), actor, partnership, on)))
    return User.objects.filter(condition)


def hand_over(
    *,
    actor: Actor,
    partnership: Partnership,
    outgoing: User,
    successor: User,
    note: str,
    at: datetime,
    digest: str | None = None,
) -> list[Action]:
    """Move one person's open actions and open requests to a successor, all at once.

    The successor becomes owner or alternate in their place; an alternate who becomes the owner is no longer the
    alternate. The successor takes over the requests, so cannot decide them.

    Args:
        digest: `Workload.digest` of the confirmed preview; None if there was none.

    Returns:
        The actions that moved.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field, if the person has nothing open, or the successor is the same person or could
            not own one of the actions, whose references are named; code `conflict` when the list changed since the
            preview. Nothing moves then.
    """
    on = london_date(at)
    forbid(policies.why_not_manage(rights_of(actor, on), partnership.pk, "plan"))
    moved: list[Action] = []
    with writing(partnership.ledger_id) as ledger:
        workload = workload_of(actor=actor, partnership=partnership, outgoing=outgoing, on=on)
        if digest is not None and digest != workload.digest:
            raise ValidationError(STALE, code="conflict")
        require_can_take_over(workload=workload, partnership=partnership, successor=successor, on=on)
        # A request's entry comes before the action's own.
        for request in workload.requests:
            _take_over(actor, request, successor, ledger, at)
        for action in workload.actions:
            with changing(
                actor=actor, action=action, at=at, verb="action.handed_over", note=note.strip(), as_whole=True
            ) as change:
                _replace(change.action, outgoing, successor)
            moved.append(change.action)
    return moved


def require_can_take_over(*, workload: Workload, partnership: Partnership, successor: User, on: date) -> None:
    """Raise ValidationError, keyed by field, unless the successor can take over the whole workload."""
    if not workload:
        raise ValidationError(
            {
                "outgoing": gettext("{outgoing} has no open actions or requests here.").format(
                    outgoing=workload.outgoing
                )
            }
        )
    if successor.pk == workload.outgoing.pk:
        raise ValidationError({"successor": gettext("Choose someone other than the person who hands over.")})
    rights = rights_of(successor, on)
    if successor.kind != User.Kind.USER or partnership.pk not in rights.partnerships(*CAN_OWN):
        raise ValidationError(
            {
                "successor": gettext(
                    "{successor} has no role in this partnership that can own actions. Choose someone "
                    "who can own {all_actions}."
                ).format(successor=successor, all_actions=_refs(workload.all_actions()))
            }
        )
    supporting: dict[int, set[int]] = {}
    links = Action.supporting.through._default_manager.filter(action__in=workload.all_actions())
    for action_id, organisation_id in links.values_list("action", "organisation"):
        supporting.setdefault(action_id, set()).add(organisation_id)
    inaccessible = [
        action
        for action in workload.all_actions()
        if not policies.may_see(rights, action, supporting.get(action.pk, set()))
    ]
    if inaccessible:
        raise ValidationError(
            {
                "successor": gettext(
                    "{successor} does not have access to {inaccessible}. Choose someone who does."
                ).format(successor=successor, inaccessible=_refs(inaccessible))
            }
        )


# Owners who left ---------------------------------------------------------------------------------------------


def owner_departure(*, action: Action, on: date) -> str:
    """Return how the owner of an open action left, without a full stop; empty while they are in post.

    This is the object rule of `ActionQuerySet.orphaned`.
    """
    owner = action.owner
    if owner is None or not action.is_open:
        return ""
    if action.partnership_id in rights_of(owner, on).partnerships(*CAN_OWN):
        return ""
    return next(iter(departures(actions=[action], on=on).values()))


def departures(*, actions: Iterable[Action], on: date) -> dict[tuple[int, int], str]:
    """Return how the owner of each orphaned action left, by (partnership, user), in one query."""
    owners = {(action.partnership_id, owner.pk): owner for action in actions if (owner := action.owner)}
    past = (
        Membership.objects.filter(
            user__in={user_id for _, user_id in owners}, role__in=CAN_OWN, ends_on__lt=on
        )
        .order_by()
        .values_list("partnership", "user")
        .annotate(last=Max("ends_on"))
    )
    last = {(partnership_id, user_id): day for partnership_id, user_id, day in past}
    return {key: _departure(owner, last.get(key)) for key, owner in owners.items()}


def _departure(user: User, left_on: date | None) -> str:
    if not user.is_active:
        return gettext("The account of {user} is closed").format(user=user)
    if left_on is not None:
        return gettext("{user} left on {left_on}").format(user=user, left_on=day_text(left_on))
    return gettext("{user} has no role here that can own an action").format(user=user)


# -------------------------------------------------------------------------------------------------------------


def _requests_of(
    model: type[DateChange] | type[ClosureProposal],
    user: User | OuterRef,
    actor: Actor,
    partnership: Partnership,
    on: date,
) -> QuerySet[Any]:
    """Return the user's open requests: those they made and nobody took over, and those they took over."""
    own = Q(taken_over_by=user) | Q(taken_over_by=None, requested_by=user)
    return model.objects.visible_to(actor, on).open().filter(own, action__partnership=partnership)


def _take_over(actor: Actor, request: Request, successor: User, ledger: Ledger, at: datetime) -> None:
    before = state_of(request)
    request.taken_over_by = None if request.requested_by_id == successor.pk else successor
    request.save(update_fields=["taken_over_by"])
    append(actor=actor, ledger=ledger, at=at, verb="request.handed_over", target=request, before=before)


def _replace(action: Action, outgoing: User, successor: User) -> None:
    if action.owner_id == outgoing.pk:
        action.owner = successor
        action.alternate = None if action.alternate_id == successor.pk else action.alternate
    else:
        action.alternate = None if action.owner_id == successor.pk else successor


def _refs(actions: Iterable[Action]) -> str:
    return ", ".join(action.ref for action in actions)
