"""The columns of a table of findings, by the names they bear in practice, and what each cell means."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format

from importing.plans.services.directory import Organisations, Unknown, longest
from importing.plans.services.specification import NOTHING_SAID
from inspections.models import Inspection, Recommendation
from standards.dates import Period
from web.tables import Cell, Column, Problem, Row, Specification, Table
from web.tables.contents import shortened
from web.tables.specification import plain

Kind = Recommendation.Kind
FINDINGS = Specification(
    columns=(
        Column(
            "number",
            "the number",
            ("Number", "No.", "Finding no.", "Finding number", "Recommendation no.", "Recommendation number", "Rec no.", "Ref", "Reference", "ID"),
        ),
        Column("kind", "the kind", ("Kind", "Kind of finding", "Type", "Type of finding", "Finding type", "Category")),
        Column(
            "text",
            "the text",
            ("Text", "Recommendation", "Finding", "Recommendation text", "Finding text", "Wording", "Description", "Area for improvement", "AFI"),
            required=True,
        ),
        Column("addressee", "the addressee", ("Addressee", "Addressed to", "Made to", "To whom", "For")),
        Column(
            "deadline_phrase",
            "the deadline",
            ("Deadline", "Deadline as printed", "By when", "Due", "Due date", "Target date", "Timescale"),
        ),
        Column("priority", "the priority", ("Priority", "Grade", "Grading", "Priority rating", "Rating", "Risk")),
        Column(
            "lead",
            "the lead organisation",
            ("Lead organisation", "Lead agency", "Lead body", "Lead partner", "Lead", "Responsible", "Responsible agency"),
        ),
        Column(
            "cause",
            "the cause of concern",
            ("Cause of concern", "Cause of concern no.", "Cause of concern number", "Under the cause of concern", "Under cause of concern", "Under"),
        ),
        Column(
            "actions",
            "the actions",
            ("Actions", "Action refs", "Action ref", "Action references", "Action reference", "Linked actions", "Action no.", "Action"),
        ),
        Column("paraphrased", "whether it is paraphrased", ("Paraphrased", "Illustrative, paraphrased", "Illustrative", "Summarised")),
    ),
    max_rows=1_000,
)  # fmt: skip
KINDS = {
    **{plain(name): value for value, label in Kind.choices for name in (value, label)},
    "coc": Kind.CAUSE_OF_CONCERN,
    "rec": Kind.RECOMMENDATION,
    "areas for improvement": Kind.AREA_FOR_IMPROVEMENT,
}
ANSWERS = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}


@dataclass
class FindingRow:
    """One finding as the file has it: `said` holds a value for each cell that says something, and nothing else.

    Of `said`, `cause` is the number of a cause of concern and `actions` are references. `refused` holds a problem for
    each cell whose value cannot be chosen; it is none where the finding has that value already.
    """

    row: Row
    kind: str
    number: str
    text: str
    said: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    refused: dict[str, Problem] = field(default_factory=dict)


@dataclass
class FindingRows:
    findings: list[FindingRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_rows(*, table: Table, inspection: Inspection, organisations: Organisations) -> FindingRows:
    """Read a table of findings: which rows are findings, which are headings and notes, what each cell says."""
    found = FindingRows()
    for row in table.rows:
        if row.lone is not None and (row.lone.merged or not row.text("text")):
            found.notes.append(shortened(row.lone.text, 300))
        else:
            found.findings.append(_read(row, table, inspection, organisations))
    return found


def as_number(*, text: str) -> str:
    """Return a finding's number as it is compared: in one case, without what it counts."""
    words = " ".join(text.split()).casefold().rstrip(".):")
    words = re.sub(r"^(?:cause of concern|coc)\b\s*", "", words)
    return re.sub(r"^(?:no\.?|number)\s+", "", words)


def _read(row: Row, table: Table, inspection: Inspection, organisations: Organisations) -> FindingRow:
    is_audit = inspection.kind == Inspection.Kind.AUDIT
    read = FindingRow(row, Kind.AUDIT if is_audit else Kind.RECOMMENDATION, "", "")
    for key, cell in row.cells.items():
        if key != "text" and cell.text.casefold() in NOTHING_SAID:
            continue
        try:
            value = _value(key, cell, inspection, organisations)
        except Unknown as fault:
            read.refused[key] = table.problem(row, key, str(fault))
        else:
            if value not in ("", []):
                read.said[key] = value
    read.kind = read.said.pop("kind", read.kind)
    read.number, read.text = read.said.get("number", ""), read.said.get("text", "")
    if "cause" in read.said and read.kind != Kind.RECOMMENDATION:
        message = (
            "stands beside another kind of finding: only a recommendation stands under a cause of concern"
        )
        read.problems.append(table.problem(row, "cause", message))
    return read


def _value(key: str, cell: Cell, inspection: Inspection, organisations: Organisations) -> Any:
    if key == "lead":
        return organisations.organisation(cell.text)
    if key == "priority":
        return _grade(cell.text, inspection)
    return READINGS[key](cell)


def _text(name: str) -> Callable[[Cell], str]:
    limit = longest(model=Recommendation, field=name)

    def read(cell: Cell) -> str:
        text = cell.text if name == "text" else " ".join(_printed(cell).split())
        if len(text) > limit:
            raise Unknown(f"has {len(text):,} characters; {limit:,} is the most")
        return text

    return read


def _printed(cell: Cell) -> str:
    """Return a day that the file holds as a day in words; anything else as it stands there."""
    return date_format(cell.value, "j F Y") if isinstance(cell.value, date) else cell.text


def _number(cell: Cell) -> str:
    if isinstance(cell.value, date | Period):
        raise Unknown("is a date: format the cell as text and enter the number again")
    return _text("number")(cell)


def _kind(cell: Cell) -> str:
    if plain(cell.text) not in KINDS:
        raise Unknown(f"is no kind of finding: use {', '.join(str(label) for label in Kind.labels)}")
    return str(KINDS[plain(cell.text)])


def _answer(cell: Cell) -> bool:
    if plain(cell.text) not in ANSWERS:
        raise Unknown("is neither yes nor no")
    return ANSWERS[plain(cell.text)]


def _grade(text: str, inspection: Inspection) -> str:
    known = {plain(grade): str(grade) for grade in inspection.priorities}
    if plain(text) not in known:
        grades = ", ".join(inspection.priorities) or "none; add them on the inspection's own page first"
        raise Unknown(f"is no grade of this inspection. It has: {grades}")
    return known[plain(text)]


def _references(cell: Cell) -> list[str]:
    parts = (" ".join(part.split()) for part in re.split(r"[;,\n]+", cell.text))
    return list(dict.fromkeys(part for part in parts if part.casefold() not in NOTHING_SAID))


READINGS: dict[str, Callable[[Cell], Any]] = {
    "number": _number,
    "kind": _kind,
    "text": _text("text"),
    "addressee": _text("addressee"),
    "deadline_phrase": _text("deadline_phrase"),
    "cause": lambda cell: as_number(text=cell.text),
    "actions": _references,
    "paraphrased": _answer,
}
