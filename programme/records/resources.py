"""One table for each kind of record: its fields, once, for the list, the form, exports, imports and help."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from programme.records.models import Fact, Record
from web.language import day_text, lazy_text, with_article
from web.wording import quantity_text

# What every record has, after its own fields.
ORIGIN = ("source", "basis", "as_at")
HANDLING = (
    "publication",
    "exemption",
    "withheld_reason",
    "public_interest",
    "marking",
    "handling_instruction",
    "note",
)
SUFFIX = "_qualifier"
ROOM_NAMES = {
    "funding": lazy_text("Funding"),
    "training": lazy_text("Training"),
    "profiles": lazy_text("Profiles"),
    "channel": lazy_text("Channel"),
    "frameworks": lazy_text("Frameworks"),
    "mou": lazy_text("MOU"),
}
NOT_RECORDED = "Not recorded"


# What is shown and is no field.
COMPUTED = {"value": gettext_lazy("value"), "framework": gettext_lazy("framework")}


@dataclass(frozen=True, kw_only=True, eq=False)
class Resource:
    """How one kind of record is shown and entered.

    Attributes:
        room, slug: its address, such as training/attendance.
        fields: its own fields, in the order of forms and files.
        listed: the columns of the list; the first links to the record.
        filters: the fields that the list can be filtered by, choices and foreign keys.
        key: the fields that a row of a file is known by.
        joined: foreign keys that a list reads with its rows.
        parent: the field of the record that this one is entered on the page of; empty if it has a list only.
        headers: other names of columns in files, by field.
        shown: fields that are shown with its own and never entered; a property is a record or a text.
        through: filters that lead over other records, by name: the path of foreign keys to the record chosen.
        total: a quantity that is added up under the records of one parent.
        help: what the list says about these records.
        offered: which records a foreign key offers in forms, where it is not all of them.
        sample: cells of the sample row of a file, where they cannot be guessed from their columns.
    """

    model: type[Record]
    room: str
    slug: str
    fields: tuple[str, ...]
    listed: tuple[str, ...]
    key: tuple[str, ...]
    filters: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    parent: str = ""
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    help: str = ""
    total: str = ""
    shown: tuple[str, ...] = ()
    through: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[str, Q] = field(default_factory=dict)
    sample: Mapping[str, str] = field(default_factory=dict)

    @property
    def room_name(self) -> str:
        return ROOM_NAMES[self.room]

    @property
    def singular(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def plural(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    @property
    def with_article(self) -> str:
        return with_article(self.singular)

    @property
    def is_fact(self) -> bool:
        return issubclass(self.model, Fact)

    @property
    def all_fields(self) -> tuple[str, ...]:
        return (*self.fields, *ORIGIN, *HANDLING)

    @property
    def visible_fields(self) -> tuple[str, ...]:
        """Its fields where they are shown: a number has its qualifier beside it."""
        return (*(name for name in self.fields if not name.endswith(SUFFIX)), *self.shown)

    @property
    def file_fields(self) -> tuple[str, ...]:
        """The columns of a file that is downloaded."""
        return (*self.all_fields, *self.shown)

    def column(self, name: str) -> "models.Field[Any, Any]":
        model: Any = self.model
        for part in self.through.get(name, name).split("__"):
            field = model._meta.get_field(part)
            assert isinstance(field, models.Field)
            model = field.related_model
        return field

    def is_column(self, name: str) -> bool:
        return name in {field.name for field in self.model._meta.concrete_fields}

    def label(self, name: str) -> str:
        try:
            words = str(self.column(name).verbose_name)
        except FieldDoesNotExist:
            words = str(COMPUTED[name])
        return words[:1].upper() + words[1:]

    def words(self, row: Any, name: str) -> str:
        """Return a field as it is shown."""
        if name in self.model.quantities:
            return quantity_text(row.quantity(name))
        value = getattr(row, name)
        display = getattr(row, f"get_{name}_display", None)
        if value in (None, ""):
            return ""
        return str(display()) if display is not None else in_words(value)

    def cell(self, row: Any, name: str) -> Any:
        """Return a field as files hold it: numbers and days as such, everything else in words."""
        value = getattr(row, name)
        plain = value is None or (isinstance(value, int | Decimal | date) and not isinstance(value, bool))
        return value if plain else self.export_words(row, name)

    def export_words(self, row: Any, name: str) -> str:
        value = getattr(row, name)
        return str(value) if name in self.model.quantities else self.words(row, name)


def in_words(value: Any) -> str:
    """Return a value as people write it; empty for None."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return "" if value is None else str(value)


def qualified(*names: str) -> tuple[str, ...]:
    """Return numbers each with its qualifier after it."""
    return tuple(part for name in names for part in (name, f"{name}{SUFFIX}"))
