"""Sample rows for the files that records are imported from: what a row of each kind may look like."""

from typing import Any

from django.db import models
from django.utils.translation import gettext

from partners.models import Organisation, Partnership
from programme.records.models import Record
from programme.records.resources import ORIGIN, SUFFIX, Resource
from standards.marking import Marking

DAY = "31 March 2020"
ORIGIN_CELLS = {
    "source": "Paper to the board, March 2020, paragraph 4",
    "basis": str(Record.Basis.ILLUSTRATIVE.label),
    "as_at": DAY,
}
CELLS: dict[type[models.Field[Any, Any]], str] = {
    models.BooleanField: "No",
    models.DateField: DAY,
    models.DecimalField: "100.00",
    models.IntegerField: "12",
}
# Which kind of organisation belongs in a column.
KINDS = {"council": Organisation.Kind.COUNCIL, "monitored_by": Organisation.Kind.POLICE_DISTRICT}


def sample_row(*, resource: Resource, partnership: Partnership) -> dict[str, str]:
    """Return the cells of a row by their fields. It names rows that the partnership has, where it has any."""
    cells = {
        name: _cell(resource, name, partnership)
        for name in resource.all_fields
        if name in (*resource.fields, *ORIGIN)
    }
    return cells | ORIGIN_CELLS | dict(resource.sample)


def _cell(resource: Resource, name: str, partnership: Partnership) -> str:
    column: Any = resource.column(name)
    if column.blank and name not in resource.model.quantities:
        return ""
    if column.is_relation:
        return _name_of_one(column, partnership)
    if column.choices:
        return str(dict(column.flatchoices)[_choice(column)])
    if isinstance(column, models.IntegerField) and column.has_default():
        return str(column.default)
    by_kind = (text for kind, text in CELLS.items() if isinstance(column, kind))
    return next(by_kind, gettext("Example {name}").format(name=resource.label(name).lower()))


def _choice(column: Any) -> str:
    if column.name.endswith(SUFFIX):
        return "exactly"
    value: str = column.default if column.has_default() else column.flatchoices[0][0]
    return value


def _name_of_one(column: Any, partnership: Partnership) -> str:
    """Return the name of a row of the partnership that anybody there may know; otherwise what belongs here."""
    model = column.related_model
    path = getattr(model, "partnership_path", "partnership")
    rows = model._default_manager.filter(**{path: partnership})
    names = {each.name for each in model._meta.concrete_fields}
    if column.name in KINDS:
        rows = rows.filter(kind=KINDS[column.name])
    if "marking" in names:
        rows = rows.filter(marking=Marking.OFFICIAL)
    if "is_current" in names:
        rows = rows.filter(is_current=True)
    row = rows.order_by("pk").first()
    return (
        str(row)
        if row is not None
        else gettext("Name of the {verbose_name}").format(verbose_name=column.verbose_name)
    )
