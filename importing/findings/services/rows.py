"""The meaning of each cell of a table of findings."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext

from importing.engine.services.organisations import BLANK_WORDS, CellError, Organisations, max_length
from inspections.core.table import FINDING
from inspections.models import Inspection, Recommendation
from standards.dates import Period
from standards.references import plain_reference
from web.language import day_text
from web.resources import columns
from web.tables import Cell, Problem, Row, Specification, Table
from web.tables.contents import shortened
from web.tables.specification import names_of, plain

Kind = Recommendation.Kind
AUDIT_NUMBERS = ("Audit reference number", "Audit reference", "Audit ref")
FINDINGS = Specification(
    tuple(
        replace(
            column,
            headers=(*column.headers, *(AUDIT_NUMBERS if column.key == "number" else ())),
            revisable=column.key == "deadline_phrase",
        )
        for column in columns(FINDING)
    ),
    max_rows=1_000,
)
SAMPLE = (
    {"number": "1", "kind": "Recommendation", "text": "By 31 March 2021 the force should brief every team."},
    {
        "number": "1",
        "kind": "Area for improvement",
        "text": "The force should keep its training records up to date.",
    },
)
KINDS = {
    **names_of(Kind.choices),
    "coc": Kind.CAUSE_OF_CONCERN,
    "rec": Kind.RECOMMENDATION,
    "areas for improvement": Kind.AREA_FOR_IMPROVEMENT,
}
ANSWERS = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}


@dataclass
class FindingRow:
    """One finding as the file has it.

    Attributes:
        values: a value for each cell that is not blank; `cause` is the number of a cause of concern, `actions` are
            references.
        value_problems: a problem for each cell whose value cannot be chosen. It does not count when the finding
            already has that value.
    """

    row: Row
    kind: str
    number: str
    text: str
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    value_problems: dict[str, Problem] = field(default_factory=dict)


@dataclass
class FindingRows:
    findings: list[FindingRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_rows(*, table: Table, inspection: Inspection, organisations: Organisations) -> FindingRows:
    """Read a table of findings, and the headings and notes around them."""
    content = FindingRows()
    for row in table.rows:
        if row.lone is not None and (row.lone.merged or not row.text("text")):
            content.notes.append(shortened(row.lone.text, 300))
        else:
            content.findings.append(_read(row, table, inspection, organisations))
    return content


def comparable_number(*, text: str) -> str:
    """Return a finding's number for comparison: in lower case, without words such as "Cause of concern"."""
    words = " ".join(text.split()).casefold().rstrip(".):")
    words = re.sub(r"^(?:cause of concern|coc)\b\s*", "", words)
    return re.sub(r"^(?:no\.?|number)\s+", "", words)


def _read(row: Row, table: Table, inspection: Inspection, organisations: Organisations) -> FindingRow:
    is_audit = inspection.kind == Inspection.Kind.AUDIT
    finding_row = FindingRow(row, Kind.AUDIT if is_audit else Kind.RECOMMENDATION, "", "")
    for key, cell in row.cells.items():
        if key != "text" and cell.text.casefold() in BLANK_WORDS:
            continue
        try:
            value = _value(key, cell, inspection, organisations)
        except CellError as error:
            finding_row.value_problems[key] = table.problem(row, key, str(error))
        else:
            if value not in ("", []):
                finding_row.values[key] = value
    finding_row.kind = finding_row.values.pop("kind", finding_row.kind)
    finding_row.number, finding_row.text = (
        finding_row.values.get("number", ""),
        finding_row.values.get("text", ""),
    )
    if "cause" in finding_row.values and finding_row.kind != Kind.RECOMMENDATION:
        message = gettext("is only for recommendations: leave it empty for any other kind of finding")
        finding_row.problems.append(table.problem(row, "cause", message))
    return finding_row


def _value(key: str, cell: Cell, inspection: Inspection, organisations: Organisations) -> Any:
    if key == "lead":
        return organisations.organisation(cell.text)
    if key == "priority":
        return _priority(cell.text, inspection)
    return READINGS[key](cell)


def _text(name: str) -> Callable[[Cell], str]:
    limit = max_length(model=Recommendation, field=name)

    def read(cell: Cell) -> str:
        text = cell.text if name == "text" else " ".join(_printed(cell).split())
        if len(text) > limit:
            raise CellError(
                gettext("has {number:,} characters: shorten it to {limit:,}").format(
                    number=len(text), limit=limit
                )
            )
        return text

    return read


def _printed(cell: Cell) -> str:
    """Return a date in words; any other value as the file shows it."""
    return day_text(cell.value) if isinstance(cell.value, date) else cell.text


def _number(cell: Cell) -> str:
    if isinstance(cell.value, date | Period):
        raise CellError(gettext("is a date: format the cell as text and enter the number again"))
    return _text("number")(cell)


def _kind(cell: Cell) -> str:
    if plain(cell.text) not in KINDS:
        raise CellError(
            gettext("is not a kind of finding: use {labels}").format(
                labels=", ".join(str(label) for label in Kind.labels)
            )
        )
    return str(KINDS[plain(cell.text)])


def _answer(cell: Cell) -> bool:
    if plain(cell.text) not in ANSWERS:
        raise CellError(gettext("must be yes or no"))
    return ANSWERS[plain(cell.text)]


def _priority(text: str, inspection: Inspection) -> str:
    known = {plain(grade): str(grade) for grade in inspection.priorities}
    if plain(text) not in known:
        grades = ", ".join(inspection.priorities) or gettext("none. Add them on the inspection's page first")
        raise CellError(
            gettext("is not a priority of this inspection. It has: {grades}").format(grades=grades)
        )
    return known[plain(text)]


def _references(cell: Cell) -> list[str]:
    parts = (plain_reference(part) for part in re.split(r"[;,\n]+", cell.text))
    return list(dict.fromkeys(part for part in parts if part.casefold() not in BLANK_WORDS))


READINGS: dict[str, Callable[[Cell], Any]] = {
    "number": _number,
    "kind": _kind,
    "text": _text("text"),
    "addressee": _text("addressee"),
    "deadline_phrase": _text("deadline_phrase"),
    "cause": lambda cell: comparable_number(text=cell.text),
    "actions": _references,
    "paraphrased": _answer,
}
