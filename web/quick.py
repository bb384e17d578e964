"""Quick filters above a list: what people ask for most, with the number of rows that each shows, and the list's default."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy

from web.filters import chosen
from web.forms import GovukForm
from web.pages import INVALID

# Set when the reader has left the list's own filters, so that no filter at all means every row.
OWN = "default"
NO_DEFAULT = {OWN: "no"}
SHOW = "show"
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


@dataclass(frozen=True)
class QuickList:
    """A list with quick filters, as its view and its template read it.

    Attributes:
        query: the query string, with the list's own filters where it has none of any kind.
        default: the list's own filters.
        everything: the address of every row.
    """

    query: QueryDict
    links: list[QuickFilter]
    default: Pairs
    everything: str

    @property
    def is_empty(self) -> bool:
        """Whether the user sees no row at all: the last link opens every row."""
        return not self.links[-1].number

    def context(self, form: Any, keep: Pairs = ()) -> dict[str, Any]:
        """Return what components/quick_filters.html and the tag `filter_panel` read.

        Args:
            form: the filters, checked.
            keep: parameters that are no filters, such as the order.
        """
        selected = chosen(form, self.query)
        return {
            "form": form,
            "quick": self.links,
            # A quick filter says by itself what is selected.
            "chosen": [] if any(link.is_current for link in self.links) else selected,
            # Where there is no row at all, no filter is to blame.
            "narrowed": bool(selected) and not self.is_empty,
            "everything": self.everything,
            "keep": [*(NO_DEFAULT.items() if self.default else ()), *keep],
        }


def quick_list(
    query: QueryDict,
    *,
    rows: Any,
    questions: Sequence[Question],
    asked: Callable[[QueryDict], Pairs],
    address: str,
    default: Pairs = (),
    part: str = "",
) -> QuickList:
    """Return the list that a query string asks for, with the numbers of all its links from one query.

    Args:
        rows: all rows that the user can see.
        questions: what the links ask; the last is every row.
        asked: returns the parameters of a query string that filter the list.
        address: of the list, which may have parameters that are no filters.
        part: the id of the list on its page, if it is far down.
    """
    query = _filled(query, asked(query), default)
    counts = {f"quick_{place}": Count("pk", filter=each.condition) for place, each in enumerate(questions)}
    numbers = rows.order_by().aggregate(**counts)
    current = set(asked(query))
    links = [
        QuickFilter(
            each.label,
            numbers[f"quick_{place}"],
            _address(address, each.pairs, default) + (part and f"#{part}"),
            current == set(each.pairs),
        )
        for place, each in enumerate(questions)
    ]
    return QuickList(query, links, default, _address(address, (), default))


@dataclass(frozen=True)
class RowGroup:
    """Rows that a list shows alone: the value of its parameter `show`, the words of its link, and a condition."""

    value: str
    label: str
    condition: Q


class GroupForm(GovukForm):
    """The filter of a list by groups of its rows. A list with more filters adds their fields and conditions."""

    mark_optional = False

    show = forms.ChoiceField(label=gettext_lazy("Show"), required=False)

    def __init__(self, *args: Any, groups: Sequence[RowGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conditions = {group.value: group.condition for group in groups}
        labels = [(group.value, group.label) for group in groups]
        self.fields["show"].choices = [("", gettext("Any")), *labels]  # type: ignore[attr-defined]

    def condition(self) -> Q:
        """Return the filters of a valid form as one condition."""
        return self.conditions.get(self.cleaned_data["show"], Q())


class SearchForm(GroupForm):
    """The filter of a list with groups and a search."""

    q = forms.CharField(label=gettext_lazy("Search"), max_length=100, required=False)


@dataclass(frozen=True)
class GroupedList:
    """The rows that the filters of a list leave (none where a filter is wrong), and what its template reads."""

    rows: Any
    form: GroupForm
    context: dict[str, Any]
    query: QueryDict

    @property
    def search(self) -> str:
        """What was typed into the search of a `SearchForm`."""
        return str(self.form.cleaned_data.get("q", ""))

    @property
    def status(self) -> int:
        return INVALID if self.form.errors else 200


def grouped_list(
    query: QueryDict,
    *,
    rows: Any,
    groups: Sequence[RowGroup],
    address: str,
    default: str = "",
    part: str = "",
    form_type: type[GroupForm] = GroupForm,
    **choices: Any,
) -> GroupedList:
    """Narrow rows by a query string, with a quick filter for each group and one for every row.

    Args:
        rows: all rows that the user can see.
        default: the value of the group that the list shows first; without one, every row.
        choices: further arguments of the form.
    """
    questions = [Question(group.label, ((SHOW, group.value),), group.condition) for group in groups]
    quick = quick_list(
        query,
        rows=rows,
        questions=[*questions, Question(gettext("All"), (), Q())],
        asked=partial(pairs_of, form_type),
        address=address,
        default=((SHOW, default),) if default else (),
        part=part,
    )
    form = form_type(quick.query, groups=groups, **choices)
    narrowed = rows.filter(form.condition()) if form.is_valid() else rows.none()
    return GroupedList(narrowed, form, quick.context(form), quick.query)


def pairs_of(filters: Any, query: QueryDict) -> Pairs:
    """Return the parameters of a query string that are fields of a form, or filters of a filter set."""
    names = filters.base_filters if hasattr(filters, "base_filters") else filters.base_fields
    return tuple((name, query[name]) for name in names if query.get(name))


def query_text(query: QueryDict) -> str:
    """Return the query string that asks for the same rows, without a page: that of the list as a file."""
    return urlencode([(name, value) for name, values in query.lists() if name != "page" for value in values])


def _filled(query: QueryDict, asked: Pairs, default: Pairs) -> QueryDict:
    if OWN in query or asked or not default:
        return query
    copy = query.copy()
    copy[OWN] = NO_DEFAULT[OWN]
    for name, value in default:
        copy[name] = value
    return copy


def _address(address: str, pairs: Pairs, default: Pairs) -> str:
    if tuple(pairs) == tuple(default):
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode(pairs or NO_DEFAULT)}"
