"""The rows of a plan's table: actions, the headings over them, and notes."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext

from actions.models import Action, Pillar, ProgressUpdate
from importing.engine.services.organisations import BLANK_WORDS, CellError, max_length
from importing.plans.services.directory import Directory, is_called_pillar
from importing.plans.services.other_tables import without_other_tables
from importing.plans.services.specification import ALL_AREAS
from importing.plans.services.unchanged import is_unchanged
from standards.dates import ImpossibleDate, NoDate, Period, read_plan_date
from standards.marking import Marking
from standards.references import ALLOWED, is_reference, plain_reference
from web.language import lazy_text
from web.tables import Cell, Problem, Row, Table
from web.tables.contents import shortened
from web.tables.specification import names_of, plain
from web.wording import date_problem_text

# A row below the last action with this many filled cells is an action without its reference; with fewer, a note.
CELLS_OF_AN_ACTION = 3
# Fields up to this length have one line.
ONE_LINE = 300
NO_DATE = lazy_text("is not a date, so it is not imported: set the date on the action's page")


class TooLong(CellError):
    """The text is longer than its field."""


@dataclass
class PlanRow:
    """One action as the file has it; `values` has a value for each cell that is not blank."""

    row: Row
    ref: str
    values: dict[str, Any] = field(default_factory=dict)
    due_phrase: str = ""
    original_due: date | None = None
    has_unknown_heading: bool = False
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


@dataclass
class PlanRows:
    actions: list[PlanRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sources:
    """What is needed to read a row: its table, the partnership's names, and the recorded actions by reference."""

    table: Table
    directory: Directory
    recorded: Mapping[str, Action]

    def reference(self, row: Row) -> str:
        """Return a row's reference. "Action 1.2." is 1.2, unless an action has the whole as its reference."""
        text = plain_reference(row.text("ref"))
        return text if text.casefold() in self.recorded else _reference(row)

    def action(self, row: Row) -> Action | None:
        return self.recorded.get(self.reference(row).casefold())


def read_rows(*, table: Table, directory: Directory, recorded: Mapping[str, Action]) -> PlanRows:
    """Read a plan's table. New pillars are added to the directory, in the order of the table.

    Args:
        recorded: the plan's actions by their references, in lower case. A cell with the recorded value is left out.

    Returns:
        The actions with their problems, the notes around them, and the problems of headings.
    """
    table, others = without_other_tables(table, recorded)
    plan_rows = PlanRows(warnings=others)
    pillar: Pillar | None = None
    headings: list[Row] = []
    unknown = False
    sources = Sources(table, directory, recorded)
    with_reference = (n for n, row in enumerate(table.rows) if sources.action(row) or _has_reference(row))
    last = max(with_reference, default=len(table.rows))
    for n, row in enumerate(table.rows):
        if n > last and not _is_action_without_reference(row):
            plan_rows.notes.append(_whole_text(row))
        elif sources.action(row) is None and _is_heading(row, directory):
            headings.append(row)
        else:
            if headings and "pillar" in table.columns and not _names_pillar(headings, directory):
                # The rows name their pillars themselves: "Carried over from last year" is a note.
                plan_rows.notes += [_whole_text(heading) for heading in headings]
                headings = []
            if headings:
                pillar = _pillar_of(headings, table, directory, plan_rows)
                unknown, headings = pillar is None, []
            plan_rows.actions.append(_read(row, sources, pillar))
            plan_rows.actions[-1].has_unknown_heading = unknown
    plan_rows.notes += [_whole_text(row) for row in headings]
    return plan_rows


def _has_reference(row: Row) -> bool:
    text = _reference(row)
    return _looks_like_reference(text, alone=row.lone is not None) and not (
        row.lone and (row.lone.merged or not row.lone.first)
    )


def _is_action_without_reference(row: Row) -> bool:
    filled = sum(bool(cell.text) for cell in row.cells.values())
    return not row.text("ref") and bool(row.text("title")) and filled >= CELLS_OF_AN_ACTION


def _looks_like_reference(text: str, *, alone: bool = False) -> bool:
    """Return whether a text has a number and no other characters than a reference's.

    Args:
        alone: no other cell of the row is filled. A text with spaces, such as "Strand 2 Safeguard", is then a heading.
    """
    return bool(re.search(r"\d", text)) and is_reference(text) and not (alone and " " in text)


def _reference(row: Row) -> str:
    """Return the reference without other words, signs and stops, and with plain hyphens: "Action 1.2." is 1.2."""
    text = plain_reference(row.text("ref"))
    text = re.sub(r"^(?:(?:action|ref|no)\b\.?\s*(?:no\.?\s*)?|#\s*)(?=\S*\d)", "", text, flags=re.IGNORECASE)
    text = text.rstrip(" .:*\u2020")
    return text if "(" in text else text.rstrip(".):")


