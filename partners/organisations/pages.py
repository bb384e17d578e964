"""The kinds of reference data that have pages in the set-up of a partnership: their fields, columns and words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from partners.organisations.boards import Board, BoardSeat, MouArea, Responsibility
from partners.organisations.models import Area, Organisation, OrganisationAlias
from partners.partnerships.models import Partnership
from web.filters import keep_matching
from web.language import day_text, lazy_text, with_article
from web.quick import RowGroup

IMPORTED = lazy_text("You can also import districts, organisations, boards and people from a spreadsheet.")
LABELS = {
    "order": lazy_text("Place in lists"),
    "area": lazy_text("District"),
    "parent": lazy_text("Part of"),
    "succeeds": lazy_text("Took over from"),
    "mou_area": lazy_text("MOU area"),
    "organisation": lazy_text("Organisation"),
}


@dataclass(frozen=True)
class ReferenceKind:
    """One kind of reference data.

    Attributes:
        slug: its part of an address.
        fields: what the form asks for.
        columns: what the list shows, by field; the first one links to the row.
        searched: the fields that a search looks in.
        groups: what the list can show alone on a day, and `first` the group that it shows at first.
        joined: what a list reads with each row.
        ordering: the order of a list.
        parent: the kind of the row that a row is part of, such as the board of a seat; empty if it is part of none.
        parent_field: the field that names that row.
        is_fixed: whether a row stays with its parent once it is saved.
        parts: the kind of the rows that are part of one of this kind; they are listed on its page.
        when_empty: what a list without rows says about how to fill it.
    """

    slug: str
    model: Any
    singular: str
    plural: str
    fields: Sequence[str]
    columns: Sequence[str]
    searched: Sequence[str] = ("name",)
    joined: Sequence[str] = ()
    groups: Callable[[date], Sequence[RowGroup]] = lambda on: ()
    first: str = ""
    ordering: Sequence[str] = ("name",)
    parent: str = ""
    parent_field: str = ""
    is_fixed: bool = False
    parts: str = ""
    when_empty: str = ""

    @property
    def with_article(self) -> str:
        return with_article(self.singular)

    def label_of(self, name: str) -> str:
        label = str(self.model._meta.get_field(name).verbose_name)
        return LABELS.get(name, label[:1].upper() + label[1:])

    @property
    def partnership_path(self) -> str:
        return str(getattr(self.model, "partnership_path", "partnership"))

    def rows(self, partnership: Partnership) -> "QuerySet[Any]":
        """Return the rows of a partnership."""
        rows = self.model.objects.filter(**{self.partnership_path: partnership}).select_related(*self.joined)
        ordered: QuerySet[Any] = rows.order_by(*self.ordering, "pk")
        return ordered

    def matching(self, rows: "QuerySet[Any]", search: str) -> "QuerySet[Any]":
        """Keep the rows in which every word of a search occurs."""
        matching: QuerySet[Any] = keep_matching(rows, search, self.searched).distinct()
        return matching

    def lines(self, rows: Iterable[Any], columns: Sequence[str]) -> list[tuple[Any, list[tuple[str, str]]]]:
        """Return each row with its columns: their labels and texts."""
        labels = [self.label_of(name) for name in columns]
        return [
            (row, [(label, _text(row, name)) for label, name in zip(labels, columns, strict=True)])
            for row in rows
        ]

    def new(self, partnership: Partnership) -> Any:
        """Return a row that is not saved yet; one that is part of another has no partnership of its own."""
        is_direct = self.partnership_path == "partnership"
        return self.model(partnership=partnership) if is_direct else self.model()


def _text(row: Any, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return "" if value is None else day_text(value) if hasattr(value, "isoformat") else str(value)


def _groups_of_districts(on: date) -> list[RowGroup]:
    served = Area.objects.filter(organisations__isnull=False)
    return [RowGroup("unserved", gettext("Without an organisation"), ~Q(pk__in=served))]


def _groups_of_organisations(on: date) -> list[RowGroup]:
    runs = Q(memberships__ends_on=None) | Q(memberships__ends_on__gte=on)
    staffed = Organisation.objects.filter(runs, memberships__isnull=False)
    return [RowGroup("nobody", gettext("Nobody has a role"), ~Q(pk__in=staffed))]


def _groups_of_boards(on: date) -> list[RowGroup]:
    return [
        RowGroup("current", gettext("Boards that meet"), Q(ends_on=None) | Q(ends_on__gte=on)),
        RowGroup("ended", gettext("Ended"), Q(ends_on__lt=on)),
    ]


KINDS = {
    kind.slug: kind
    for kind in (
        ReferenceKind(
            slug="districts",
            model=Area,
            singular=lazy_text("district"),
            plural=lazy_text("districts"),
            fields=("name", "order"),
            columns=("name", "order"),
            groups=_groups_of_districts,
            when_empty=IMPORTED,
        ),
        ReferenceKind(
            slug="organisations",
            model=Organisation,
            singular=lazy_text("organisation"),
            plural=lazy_text("organisations"),
            fields=("name", "short_name", "kind", "schedule_6_sector", "parent", "area"),
            columns=("name", "short_name", "kind", "area"),
            searched=("name", "short_name", "aliases__name"),
            joined=("area",),
            groups=_groups_of_organisations,
            parts="other-names",
            when_empty=IMPORTED,
        ),
        ReferenceKind(
            slug="other-names",
            model=OrganisationAlias,
            singular=lazy_text("other name"),
            plural=lazy_text("other names"),
            fields=("organisation", "name"),
            columns=("name", "organisation"),
            searched=("name", "organisation__name"),
            joined=("organisation",),
            parent="organisations",
            when_empty=lazy_text("An import finds an organisation by its other names too."),
            parent_field="organisation",
        ),
        ReferenceKind(
            slug="boards",
            model=Board,
            singular=lazy_text("board"),
            plural=lazy_text("boards"),
            fields=(
                *("name", "tier", "cadence", "parent", "area", "decides_on_actions", "quorum"),
                *("minute_numbering", "starts_on", "ends_on", "succeeds"),
            ),
            columns=("name", "tier", "cadence", "starts_on", "ends_on"),
            searched=("name", "tier"),
            groups=_groups_of_boards,
            first="current",
            parts="seats",
            when_empty=IMPORTED,
        ),
        ReferenceKind(
            slug="seats",
            model=BoardSeat,
            singular=lazy_text("seat"),
            plural=lazy_text("seats"),
            fields=(
                *("board", "organisation", "post", "starts_on", "ends_on", "vacant", "source"),
                "succeeds",
            ),
            columns=("post", "organisation", "board", "starts_on", "ends_on", "vacant"),
            searched=("post", "organisation__name", "board__name"),
            joined=("organisation", "board"),
            ordering=("board__name", "organisation__name", "post"),
            parent="boards",
            parent_field="board",
            is_fixed=True,
        ),
        ReferenceKind(
            slug="mou-areas",
            model=MouArea,
            singular=lazy_text("MOU area"),
            plural=lazy_text("MOU areas"),
            fields=("name", "order"),
            columns=("name", "order"),
            ordering=("order", "name"),
            parts="responsibilities",
        ),
        ReferenceKind(
            slug="responsibilities",
            model=Responsibility,
            singular=lazy_text("responsibility"),
            plural=lazy_text("responsibilities"),
            fields=("mou_area", "organisation", "kind"),
            columns=("organisation", "kind", "mou_area"),
            searched=("organisation__name", "mou_area__name"),
            joined=("organisation", "mou_area"),
            ordering=("mou_area__order", "mou_area__name", "kind", "organisation__name"),
            parent="mou-areas",
            parent_field="mou_area",
            is_fixed=True,
        ),
    )
}
