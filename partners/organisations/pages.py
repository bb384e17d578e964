"""The kinds of reference data that have pages in the set-up of a partnership: their fields, columns and words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from partners.organisations.boards import Board
from partners.organisations.models import Area, Organisation
from partners.partnerships.models import Partnership


@dataclass(frozen=True)
class ReferenceKind:
    """One kind of reference data.

    Attributes:
        slug: its part of an address.
        fields: what the form asks for.
        columns: what the list shows, by field; the first one links to the row.
        searched: the fields that a search looks in.
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

    @property
    def headings(self) -> list[str]:
        names = [str(self.model._meta.get_field(name).verbose_name) for name in self.columns]
        return [name[:1].upper() + name[1:] for name in names]

    def rows(self, partnership: Partnership, search: str = "") -> "QuerySet[Any]":
        """Return the rows of a partnership in which every word of a search occurs."""
        rows = self.model.objects.filter(partnership=partnership).select_related(*self.joined)
        for word in search.split():
            matches = Q()
            for name in self.searched:
                matches |= Q(**{f"{name}__icontains": word})
            rows = rows.filter(matches)
        ordered: QuerySet[Any] = rows.distinct().order_by("name", "pk")
        return ordered

    def texts(self, row: Any) -> list[str]:
        return [_text(row, name) for name in self.columns]


def _text(row: Any, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return "" if value is None else f"{value:%-d %B %Y}" if hasattr(value, "isoformat") else str(value)


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
        ),
    )
}
