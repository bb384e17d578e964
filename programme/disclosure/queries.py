"""The answer to a request for information: funding by year, numbers trained and the plan, part by part.

Each part is disclosed, withheld with its exemption, harm and public interest, or not held. Records without a publication
decision are only counted. Illustrative records are left out, because the partnership does not hold that information.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext, gettext_lazy

from actions.core.models import Action
from actions.disclosure.services import reasons_to_withhold
from audit.actors import Reader
from programme.funding.models import FundingDecision, Grant, StatedTotal
from programme.records.models import Record
from programme.training.models import ChampionsCount, Completion, TrainingEvent
from standards.quantities import Qualifier, Quantity
from standards.small_numbers import CONFIDENTIAL, LARGEST_SMALL, published
from web.language import day_text
from web.wording import quantity_text

Publication = Action.Publication


class Decision(TextChoices):
    """What the answer says of a line."""

    DISCLOSED = "disclosed", gettext_lazy("Disclosed")
    WITHHELD = "withheld", gettext_lazy("Withheld")
    NOT_HELD = "not_held", gettext_lazy("Not held")
    UNDECIDED = "undecided", gettext_lazy("Not decided")


@dataclass(frozen=True)
class Refusal:
    """Why records are withheld; the public interest is empty where the exemption does not ask for it."""

    exemption: str
    harm: str
    public_interest: str


@dataclass(frozen=True)
class AnswerLine:
    """One line of the answer; only what is disclosed has a source, and only what is withheld a refusal.

    Attributes:
        rows: the records or actions that the line is about; the answer that is sent leaves them out.
    """

    part: str
    item: str
    answer: str
    decision: Decision
    source: str = ""
    as_at: date | None = None
    refusal: Refusal | None = None
    rows: tuple[Any, ...] = ()


def answer(*, user: Reader, on: date) -> list[AnswerLine]:
    """Return every line, part by part."""
    funding = _facts(FundingDecision, user, on, "round", "organisation")
    totals = _facts(StatedTotal, user, on, "fund")
    grants = [row for row in _facts(Grant, user, on, "fund") if row.state in Grant.GRANTED]
    events = [row for row in _facts(TrainingEvent, user, on) if row.state == TrainingEvent.State.HELD]
    completions = _facts(Completion, user, on, "programme", "organisation")
    champions = _facts(ChampionsCount, user, on, "organisation")
    return [
        *_part(gettext("Funding by year"), funding, lambda row: (str(row), _funded(row))),
        *_part(
            gettext("Grants"), grants, lambda row: (f"{row.title}, {row.recipient}", f"£{row.amount:,.2f}")
        ),
        *_part(gettext("Grants: stated totals"), totals, lambda row: (str(row.fund), _stated(row))),
        *_part(
            gettext("Numbers trained: attended"),
            events,
            lambda row: (str(row), _people(row.quantity("attended"))),
        ),
        *_counts(gettext("Numbers trained: completed"), completions, "completed", _programme_in_period),
        *_counts(gettext("Numbers trained: Champions"), champions, "people", _level_on_day),
        *_plan(user, on),
    ]


def _facts(model: Any, user: Reader, on: date, *joined: str) -> list[Any]:
    rows = model.objects.visible_to(user, on).current().exclude(basis=Record.Basis.ILLUSTRATIVE)
    return list(rows.select_related(*joined))


def _funded(row: FundingDecision) -> str:
    words = row.get_status_display()
    return f"{words}, £{row.amount:,.2f}" if row.amount else words


def _programme_in_period(row: Completion) -> str:
    """Periods are not added up: a person may be counted in each."""
    return gettext("{programme}, {period_from} to {period_to}").format(
        programme=row.programme, period_from=day_text(row.period_from), period_to=day_text(row.period_to)
    )


def _level_on_day(row: ChampionsCount) -> str:
    return f"{row.get_level_display()}, {day_text(row.as_at)}"


def _stated(row: StatedTotal) -> str:
    number = (
        gettext(" to {value} projects").format(value=quantity_text(row.quantity("number")))
        if row.number
        else ""
    )
    since = gettext(" since {since}").format(since=row.since) if row.since else ""
    return f"£{row.amount:,.2f}{number}{since}"


def _people(quantity: Quantity) -> str:
    small = quantity.value is not None and 0 < quantity.value <= LARGEST_SMALL
    return CONFIDENTIAL if small else quantity_text(quantity)


def _disclosed(part: str, item: str, text: str, row: Record | None = None) -> AnswerLine:
    line = AnswerLine(part, item, text, Decision.DISCLOSED)
    return replace(line, source=row.source, as_at=row.as_at, rows=(row,)) if row else line


def _part(name: str, rows: Sequence[Any], words: Any) -> Iterator[AnswerLine]:
    for row in _open(rows):
        item, text = words(row)
        yield _disclosed(name, item, text, row)
    yield from _closed(name, rows, {row.pk: _refusal(row) for row in rows})


def _counts(name: str, rows: Sequence[Any], field: str, group: Any) -> Iterator[AnswerLine]:
    """Tell counts of people by organisation with their total, without the small ones."""
    groups: dict[str, list[Any]] = {}
    for row in _open(rows):
        groups.setdefault(group(row), []).append(row)
    for label, members in groups.items():
        exact = [row for row in members if row.quantity(field).qualifier == Qualifier.EXACTLY]
        cells = published([int(getattr(row, field)) for row in exact])
        for row, cell in zip(exact, cells, strict=False):
            yield _disclosed(name, f"{label}: {row.organisation}", cell, row)
        for row in members:
            if row not in exact:
                yield _disclosed(name, f"{label}: {row.organisation}", _people(row.quantity(field)), row)
        if len(exact) > 1:
            yield _disclosed(name, gettext("{label}: total of exact numbers").format(label=label), cells[-1])
    yield from _closed(name, rows, {row.pk: _refusal(row) for row in rows})


def _plan(user: Reader, on: date) -> Iterator[AnswerLine]:
    name = gettext("The plan")
    actions = list(Action.objects.visible_to(user, on).select_related("plan").order_by("plan", "ref"))
    for action in _open(actions):
        item = f"{action.ref} {action.title}"
        state = action.get_state_display()
        yield AnswerLine(name, item, state, Decision.DISCLOSED, str(action.plan), on, rows=(action,))
    withheld = [action for action in actions if action.publication == Publication.WITHHOLD]
    reasons = reasons_to_withhold(actions=withheld)
    refusals = {
        action.pk: Refusal(action.get_exemption_display(), reasons.get(action.pk, ""), "")
        for action in withheld
    }
    yield from _closed(name, actions, refusals)


def _refusal(row: Record) -> Refusal:
    return Refusal(row.get_exemption_display(), row.withheld_reason, row.public_interest)


def _open(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.publication == Publication.PUBLISH]


def _closed(name: str, rows: Sequence[Any], refusals: Mapping[int, Refusal]) -> Iterator[AnswerLine]:
    """Say what is withheld and why, how much awaits a decision, and what is not held at all."""
    withheld: dict[Refusal, list[Any]] = {}
    for row in rows:
        if row.publication == Publication.WITHHOLD:
            withheld.setdefault(refusals[row.pk], []).append(row)
    for refusal, members in withheld.items():
        item = gettext("{number} withheld").format(number=len(members))
        yield AnswerLine(
            name, item, gettext("Withheld"), Decision.WITHHELD, refusal=refusal, rows=tuple(members)
        )
    waiting = tuple(row for row in rows if row.publication == Publication.UNDECIDED)
    if waiting:
        words = gettext("Decide on publication before you answer")
        yield AnswerLine(
            name,
            gettext("{number} not decided").format(number=len(waiting)),
            words,
            Decision.UNDECIDED,
            rows=waiting,
        )
    if not rows:
        yield AnswerLine(name, "", gettext("Not held"), Decision.NOT_HELD)
