"""The answer to a request for information: funding by year, numbers trained and the plan, row by row with its decision.

Records without a publication decision are only counted. A withheld record shows its exemption and the harm. A part without
records is "not held". Illustrative records are left out, because the partnership does not hold that information.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions.core.models import Action
from programme.funding.models import FundingDecision, Grant, StatedTotal
from programme.records.models import Record
from programme.training.models import ChampionsCount, Completion, TrainingEvent
from standards.quantities import Qualifier, Quantity
from standards.small_numbers import CONFIDENTIAL, LARGEST_SMALL, published

Publication = Action.Publication
NOT_HELD = "Not held"


@dataclass(frozen=True)
class AnswerLine:
    """One line of the answer; what is withheld or awaits a decision has no source."""

    part: str
    item: str
    answer: str
    source: str = ""
    as_at: date | None = None
    decision: str = ""


def answer(*, user: Any, on: date) -> list[AnswerLine]:
    """Return every line, part by part."""
    funding = _facts(FundingDecision, user, on, "round", "organisation")
    totals, grants = _facts(StatedTotal, user, on, "fund"), _facts(Grant, user, on, "fund")
    events = [row for row in _facts(TrainingEvent, user, on) if row.state == TrainingEvent.State.HELD]
    completions = _facts(Completion, user, on, "programme", "organisation")
    champions = _facts(ChampionsCount, user, on, "organisation")
    return [
        *_part("Funding by year", funding, lambda row: (str(row), _funded(row))),
        *_part("Grants", grants, lambda row: (f"{row.title}, {row.recipient}", f"£{row.amount:,.2f}")),
        *_part("Grants: stated totals", totals, lambda row: (str(row.fund), f"£{row.amount:,.2f}")),
        *_part(
            "People who attended training", events, lambda row: (str(row), _people(row.quantity("attended")))
        ),
        *_counts("People who completed training", completions, "completed", lambda row: str(row.programme)),
        *_counts("Prevent Champions", champions, "people", lambda row: row.get_level_display()),
        *_plan(user, on),
    ]


def _facts(model: Any, user: Any, on: date, *joined: str) -> list[Any]:
    rows = model.objects.visible_to(user, on).current().exclude(basis=Record.Basis.ILLUSTRATIVE)
    return list(rows.select_related(*joined))


def _funded(row: FundingDecision) -> str:
    words = row.get_status_display()
    return f"{words}, £{row.amount:,.2f}" if row.amount else words


def _people(quantity: Quantity) -> str:
    small = quantity.value is not None and 0 < quantity.value <= LARGEST_SMALL
    return CONFIDENTIAL if small else str(quantity)


def _part(name: str, rows: Sequence[Any], words: Any) -> Iterator[AnswerLine]:
    for row in _open(rows):
        item, text = words(row)
        yield AnswerLine(name, item, text, row.source, row.as_at, "Published")
    yield from _closed(name, rows)


def _counts(name: str, rows: Sequence[Any], field: str, group: Any) -> Iterator[AnswerLine]:
    """Tell counts of people by organisation with their total, without the small ones."""
    groups: dict[str, list[Any]] = {}
    for row in _open(rows):
        groups.setdefault(group(row), []).append(row)
    for label, members in groups.items():
        exact = [row for row in members if row.quantity(field).qualifier == Qualifier.EXACTLY]
        cells = published([int(getattr(row, field)) for row in exact])
        for row, cell in zip(exact, cells, strict=False):
            yield AnswerLine(name, f"{label}: {row.organisation}", cell, row.source, row.as_at, "Published")
        for row in members:
            if row not in exact:
                text = _people(row.quantity(field))
                yield AnswerLine(
                    name, f"{label}: {row.organisation}", text, row.source, row.as_at, "Published"
                )
        if len(exact) > 1:
            yield AnswerLine(name, f"{label}: total of exact numbers", cells[-1])
    yield from _closed(name, rows)


def _plan(user: Any, on: date) -> Iterator[AnswerLine]:
    name = "The plan"
    actions = list(Action.objects.visible_to(user, on).select_related("plan").order_by("plan", "ref"))
    for action in _open(actions):
        yield AnswerLine(
            name,
            f"{action.ref} {action.title}",
            action.get_state_display(),
            str(action.plan),
            on,
            "Published",
        )
    yield from _closed(name, actions)


def _open(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.publication == Publication.PUBLISH]


def _closed(name: str, rows: Sequence[Any]) -> Iterator[AnswerLine]:
    """Say what is withheld and why, how much awaits a decision, and what is not held at all."""
    withheld: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.publication == Publication.WITHHOLD:
            key = (row.get_exemption_display(), getattr(row, "withheld_reason", ""))
            withheld[key] = withheld.get(key, 0) + 1
    for (exemption, reason), number in withheld.items():
        yield AnswerLine(name, f"{number} withheld", reason or "Withheld", decision=exemption)
    waiting = sum(row.publication == Publication.UNDECIDED for row in rows)
    if waiting:
        yield AnswerLine(
            name, f"{waiting} not decided", "Decide on publication before you answer", decision="Not decided"
        )
    if not rows:
        yield AnswerLine(name, "", NOT_HELD)
