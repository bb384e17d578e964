"""Plans as files, in the layouts that forces and councils use."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from audit.actors import SYSTEM
from importing.engine.services.contents import Preview
from importing.engine.services.flow import apply_import, preview_import
from importing.plans.services.contents import PlanPreview
from importing.plans.services.importer import PlanImporter
from partners.models import OrganisationAlias, Partnership
from partners.organisations.services import save_reference
from tests.cast import AT, EARLIER, Cast

HEADER = (
    "Action no.",
    "What we will do",
    "Lead agency",
    "Supporting partners",
    "District",
    "Owner",
    "By when",
    "Success measure",
    "Progress to date",
    "RAG",
)
ROWS: tuple[tuple[Any, ...], ...] = (
    ("WEST YORKSHIRE PREVENT BUSINESS PLAN 2020/21",),
    ("Version 0.4, draft for the Silver group",),
    (),
    HEADER,
    ("PILLAR 1: IDENTIFY",),
    ("1.1", "Brief the neighbourhood teams", "Bradford District", "Wakefield Council; OPCC", "Bradford",
     "bradford.spoc@example.org", date(2020, 9, 30), "Every team briefed", "Dates agreed", "G"),
    ("1.2", "Map practice across the region", "WYP", "-", "All districts", "TBC", "Ongoing", None, None, None),
    (),
    HEADER,
    ("Safeguard",),
    ("2.1", "Train all officers\nand staff", "West Yorkshire Police", None, None, None, "Q3 2020/21", None, None, None),
    ("Note: dates are provisional until the funding is known.",),
    ("Key", "R: will miss. A: at risk. G: on track."),
)  # fmt: skip
MERGES = ("A1:J1", "A2:J2", "A5:J5", "A10:J10")


def workbook(
    rows: Sequence[Sequence[Any]] = ROWS, merges: Sequence[str] = MERGES, sheet: str = "Action plan"
) -> bytes:
    """An Excel workbook with a cover sheet in front of the plan."""
    book = Workbook()
    cover = book.worksheets[0]
    cover.title = "Cover"
    cover["B2"] = "Prevent Business Plan"
    cover["B2"].font = Font(bold=True)
    plan = book.create_sheet(sheet)
    for row in rows:
        plan.append(list(row))
    for merge in merges:
        plan.merge_cells(merge)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_cell(row: int, column: int, value: Any, rows: Sequence[Sequence[Any]] = ROWS) -> list[list[Any]]:
    """The plan's rows with one cell, counted from 1, set to another value."""
    copy = [list(cells) for cells in rows]
    copy[row - 1] += [None] * (column - len(copy[row - 1]))
    copy[row - 1][column - 1] = value
    return copy


def comma_separated(rows: Sequence[Sequence[Any]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(
        [f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row] for row in rows
    )
    return buffer.getvalue().encode()


def name_as_in_plans(cast: Cast) -> None:
    """Add the short names that plans use for the force and the OPCC."""
    for organisation, name in ((cast.police, "WYP"), (cast.opcc, "OPCC")):
        alias = OrganisationAlias(partnership=cast.yorkshire, organisation=organisation, name=name)
        save_reference(actor=SYSTEM, row=alias, at=EARLIER)


def request(
    cast: Cast,
    data: bytes | None = None,
    *,
    partnership: Partnership | None = None,
    plan_title: str | None = None,
    **other: Any,
) -> dict[str, Any]:
    importer = PlanImporter(
        partnership=partnership or cast.yorkshire,
        plan_title=cast.plan.title if plan_title is None else plan_title,
    )
    return {
        "actor": cast.manager,
        "importer": importer,
        "data": workbook() if data is None else data,
        "filename": "plan.xlsx",
        "at": AT,
    } | other


def preview(cast: Cast, data: bytes | None = None, **other: Any) -> PlanPreview:
    return preview_import(**request(cast, data, **other))


def import_plan(cast: Cast, data: bytes | None = None, **other: Any) -> PlanPreview:
    return apply_import(**request(cast, data, **other))


def messages(preview: Preview[Any, Any]) -> list[str]:
    return [str(problem) for problem in preview.problems]


def rows(*rows: tuple[Any, ...]) -> bytes:
    """A small plan: a header, the heading Identify, and the rows."""
    return workbook((HEADER, ("Identify",), *rows), ())
