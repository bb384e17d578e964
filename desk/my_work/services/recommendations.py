"""Findings that need a response, an action to answer them, or a review of their closure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from actions.models import Action
from audit.actors import Actor
from desk.tasks.subjects import of_recommendation
from desk.tasks.task import DECIDE, DUE_SOON, OVERDUE, Task
from inspections.core import policies
from inspections.core.states import REGISTER_CLOSED, State
from inspections.findings.models.recommendations import without_live_action
from inspections.models import ActionLink, OwnStatus, Recommendation, RegisterStatus
from partners.policies import Rights, Role

if TYPE_CHECKING:
    from django.db.models import QuerySet

# How long before its deadline a finding without a live action is listed.
AHEAD = timedelta(days=28)
STATE, LINK, JUDGE = (
    f"inspections:{name}" for name in ("recommendation-state", "link-add", "recommendation-judge")
)


def candidates(*, rights: Rights, on: date) -> "QuerySet[Any]":
    audited = rights.partnerships(Role.AUDITOR)
    rule = Q(inspection__partnership__in=audited, state__in=[State.PROPOSED, State.IMPLEMENTED])
    if managed := rights.partnerships(Role.PROGRAMME_MANAGER):
        closed = RegisterStatus.objects.filter(recommendation=OuterRef("pk"), state__in=REGISTER_CLOSED)
        pressing = Q(due__lte=on + AHEAD) & without_live_action()
        closable = Q(Exists(closed), state__in=[State.IN_PROGRESS, State.REOPENED])
        rule |= Q(inspection__partnership__in=managed) & (Q(state=State.REGISTERED) | pressing | closable)
    return Recommendation.objects.filter(rule)


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    visible = Recommendation.objects.visible_to(actor, on).select_related("inspection")
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    if managed:
        yield from _to_manage(visible.filter(inspection__partnership__in=managed), on)
    audited = rights.partnerships(Role.AUDITOR)
    if audited:
        yield from _to_review(visible.filter(inspection__partnership__in=audited), rights)


def _to_manage(rows: Any, on: date) -> Iterator[Task]:
    """Yield what a programme manager responds to, links an action to, or proposes for closure."""
    for row in rows.filter(state=State.REGISTERED):
        reason = gettext("It has not been accepted or rejected yet")
        yield Task(
            of_recommendation(row),
            gettext("Respond to"),
            reason,
            STATE,
            DECIDE,
            row.due,
            dated=gettext("Finding due"),
        )
    pressing = rows.without_live_action().exclude(state=State.REGISTERED).filter(due__lte=on + AHEAD)
    for row in pressing:
        late = row.due < on
        reason = (
            gettext("No live action answers it, and its deadline has passed")
            if late
            else gettext("No live action answers it, and its deadline is near")
        )
        urgency = OVERDUE if late else DUE_SOON
        yield Task(
            of_recommendation(row),
            gettext("Link an action to"),
            reason,
            LINK,
            urgency,
            row.due,
            dated=gettext("Finding due"),
        )
    ahead = rows.closable().with_register().filter(register_state__in=REGISTER_CLOSED)
    for row in ahead:
        reason = gettext("The register shows it as closed, and every action that answers it is complete")
        yield Task(
            of_recommendation(row),
            gettext("Propose closure of"),
            reason,
            STATE,
            DECIDE,
            row.due,
            dated=gettext("Finding due"),
        )


def _to_review(rows: Any, rights: Rights) -> Iterator[Task]:
    """Yield what the actor may review as an auditor, and nothing that only somebody else may."""
    questioned = set(rows.in_question().values_list("pk", flat=True))
    waiting = list(rows.filter(Q(state=State.PROPOSED) | Q(pk__in=questioned)))
    actions, proposers = _actions_of(waiting), _proposers_of(waiting)
    for row in waiting:
        if policies.why_not_judge(rights, row, actions[row.pk], proposers.get(row.pk)):
            continue
        verb, reason = gettext("Review the closure of"), gettext("Its closure has been proposed")
        if row.pk in questioned:
            reason = gettext("Its closure has been proposed, but an action that answers it is open again")
        if row.state != State.PROPOSED:
            verb, reason = (
                gettext("Review again"),
                gettext("It was closed, but an action that answers it is open again"),
            )
        yield Task(of_recommendation(row), verb, reason, JUDGE, DECIDE, row.due, dated=gettext("Finding due"))


def _actions_of(rows: Sequence[Recommendation]) -> dict[int, list[Action]]:
    """Return the actions that answer each finding; those of its recommendations count for a cause of concern."""
    actions: dict[int, list[Action]] = defaultdict(list)
    links = ActionLink.objects.filter(Q(recommendation__in=rows) | Q(recommendation__cause__in=rows))
    for link in links.select_related("action", "recommendation").order_by("pk"):
        actions[link.recommendation_id].append(link.action)
        if link.recommendation.cause_id is not None:
            actions[link.recommendation.cause_id].append(link.action)
    return actions


def _proposers_of(rows: Sequence[Recommendation]) -> dict[int, int]:
    waiting = [row.pk for row in rows if row.state == State.PROPOSED]
    proposals = OwnStatus.objects.filter(recommendation__in=waiting, state=State.PROPOSED)
    return dict(proposals.order_by("pk").values_list("recommendation", "set_by"))
