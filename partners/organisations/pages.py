"""The kinds of reference data that have pages in the set-up of a partnership: their fields, columns and words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from partners.organisations.boards import Board
from partners.organisations.models import Area, Organisation
from web.quick import RowGroup


@dataclass(frozen=True)
class ReferenceKind:
    """One kind of reference data.

    Attributes:
        slug: its part of an address.
        fields: what the form asks for.
        columns: what the list shows, by field; the first one links to the row.
        searched: the fields that a search looks in.
        groups: what the list can show alone on a day, and `first` the group that it shows at first.
    """

    slug: str
    model: Any
    singular: str
    plural: str
    article: str
    fields: Sequence[str]
    columns: Sequence[str]
    searched: Sequence[str] = ("name",)
    joined: Sequence[str] = ()
    groups: Callable[[date], Sequence[RowGroup]] = lambda on: ()
    first: str = ""

    @property
    def headings(self) -> list[str]:
        names = [str(self.model._meta.get_field(name).verbose_name) for name in self.columns]
        return [name[:1].upper() + name[1:] for name in names]

    def ordered(self, rows: "QuerySet[Any]", search: str) -> "QuerySet[Any]":
        """Return the rows in which every word of a search occurs, by name."""
        for word in search.split():
            matches = Q()
            for name in self.searched:
                matches |= Q(**{f"{name}__icontains": word})
            rows = rows.filter(matches)
        return rows.distinct().select_related(*self.joined).order_by("name", "pk")

    def texts(self, row: Any) -> list[str]:
        return [_text(row, name) for name in self.columns]


def _text(row: Any, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return "" if value is None else f"{value:%-d %B %Y}" if hasattr(value, "isoformat") else str(value)


def _groups_of_districts(on: date) -> list[RowGroup]:
    served = Area.objects.filter(organisations__isnull=False)
    return [RowGroup("unserved", "Without an organisation", ~Q(pk__in=served))]


def _groups_of_organisations(on: date) -> list[RowGroup]:
    runs = Q(memberships__ends_on=None) | Q(memberships__ends_on__gte=on)
    staffed = Organisation.objects.filter(runs, memberships__isnull=False)
    return [RowGroup("nobody", "Nobody has a role", ~Q(pk__in=staffed))]


def _groups_of_boards(on: date) -> list[RowGroup]:
    return [
        RowGroup("current", "Boards that meet", Q(ends_on=None) | Q(ends_on__gte=on)),
        RowGroup("ended", "Ended", Q(ends_on__lt=on)),
    ]


KINDS = {
    kind.slug: kind
    for kind in (
        ReferenceKind(
            slug="districts",
            model=Area,
            singular="district",
            plural="districts",
            article="a",
            fields=("name", "order"),
            columns=("name", "order"),
            groups=_groups_of_districts,
        ),
        ReferenceKind(
            slug="organisations",
            model=Organisation,
            singular="organisation",
            plural="organisations",
            article="an",
            fields=("name", "short_name", "kind", "schedule_6_sector", "parent", "area"),
            columns=("name", "short_name", "kind", "area"),
            searched=("name", "short_name", "aliases__name"),
            joined=("area",),
            groups=_groups_of_organisations,
        ),
        ReferenceKind(
            slug="boards",
            model=Board,
            singular="board",
            plural="boards",
            article="a",
            fields=(
                *("name", "tier", "cadence", "parent", "area", "decides_on_actions", "quorum"),
                *("minute_numbering", "starts_on", "ends_on", "succeeds"),
            ),
            columns=("name", "tier", "cadence", "starts_on", "ends_on"),
            searched=("name", "tier"),
            groups=_groups_of_boards,
            first="current",
        ),
    )
}
