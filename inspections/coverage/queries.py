"""Coverage of findings by actions, and the gaps between them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q

from actions.core.querysets import ActionQuerySet
from actions.core.states import OPEN as OPEN_ACTION
from actions.core.states import State as ActionState
from actions.models import Action
from audit.actors import Reader
from inspections.core.states import CLOSED, OPEN
from inspections.findings.models.recommendations import LIVE_ACTION, ActionLink, LinkQuerySet, Recommendation

# What divides the columns: the name of a pillar, which several plans may share; else an id, or none.
DIVIDES: dict[str, str] = {"pillar": "pillar__name", "district": "area", "organisation": "lead"}
NO_SOURCE, EARLY, LATE = "no_source", "complete_early", "open_late"
GONE = (ActionState.WITHDRAWN, ActionState.SUPERSEDED)


@dataclass
class Coverage:
    """The live actions that answer each finding, inspection, and all of them: sets of ids by column."""

    findings: dict[int, dict[Any, set[int]]] = field(default_factory=dict)
    inspections: dict[int, dict[Any, set[int]]] = field(default_factory=dict)
    every: dict[Any, set[int]] = field(default_factory=dict)

    def add(self, action: int, column: Any, findings: Iterable[int], inspection: int) -> None:
        for finding in findings:
            self.findings.setdefault(finding, {}).setdefault(column, set()).add(action)
        self.inspections.setdefault(inspection, {}).setdefault(column, set()).add(action)
        self.every.setdefault(column, set()).add(action)


class Answer(NamedTuple):
    """A visible finding that an action answers, and the cause of concern above it where there is one.

    Attributes:
        states: of the finding and of its cause, as far as the user may view them.
    """

    finding: int
    cause: int | None
    inspection: int
    states: tuple[str, ...]


class LinkedAction(NamedTuple):
    """An action that answers a finding, or that belongs to a joint action that does.

    Attributes:
        column: what it counts under, of DIVIDES.
    """

    pk: int
    parent: int | None
    by_districts: bool
    state: str
    column: Any


@dataclass(frozen=True)
class Linked:
    """The visible links between findings and actions, read once for every figure of the page."""

    answers: Mapping[int, Sequence[Answer]]
    actions: Sequence[LinkedAction]


def linked(*, user: Reader, on: date, by: str, actions: ActionQuerySet) -> Linked:
    """Read which of these actions answer which visible findings, in at most three queries.

    Args:
        by: a key of DIVIDES.
    """
    rows = list(
        ActionLink.objects.visible_to(user, on)
        .order_by()
        .values_list(
            *("action", "recommendation", "recommendation__state"),
            *("recommendation__cause", "recommendation__inspection"),
        )
    )
    causes = {cause for *_, cause, _ in rows if cause}
    visible = Recommendation.objects.visible_to(user, on).filter(pk__in=causes).order_by()
    states = dict(visible.values_list("pk", "state")) if causes else {}
    answers: dict[int, list[Answer]] = {}
    for action, finding, state, cause, inspection in rows:
        both = (state, states[cause]) if cause in states else (state,)
        answers.setdefault(action, []).append(Answer(finding, cause, inspection, both))
    counted = actions.filter(Q(pk__in=answers) | Q(parent__in=answers)).order_by()
    columns = counted.values_list("pk", "parent", "by_districts", "state", DIVIDES[by])
    return Linked(answers, [LinkedAction(*row) for row in columns])


def covered(*, links: Linked, inspection: int | None) -> Coverage:
    """Count the live actions that answer each finding.

    A cause of concern is answered through the recommendations under it too. An action that districts deliver is
    counted by its parts: they have the dates and the districts.

    Args:
        inspection: the id of the only one that counts; None for all of them.
    """
    coverage = Coverage()
    for action in links.actions:
        if action.state not in LIVE_ACTION:
            continue
        own = () if action.by_districts else links.answers.get(action.pk, ())
        whole = links.answers.get(action.parent, ()) if action.parent else ()
        for answer in (*own, *whole):
            if inspection in (None, answer.inspection):
                findings = {answer.finding, answer.cause} - {None}
                coverage.add(action.pk, action.column, findings, answer.inspection)  # type: ignore[arg-type]
    return coverage


def answering(*, actions: ActionQuerySet, links: LinkQuerySet) -> ActionQuerySet:
    """Keep the live actions that one of the links names; of one that districts deliver, its live parts."""
    linked = links.order_by().values("action")
    return actions.filter(Q(pk__in=linked, by_districts=False) | Q(parent__in=linked), state__in=LIVE_ACTION)


def links_to(*, links: LinkQuerySet, finding: int) -> LinkQuerySet:
    """Keep the links to a finding; of a cause of concern, those to the recommendations under it too."""
    return links.filter(Q(recommendation=finding) | Q(recommendation__cause=finding))


def with_gap(*, user: Reader, on: date, actions: ActionQuerySet, gap: str) -> ActionQuerySet:
    """Keep the actions with a gap, by the findings the user may view.

    Args:
        gap: `no_source`, neither a source nor a finding, withdrawn and superseded ones apart; `complete_early`, while a
            finding that it answers is open; `open_late`, while one is closed. A part that a district delivers has its
            source from the whole, and the joint action counts for its district actions.
    """
    links = ActionLink.objects.visible_to(user, on)
    of_action = links.filter(action=OuterRef("pk"))
    if gap == NO_SOURCE:
        return actions.filter(~Exists(of_action), source="", parent=None).exclude(state__in=GONE)
    theirs, ours = (ActionState.COMPLETE,), OPEN
    if gap == LATE:
        theirs, ours = OPEN_ACTION, CLOSED  # type: ignore[assignment]
    visible = Recommendation.objects.visible_to(user, on).filter(state__in=ours)
    against = of_action.filter(Q(recommendation__in=visible) | Q(recommendation__cause__in=visible))
    return actions.filter(Exists(against), state__in=theirs)


def gaps(*, links: Linked, actions: ActionQuerySet) -> Mapping[str, int]:
    """Count the actions with each gap of `with_gap`, in one query."""
    sourceless = actions.filter(source="", parent=None).exclude(state__in=GONE).exclude(pk__in=links.answers)
    answering = [(action, links.answers[action.pk]) for action in links.actions if action.pk in links.answers]

    def number(states: Collection[str], against: Collection[str]) -> int:
        return sum(
            action.state in states and any(state in against for each in answers for state in each.states)
            for action, answers in answering
        )

    return {
        NO_SOURCE: sourceless.count(),
        EARLY: number((ActionState.COMPLETE,), OPEN),
        LATE: number(OPEN_ACTION, CLOSED),
    }


def answered_by(*, user: Reader, on: date, actions: Collection[Action]) -> dict[int, list[Recommendation]]:
    """Return by their ids the findings that the actions answer, themselves or through their joint action.

    Left out is what the user may not view: a finding, or the joint action.
    """
    named = {action.pk for action in actions} | {action.parent_id for action in actions}
    links = ActionLink.objects.visible_to(user, on).filter(action__in=named - {None})
    answered: dict[int | None, list[Recommendation]] = defaultdict(list)
    for link in links.select_related("recommendation__inspection").order_by("recommendation"):
        answered[link.action_id].append(link.recommendation)
    return {
        action.pk: list(dict.fromkeys((*answered[action.pk], *answered[action.parent_id])))
        for action in actions
    }
