"""Import of records of one kind from a spreadsheet: by the columns of their table, with the engine's preview."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext

from audit.actors import Actor
from audit.clock import london_date
from audit.models import Ledger
from audit.services import append
from audit.state import state_of
from importing.engine.services.contents import FieldChange, Outcome, Preview, RowChange
from importing.engine.services.flow import Importer, ImportFile, naming_row, sort_problems
from importing.engine.services.organisations import BLANK_WORDS, CellError, Organisations, only_one
from importing.engine.services.screening import personal_data
from partners.models import Organisation, Partnership
from partners.policies import rights_of
from programme.records.models import Fact, Record, choices_of
from programme.records.policies import why_not_manage
from programme.records.resources import Resource, in_words
from programme.records.services.records import save_record
from programme.records.services.samples import sample_row
from standards.dates import ImpossibleDate, Period, read_plan_date
from web.language import english, lazy_text
from web.refusals import error_lists
from web.tables import Cell, Column, Row, Specification, Table
from web.tables.specification import names_of, plain

ANSWERS = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}


@dataclass(kw_only=True)
class RecordChange(RowChange[Record]):
    """One row of the file against its record."""

    title: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.title

    @property
    def text(self) -> str:
        return ""


@dataclass(kw_only=True)
class RecordsPreview(Preview[Partnership, RecordChange]):
    """What an import would do to the records of one kind."""


class RecordsImporter(Importer[RecordsPreview]):
    """Import of records of one kind. A row is known by the key fields of its table; a fact that differs is corrected."""

    changed_since_preview = lazy_text(
        "The records have changed since this preview. Check what the import would do now, then confirm again."
    )

    def __init__(self, *, resource: Resource, partnership: Partnership) -> None:
        self.resource, self.partnership = resource, partnership
        self.verb = f"{resource.model._meta.model_name}.imported"
        self.specification = specification_of(resource=resource)  # type: ignore[misc]

    @property
    def sample(self) -> list[dict[str, str]]:  # type: ignore[override]
        return [sample_row(resource=self.resource, partnership=self.partnership)]

    @property
    def ledger_id(self) -> int:
        return self.partnership.ledger_id

    def why_not_import(self, *, actor: Actor, on: date) -> str:
        keepers = self.resource.model.keepers
        return why_not_manage(rights_of(actor, on), self.partnership.pk, keepers=keepers)

    def compare(self, *, actor: Actor, file: ImportFile, at: datetime) -> RecordsPreview:
        table = file.table
        comparison = _Comparison(self.resource, self.partnership, table, actor, london_date(at))
        rows = [comparison.change(row) for row in table.rows if row.lone is None]
        for row in rows:
            row.problems += [problem for problem in table.problems if problem.row == row.number]
        present = {row.record.pk for row in rows if row.record is not None}
        return RecordsPreview(
            target=self.partnership,
            filename=file.name,
            sha256=file.sha256,
            sheet=table.sheet,
            header_row=table.header_row,
            not_imported=table.not_imported,
            columns=table.titles,
            notes=[row.lone.text for row in table.rows if row.lone is not None],
            warnings=table.warnings,
            unknown_organisations=comparison.organisations.unknown,
            rows=rows,
            not_in_file=[row for row in comparison.recorded.values() if row.pk not in present],
            problems=sort_problems(groups=[table.problems, *(row.problems for row in rows)]),
            personal=[cell for row in rows for cell in row.personal],
        )

    def write(self, *, actor: Actor, preview: RecordsPreview, ledger: Ledger, at: datetime) -> None:
        for row in preview.rows:
            if row.outcome not in (Outcome.CREATED, Outcome.UPDATED):
                continue
            record = row.record or self.resource.model(partnership=self.partnership)
            values = {change.name: change.value for change in row.changes}
            with naming_row(preview=preview, row=row):
                save_record(actor=actor, row=record, at=at, **values)
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb=self.verb,
            target=self.partnership,
            before=state_of(self.partnership),
            note=preview.summary,
        )


def specification_of(*, resource: Resource) -> Specification:
    """Return the columns of a file: every field by its label, and by the other names in its table."""
    return Specification(
        columns=tuple(
            Column(
                name,
                gettext("the {name}").format(name=resource.label(name).lower()),
                (*_labels(resource, name), *resource.headers.get(name, ())),
                required=name in required_columns(resource=resource),
                title=resource.label(name),
            )
            for name in resource.all_fields
        ),
        max_rows=1_000,
    )


def _labels(resource: Resource, name: str) -> tuple[str, ...]:
    """Return the label of a field in English, as files have it, and in the language of the service."""
    with english():
        label = resource.label(name)
    return (label,) if plain(label) == plain(resource.label(name)) else (label, resource.label(name))


def required_columns(*, resource: Resource) -> list[str]:
    """Return the fields that a new record cannot do without."""
    columns = [resource.column(name) for name in resource.all_fields]
    return [column.name for column in columns if not column.blank and not column.has_default()]


class _Comparison:
    """Reads rows against the records of a partnership, with one query for each kind of row that they name."""

    def __init__(
        self, resource: Resource, partnership: Partnership, table: Table, actor: Actor, on: date
    ) -> None:
        self.resource, self.partnership, self.table = resource, partnership, table
        rows: Any = resource.model._default_manager
        visible = rows.visible_to(actor, on).current().filter(partnership=partnership)
        self.recorded: dict[tuple[Any, ...], Any] = {
            self._key(row): row for row in visible.select_related("partnership", *resource.joined)
        }
        self.organisations = Organisations(partnership=partnership)
        self.named = {
            column.name: self._by_name(column.related_model, actor, on)
            for column in map(resource.column, resource.all_fields)
            if column.is_relation and column.related_model is not Organisation
        }
        self.rows_by_key: dict[tuple[Any, ...], int] = {}

    def change(self, row: Row) -> RecordChange:
        change = RecordChange(number=row.number, title="")
        for name, cell in row.cells.items():
            if cell.text.casefold() in BLANK_WORDS:
                continue
            try:
                change.values[name] = self._value(name, cell)
            except CellError as error:
                change.problems.append(self.table.problem(row, name, str(error)))
        key = tuple(_plain(change.values.get(name)) for name in self.resource.key)
        change.record = self.recorded.get(key)
        names = [words for name in self.resource.key if (words := self._words(name, change.values.get(name)))]
        change.title = str(change.record or ", ".join(names) or gettext("New record"))
        if self.rows_by_key.setdefault(key, row.number) != row.number:
            message = gettext("is the same record as row {rows_by_key}").format(
                rows_by_key=self.rows_by_key[key]
            )
            change.problems.append(self.table.problem(row, self.resource.key[0], message))
        for name, value in change.values.items():
            old = getattr(change.record, name) if change.record else None
            if change.record is None or _plain(old) != _plain(value):
                change.changes.append(
                    FieldChange(
                        name,
                        self.resource.label(name),
                        self._words(name, old),
                        self._words(name, value),
                        value,
                    )
                )
        if not change.problems and (change.changes or change.record is None):
            self._validate(change, row)
        change.personal = personal_data(
            table=self.table, row=row, changes=change.changes, record=change.record
        )
        return change

    def _words(self, name: str, value: Any) -> str:
        labels: dict[Any, Any] = dict(self.resource.column(name).flatchoices)
        return str(labels.get(value) or in_words(value))

    def _validate(self, change: RecordChange, row: Row) -> None:
        """Ask the record itself what is wrong, before anything is written."""
        trial = self.resource.model(partnership=self.partnership)
        if change.record is not None:
            for column in change.record._meta.concrete_fields:
                setattr(trial, column.attname, getattr(change.record, column.attname))
            trial._state.adding = False
        for name, value in change.values.items():
            setattr(trial, name, value)
        if isinstance(trial, Fact):
            trial.supersedes = None
        try:
            trial.clean_fields(exclude=self._screened())
            trial.clean()
            trial.validate_constraints()
        except ValidationError as error:
            for name, errors in error_lists(error).items():
                for each in errors:
                    place = name if name in row.cells else self.resource.key[0]
                    change.problems.extend(
                        self.table.problem(
                            row, place, gettext("cannot be imported: {message}").format(message=message)
                        )
                        for message in each.messages
                    )

    def _screened(self) -> set[str]:
        """Free text is screened for personal data by the preview itself."""
        return {
            column.name
            for column in self.resource.model._meta.concrete_fields
            if isinstance(column, models.CharField | models.TextField) and not column.choices
        }

    def _key(self, row: Any) -> tuple[Any, ...]:
        return tuple(_plain(getattr(row, name)) for name in self.resource.key)

    def _by_name(self, model: Any, actor: Actor, on: date) -> dict[str, set[Any]]:
        names: dict[str, set[Any]] = {}
        for row in choices_of(model, user=actor, on=on, partnerships=[self.partnership.pk]):
            with english():
                name_in_files = str(row)
            for text in {
                str(row),
                name_in_files,
                getattr(row, "ref", ""),
                getattr(row, "title", ""),
                getattr(row, "name", ""),
            }:
                if text:
                    names.setdefault(plain(text), set()).add(row)
        return names

    def _value(self, name: str, cell: Cell) -> Any:
        column = self.resource.column(name)
        if column.is_relation:
            if column.related_model is Organisation:
                return self.organisations.organisation(cell.text)
            noun = str(column.related_model._meta.verbose_name)  # type: ignore[union-attr]
            article = "an" if noun[:1] in "aeiou" else "a"
            return only_one(items=self.named[name].get(plain(cell.text)), noun=f"{article} {noun}")
        if column.choices:
            return _choice(column, cell)
        value = _scalar(column, cell)
        return value.replace(day=1) if name in self.resource.model.whole_months else value


def _choice(column: Any, cell: Cell) -> Any:
    known = names_of(column.flatchoices)
    if plain(cell.text) not in known:
        labels = ", ".join(str(label) for value, label in column.flatchoices if value)
        raise CellError(gettext("is not one of: {labels}").format(labels=labels))
    return known[plain(cell.text)]


def _scalar(column: Any, cell: Cell) -> Any:
    if isinstance(column, models.DateField):
        return _day(cell)
    if isinstance(column, models.BooleanField):
        if plain(cell.text) not in ANSWERS:
            raise CellError(gettext("must be yes or no"))
        return ANSWERS[plain(cell.text)]
    if isinstance(column, models.DecimalField | models.IntegerField):
        return _number(column, cell)
    if isinstance(cell.value, date | Period) and not isinstance(column, models.TextField):
        raise CellError(gettext("is a date: format the cell as text and enter it again"))
    if column.max_length and len(cell.text) > column.max_length:
        raise CellError(
            gettext("has {number:,} characters: shorten it to {max_length:,}").format(
                number=len(cell.text), max_length=column.max_length
            )
        )
    return cell.text if isinstance(column, models.TextField) else " ".join(cell.text.split())


def _day(cell: Cell) -> date:
    try:
        reading = read_plan_date(
            cell.value if isinstance(cell.value, date | Period) else cell.text, edge="start"
        )
    except ImpossibleDate as error:
        raise CellError(gettext("is not a date: enter one like 31 March 2020")) from error
    if reading.on is None:
        raise CellError(gettext("is not a date: enter one like 31 March 2020"))
    return reading.on


def _number(column: Any, cell: Cell) -> Any:
    text = cell.text.replace(",", "").replace("£", "").strip()
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise CellError(gettext("is not a number")) from error
    if not number.is_finite():
        raise CellError(gettext("is not a number"))
    if isinstance(column, models.DecimalField):
        if abs(number) >= Decimal(10) ** (column.max_digits - column.decimal_places):
            raise CellError(gettext("is too large"))
        rounded = number.quantize(Decimal(1).scaleb(-column.decimal_places))
        if rounded != number:
            raise CellError(
                gettext("has more than {decimal_places} decimal places").format(
                    decimal_places=column.decimal_places
                )
            )
        return rounded
    if number != number.to_integral_value() or number < 0 or number > 2_000_000_000:
        raise CellError(gettext("is not a whole number"))
    return int(number)


def _plain(value: Any) -> Any:
    """Return a value as rows are compared by: a row as its id, a text without case."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, str):
        return plain(value) or None
    return value
