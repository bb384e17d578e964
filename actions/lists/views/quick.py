"""The quick filters above the action list: what people ask for most, with the number of rows that each would show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from actions.core.filters import ME
from actions.core.models import Action
from actions.core.querysets import overdue_on
from actions.core.states import OPEN, State
from actions.lists.filters import LIVE, filter_pairs
from audit.actors import Reader
from partners.models import Area
from partners.policies import CAN_OWN, Rights, Role, rights_of
from standards.rag import Rag

# Set when the reader has left the list's own filters, so that no filter at all means every action.
OWN = "default"
NO_DEFAULT = {OWN: "no"}
Pairs = Sequence[tuple[str, str]]
LIVE_PLANS = ("plan", LIVE)
ALL_OPEN = ("state", "open")
DEFAULT: Pairs = (LIVE_PLANS, ALL_OPEN)


@dataclass(frozen=True)
class QuickFilter:
    """One link: its words, the number of rows, their address, and whether the list shows them now."""

    label: str
    number: int
    href: str
    is_current: bool


@dataclass(frozen=True)
class _Question:
    label: str
    pairs: Pairs
    condition: Q


def with_default(query: QueryDict) -> QueryDict:
    """Return the query with the list's own filters (open actions of live plans) if it has none of any kind."""
    if OWN in query or [name for name, _ in filter_pairs(query) if name != "sort"]:
        return query
    filled = query.copy()
    filled[OWN] = NO_DEFAULT[OWN]
    for name, value in DEFAULT:
        filled[name] = value
    return filled


def quick_filters(user: Reader, query: QueryDict, on: date) -> list[QuickFilter]:
    """Return the links for this user, with all their numbers from one query."""
    questions = _questions(rights_of(user, on), on)
    counts = {str(place): Count("pk", filter=asked.condition) for place, asked in enumerate(questions)}
    numbers = Action.objects.visible_to(user, on).aggregate(**counts)
    shown = {(name, value) for name, value in filter_pairs(query) if name != "sort"}
    return [
        QuickFilter(
            asked.label,
            numbers[str(place)],
            f"{reverse('actions:action-list')}{_parameters(asked.pairs)}",
            shown == set(asked.pairs),
        )
        for place, asked in enumerate(questions)
    ]


def _parameters(pairs: Pairs) -> str:
    if pairs == DEFAULT:
        return ""
    return "?" + urlencode(pairs or NO_DEFAULT)


def _questions(rights: Rights, on: date) -> list[_Question]:
    live, is_open = Q(plan__state=LIVE), Q(state__in=OPEN)
    questions = [_Question("Open", DEFAULT, live & is_open)]
    if rights.partnerships(*CAN_OWN):
        mine = Q(owner=rights.user_id) | Q(alternate=rights.user_id)
        questions.append(_Question("Mine", (*DEFAULT, ("owner", ME)), live & is_open & mine))
    if own := rights.organisations(Role.SPOC):
        for area in Area.objects.filter(organisations__in=own).distinct():
            pairs = (*DEFAULT, ("area", str(area.pk)))
            questions.append(_Question(area.name, pairs, live & is_open & Q(area=area)))
    behind = [Rag.RED.value, Rag.AMBER.value]
    rated = tuple(("rag", value) for value in behind)
    questions += [
        _Question("Late", (LIVE_PLANS, ("overdue", "yes")), live & overdue_on(on)),
        _Question("Red and amber", (*DEFAULT, *rated), live & is_open & Q(rag__in=behind)),
        _Question("Waiting", (LIVE_PLANS, ("waiting", "yes")), live & Q(waiting_since__isnull=False)),
    ]
    if rights.partnerships(Role.PROGRAMME_MANAGER):
        state = State.AWAITING_ALLOCATION
        pairs = (LIVE_PLANS, ("state", state.value))
        questions.append(_Question("Not allocated", pairs, live & Q(state=state)))
    return [*questions, _Question("All", (), Q())]
