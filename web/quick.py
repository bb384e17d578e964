"""Quick filters above a list: what people ask for most, with the number of rows that each shows, and the list's default."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.http import urlencode

# Set when the reader has left the list's own filters, so that no filter at all means every row.
OWN = "default"
NO_DEFAULT = {OWN: "no"}
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class QuickFilter:
    """One link: its words, the number of rows, their address, and whether the list shows them now."""

    label: str
    number: int
    href: str
    is_current: bool


@dataclass(frozen=True)
class Question:
    """What a link asks, as parameters of the list and as a condition on its rows. Without parameters it is every row."""

    label: str
    pairs: Pairs
    condition: Q


def filled(query: QueryDict, asked: Pairs, default: Pairs) -> QueryDict:
    """Return the query with the list's own filters if it has none of any kind.

    Args:
        asked: the parameters of the query that filter the list.
    """
    if OWN in query or asked or not default:
        return query
    copy = query.copy()
    copy[OWN] = NO_DEFAULT[OWN]
    for name, value in default:
        copy[name] = value
    return copy


def links(
    *, rows: Any, questions: Sequence[Question], asked: Pairs, default: Pairs, address: str
) -> list[QuickFilter]:
    """Return the links, with all their numbers from one query.

    Args:
        rows: all rows that the user can see.
        asked: the parameters that filter the list now.
        address: of the list.
    """
    counts = {f"quick_{place}": Count("pk", filter=each.condition) for place, each in enumerate(questions)}
    numbers = rows.order_by().aggregate(**counts)
    return [
        QuickFilter(
            each.label,
            numbers[f"quick_{place}"],
            f"{address}{_parameters(each.pairs, default)}",
            set(asked) == set(each.pairs),
        )
        for place, each in enumerate(questions)
    ]


def _parameters(pairs: Pairs, default: Pairs) -> str:
    return "" if pairs == default else f"?{urlencode(pairs or NO_DEFAULT)}"
