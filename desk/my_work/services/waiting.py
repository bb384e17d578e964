"""What a person sent off and others have not settled yet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from actions.assurance.services import with_submission
from actions.core.states import State
from actions.models import Action, ClosureProposal, DateChange, Dependency, Plan, Question, UpdateRequest
from audit.actors import Actor, account_of
from audit.clock import london_date
from desk.my_work.services.candidates import Candidates, with_candidates
from inspections.core.states import State as FindingState
from inspections.models import OwnStatus, Recommendation
from partners.policies import Rights, rights_of
from web.language import day_text, lazy_text

DECIDERS = {
    DateChange.Level.MANAGER: lazy_text("the programme manager"),
    DateChange.Level.BOARD: lazy_text("the board"),
}


@dataclass(frozen=True)
class Waiting:
    """Something that waits for somebody else.

    Attributes:
        title: what was sent, and about which action or finding.
        whom: who has to answer.
        since: the day it was sent; none where it is not known.
    """

    title: str
    whom: str
    since: date | None
    path: str
    marking: str


def waiting_for_others(*, actor: Actor, on: date) -> list[Waiting]:
    """List what the actor sent off and nobody settled yet, the longest wait first."""
    rights = rights_of(actor, on)
    if not rights.grants:
        return []
    possible = with_candidates(rights=rights, on=on, candidates=LISTS)
    rows = [row for rows_of in LISTS if rows_of in possible for row in rows_of(actor, on)]
    return sorted(rows, key=lambda row: (row.since or on, row.title))


def _due_dates(actor: Actor, on: date) -> Iterator[Waiting]:
    mine = Q(taken_over_by=actor) | Q(taken_over_by=None, requested_by=account_of(actor))
    rows = DateChange.objects.visible_to(actor, on).open().filter(mine).select_related("action").order_by()
    for row in rows:
        title = gettext("New due date of {new_due} for {ref}").format(
            new_due=day_text(row.new_due), ref=row.action.ref
        )
        whom = DECIDERS[DateChange.Level(row.level)]
        yield _of_action(row.action, title, whom, london_date(row.requested_at))


def _closures(actor: Actor, on: date) -> Iterator[Waiting]:
    mine = Q(taken_over_by=actor) | Q(taken_over_by=None, requested_by=account_of(actor))
    rows = (
        ClosureProposal.objects.visible_to(actor, on).open().filter(mine).select_related("action").order_by()
    )
    for row in rows:
        title = gettext("Proposal to {get_kind_display} {ref}").format(
            get_kind_display=row.get_kind_display().lower(), ref=row.action.ref
        )
        yield _of_action(row.action, title, gettext("the board"), london_date(row.requested_at))


def _submitted(actor: Actor, on: date) -> Iterator[Waiting]:
    own = Action.objects.visible_to(actor, on).of_user(actor).filter(state=State.AWAITING_ASSURANCE)
    for action in with_submission(actions=own):
        since = action.submitted_at and london_date(action.submitted_at)
        yield _of_action(
            action,
            gettext("{ref}, submitted for assurance").format(ref=action.ref),
            gettext("an auditor"),
            since,
        )


def _partners(actor: Actor, on: date) -> Iterator[Waiting]:
    mine = Q(action__owner=actor) | Q(action__alternate=actor)
    rows = Dependency.objects.visible_to(actor, on).open().filter(mine).order_by()
    for row in rows.select_related("action", "organisation"):
        title = gettext("What {ref} needs from a partner").format(ref=row.action.ref)
        yield _of_action(row.action, title, str(row.organisation), row.since)


def _updates(actor: Actor, on: date) -> Iterator[Waiting]:
    rows = (
        UpdateRequest.objects.visible_to(actor, on).open().filter(requested_by=account_of(actor)).order_by()
    )
    for row in rows.filter(action__plan__state=Plan.State.LIVE).select_related("action__owner"):
        title = gettext("Update of {ref}").format(ref=row.action.ref)
        yield _of_action(row.action, title, str(row.action.owner), london_date(row.requested_at))


def _questions(actor: Actor, on: date) -> Iterator[Waiting]:
    rows = Question.objects.visible_to(actor, on).open().filter(asked_by=account_of(actor)).order_by()
    for row in rows.select_related("action", "organisation"):
        yield _of_action(
            row.action,
            gettext("Answer on {ref}").format(ref=row.action.ref),
            row.whom,
            london_date(row.asked_at),
        )


def _findings(actor: Actor, on: date) -> Iterator[Waiting]:
    proposed = Recommendation.objects.visible_to(actor, on).filter(state=FindingState.PROPOSED)
    rows = OwnStatus.objects.filter(
        recommendation__in=proposed, state=FindingState.PROPOSED, set_by=actor
    ).select_related("recommendation__inspection")
    latest = {row.recommendation_id: row for row in rows.order_by("pk")}
    for row in latest.values():
        finding = row.recommendation
        path = reverse("inspections:recommendation", args=[finding.pk])
        marking = finding.inspection.marking
        yield Waiting(
            gettext("Closure of {finding}").format(finding=finding),
            gettext("an auditor"),
            london_date(row.set_at),
            path,
            marking,
        )


def _of_action(action: Action, title: str, whom: str, since: date | None) -> Waiting:
    return Waiting(title, whom, since, reverse("actions:action", args=[action.pk]), action.marking)


def _own_requests(rights: Rights) -> Q:
    return Q(requested_by=rights.user_id) | Q(taken_over_by=rights.user_id)


def _of_own_actions(rights: Rights, path: str = "") -> Q:
    return Q(**{f"{path}owner": rights.user_id}) | Q(**{f"{path}alternate": rights.user_id})


def _proposed(*, rights: Rights, on: date) -> "QuerySet[Any]":
    proposed = OwnStatus.objects.filter(state=FindingState.PROPOSED, set_by=rights.user_id)
    return proposed.filter(recommendation__state=FindingState.PROPOSED)


# Each list, and what one query asks first: whether it can have any row.
LISTS: dict[Callable[[Actor, date], Iterator[Waiting]], Candidates] = {
    _due_dates: lambda *, rights, on: DateChange.objects.open().filter(_own_requests(rights)),
    _closures: lambda *, rights, on: ClosureProposal.objects.open().filter(_own_requests(rights)),
    _submitted: lambda *, rights, on: Action.objects.filter(
        _of_own_actions(rights), state=State.AWAITING_ASSURANCE
    ),
    _partners: lambda *, rights, on: Dependency.objects.open().filter(_of_own_actions(rights, "action__")),
    _updates: lambda *, rights, on: UpdateRequest.objects.open().filter(requested_by=rights.user_id),
    _questions: lambda *, rights, on: Question.objects.open().filter(asked_by=rights.user_id),
    _findings: _proposed,
}
