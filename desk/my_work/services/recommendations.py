"""Findings that wait: for an answer, for an action that answers them, for an auditor's judgement."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from actions.models import Action
from desk.tasks.tasks import DECIDE, DUE_SOON, OVERDUE, OnFinding
from inspections.core import policies
from inspections.core.states import REGISTER_CLOSED, State
from inspections.models import ActionLink, OwnStatus, Recommendation
from partners.policies import Rights, Role

# How long before its deadline a finding without a live action is told.
AHEAD = timedelta(days=28)
STATE, LINK, JUDGE = (
    f"inspections:{name}" for name in ("recommendation-state", "link-add", "recommendation-judge")
)


def tasks(*, actor: Any, rights: Rights, on: date) -> Iterator[OnFinding]:
    seen = Recommendation.objects.visible_to(actor, on).select_related("inspection")
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    if managed:
        yield from _to_keep(seen.filter(inspection__partnership__in=managed), on)
    audited = rights.partnerships(Role.AUDITOR)
    if audited:
        yield from _to_judge(seen.filter(inspection__partnership__in=audited), rights)


def _to_keep(rows: Any, on: date) -> Iterator[OnFinding]:
    """What a programme manager answers, finds an action for, or proposes for closure."""
    for row in rows.filter(state=State.REGISTERED):
        yield OnFinding(row, "Answer", "Nobody has said whether it is accepted", STATE, DECIDE, row.due)
    pressing = rows.without_live_action().exclude(state=State.REGISTERED).filter(due__lte=on + AHEAD)
    for row in pressing:
        late = row.due < on
        reason = f"No live action answers it, and its deadline {'has passed' if late else 'is near'}"
        yield OnFinding(row, "Link an action to", reason, LINK, OVERDUE if late else DUE_SOON, row.due)
    ahead = rows.closable().with_register().filter(register_state__in=REGISTER_CLOSED)
    for row in ahead:
        reason = "The register counts it as closed, and every action that answers it is complete"
        yield OnFinding(row, "Propose closure of", reason, STATE, DECIDE, row.due)


def _to_judge(rows: Any, rights: Rights) -> Iterator[OnFinding]:
    """What an auditor may judge; what somebody else has to judge is left out."""
    questioned = set(rows.in_question().values_list("pk", flat=True))
    waiting = list(rows.filter(Q(state=State.PROPOSED) | Q(pk__in=questioned)))
    actions, proposers = _actions_of(waiting), _proposers_of(waiting)
    for row in waiting:
        if policies.why_not_judge(rights, row, actions[row.pk], proposers.get(row.pk)):
            continue
        wanted, reason = "Judge", "It is proposed for closure"
        if row.pk in questioned:
            reason = "It is proposed for closure, and an action that answers it is open again"
        if row.state != State.PROPOSED:
            wanted, reason = "Look again at", "It was closed, and an action that answers it is open again"
        yield OnFinding(row, wanted, reason, JUDGE, DECIDE, row.due)


def _actions_of(rows: Sequence[Recommendation]) -> dict[int, list[Action]]:
    """Return the actions that answer each finding: a cause of concern through what stands under it too."""
    found: dict[int, list[Action]] = defaultdict(list)
    links = ActionLink.objects.filter(Q(recommendation__in=rows) | Q(recommendation__cause__in=rows))
    for link in links.select_related("action", "recommendation").order_by("pk"):
        found[link.recommendation_id].append(link.action)
        if link.recommendation.cause_id is not None:
            found[link.recommendation.cause_id].append(link.action)
    return found


def _proposers_of(rows: Sequence[Recommendation]) -> dict[int, int]:
    waiting = [row.pk for row in rows if row.state == State.PROPOSED]
    proposals = OwnStatus.objects.filter(recommendation__in=waiting, state=State.PROPOSED)
    return dict(proposals.order_by("pk").values_list("recommendation", "set_by"))