def _is_heading(row: Row, directory: Directory) -> bool:
    if row.lone is None:
        return is_called_pillar(text=row.text("ref")) and bool(row.text("title"))
    text = row.lone.text
    if row.lone.merged or is_called_pillar(text=text) or directory.known_pillar(text):
        return True
    return not _looks_like_reference(text, alone=True) if row.lone.first else text.isupper()


def _whole_text(row: Row) -> str:
    if row.lone is not None:
        return shortened(row.lone.text, 300)
    return shortened(": ".join(cell.text for cell in row.cells.values() if cell.text), 300)


def _names_pillar(headings: list[Row], directory: Directory) -> bool:
    texts = [_whole_text(heading) for heading in headings]
    return any(is_called_pillar(text=text) or directory.known_pillar(text) for text in texts)


def _pillar_of(headings: list[Row], table: Table, directory: Directory, plan_rows: PlanRows) -> Pillar | None:
    """Return the pillar that a run of headings names; the others are notes, such as its aim.

    Without a pillar, add a problem and return None.
    """
    texts = [_whole_text(row) for row in headings]
    fits: tuple[Callable[[str], Any], ...] = (
        directory.known_pillar,
        lambda text: not directory.has_pillars and is_called_pillar(text=text),
    )
    n = next((n for fit in fits for n in range(len(texts) - 1, -1, -1) if fit(texts[n])), len(texts) - 1)
    plan_rows.notes += texts[:n] + texts[n + 1 :]
    try:
        return directory.pillar(texts[n])
    except CellError as error:
        plan_rows.problems.append(Problem(table.sheet, headings[n].number, "", "", texts[n], str(error)))
        return None


def _read(row: Row, sources: Sources, pillar: Pillar | None) -> PlanRow:
    table, action = sources.table, sources.action(row)
    plan_row = PlanRow(row, sources.reference(row))
    if action is None:
        plan_row.problems += _reference_problems(plan_row, table)
    cells = {key: cell for key, cell in row.cells.items() if key != "ref"}
    if action is not None:
        cells = {
            key: cell for key, cell in cells.items() if not is_unchanged(action=action, key=key, cell=cell)
        }
    if pillar is not None and ("pillar" in cells or "pillar" not in row.cells):
        plan_row.values["pillar"] = pillar
    for key, cell in cells.items():
        if key == "title" and not cell.text:
            plan_row.problems.append(table.problem(row, key, gettext("has no action")))
        elif not _is_blank(key, cell.text):
            _read_cell(plan_row, key, cell, sources)
    if "title" in cells and _short_title(cells["title"].text):
        _read_long_title(plan_row, cells["title"], sources)
    if "due" in row.cells and row.cells["due"].text:
        plan_row.due_phrase = shortened(row.cells["due"].text)
    if original := row.originals.get("due"):
        with suppress(NoDate, ImpossibleDate):
            plan_row.original_due = _date("end")(original, sources.directory)
    plan_row.values = {key: value for key, value in plan_row.values.items() if value is not None}
    return plan_row


def _read_cell(plan_row: PlanRow, key: str, cell: Cell, sources: Sources) -> None:
    try:
        plan_row.values[key] = READINGS.get(key, _text(key))(cell, sources.directory)
    except TooLong as error:
        if key != "title" or not _short_title(cell.text):
            plan_row.problems.append(sources.table.problem(plan_row.row, key, str(error)))
    except NoDate:
        plan_row.warnings.append(sources.table.problem(plan_row.row, key, NO_DATE))
    except (CellError, ImpossibleDate) as error:
        action = sources.action(plan_row.row)
        if key == "owner" and action is not None and sources.directory.was_owner(action, cell.text):
            return
        text = date_problem_text(error) if isinstance(error, ImpossibleDate) else str(error)
        plan_row.problems.append(sources.table.problem(plan_row.row, key, text))


def _read_long_title(plan_row: PlanRow, cell: Cell, sources: Sources) -> None:
    """Shorten a long title, and put the whole text before the description."""
    whole = "\n\n".join(filter(None, [cell.text, plan_row.row.text("description")]))
    limit = max_length(model=Action, field="description")
    if len(whole) > limit:
        message = gettext("has {number:,} characters with the description: shorten it to {limit:,}").format(
            number=len(whole), limit=limit
        )
        plan_row.problems.append(sources.table.problem(plan_row.row, "title", message))
        return
    plan_row.values["title"], plan_row.values["description"] = _short_title(cell.text), whole
    message = gettext(
        "is longer than a title of {max_length} characters: the title is shortened to "
        "“{values}” and the whole text goes into the description"
    ).format(max_length=max_length(model=Action, field="title"), values=plan_row.values["title"])
    plan_row.warnings.append(sources.table.problem(plan_row.row, "title", message))


def _short_title(text: str) -> str:
    """Return a long title up to the last whole word that fits; empty when it is not too long."""
    limit, text = max_length(model=Action, field="title"), " ".join(text.split())
    if len(text) <= limit:
        return ""
    words = text[: limit - 1].rpartition(" ")[0].rstrip(" ,;:-\u2013")
    return f"{words}\u2026" if words else ""


def _is_blank(key: str, text: str) -> bool:
    return not text or (key != "title" and text.casefold() in BLANK_WORDS)


def _reference_problems(plan_row: PlanRow, table: Table) -> Iterable[Problem]:
    limit = max_length(model=Action, field="ref")
    if isinstance(plan_row.row.cells["ref"].value, date | Period):
        yield table.problem(
            plan_row.row, "ref", gettext("is a date: format the cell as text and enter the reference again")
        )
    elif not plan_row.ref:
        yield table.problem(plan_row.row, "ref", gettext("has no reference"))
    elif len(plan_row.ref) > limit:
        yield table.problem(
            plan_row.row, "ref", gettext("is longer than {limit} characters").format(limit=limit)
        )
    elif not _looks_like_reference(plan_row.ref):
        message = gettext("is not a reference: it needs a number, and can have {allowed} only").format(
            allowed=ALLOWED
        )
        yield table.problem(plan_row.row, "ref", message)


def _text(key: str) -> Callable[[Cell, Directory], str]:
    is_progress = key == "progress"
    limit = (
        max_length(model=ProgressUpdate, field="narrative")
        if is_progress
        else max_length(model=Action, field=key)
    )

    def read(cell: Cell, _: Directory) -> str:
        text = cell.text if limit > ONE_LINE else " ".join(cell.text.split())
        if len(text) > limit:
            raise TooLong(
                gettext("has {text:,} characters: shorten it to {limit:,}").format(
                    text=len(text), limit=limit
                )
            )
        return text

    return read


def _date(edge: Any) -> Callable[[Cell, Directory], date | None]:
    def read(cell: Cell, _: Directory) -> date | None:
        return read_plan_date(cell.text if isinstance(cell.value, str) else cell.value, edge=edge).on

    return read


def _choice(choices: Any, shorter: dict[str, str], what: str) -> Callable[[Cell, Directory], str]:
    known = names_of(choices) | shorter

    def read(cell: Cell, _: Directory) -> str:
        if plain(cell.text) not in known:
            raise CellError(
                gettext("is not {what}: use {choices}").format(
                    what=what, choices=", ".join((str(label) for value, label in choices if value))
                )
            )
        return str(known[plain(cell.text)])

    return read


def _lead(cell: Cell, directory: Directory) -> Any:
    try:
        return directory.organisation(cell.text)
    except CellError:
        try:
            several = directory.supporting(cell.text)
        except CellError:
            several = []
        if len(several) > 1:
            directory.forget_unknown(name=cell.text)
            raise CellError(
                gettext("names several organisations: enter one lead and the others as supporting")
            ) from None
        raise


def _area(cell: Cell, directory: Directory) -> Any:
    return None if cell.text.casefold() in ALL_AREAS else directory.area(cell.text)


READINGS: dict[str, Callable[[Cell, Directory], Any]] = {
    "pillar": lambda cell, directory: directory.pillar(cell.text),
    "area": _area,
    "lead": _lead,
    "supporting": lambda cell, directory: directory.supporting(cell.text),
    "owner": lambda cell, directory: directory.owner(cell.text),
    "mou_area": lambda cell, directory: directory.mou_area(cell.text),
    "starts_on": _date("start"),
    "due": _date("end"),
    "tier": _choice(
        Action.Tier.choices,
        {
            key: value
            for n, value in enumerate([v for v in Action.Tier.values if v], 1)
            for key in (str(n), f"tier {n}", value)
        },
        lazy_text("a tier"),
    ),
    "priority": _choice(
        Action.Priority.choices,
        {"h": "high", "m": "medium", "l": "low"},
        lazy_text("a priority"),
    ),
    "marking": _choice(
        [(m.value, m.value) for m in Marking], {"o": "OFFICIAL"}, lazy_text("a marking used here")
    ),
}
