"""Plans as forces and councils send them, each once refused or misread."""

from datetime import date
from pathlib import Path

import pytest

from actions.models import Action
from actions.services.importing import Preview
from audit.actors import SYSTEM
from audit.models import Entry
from partners.models import Organisation
from partners.services import save_reference
from tests.actions.importing_files import imported, messages, preview
from tests.cast import EARLIER, Cast

FILES = Path(__file__).parent / "files"


@pytest.fixture(autouse=True)
def leeds(cast: Cast) -> None:
    row = Organisation(partnership=cast.yorkshire, name="Leeds Council", kind="council")
    save_reference(actor=SYSTEM, row=row, at=EARLIER)


def case(cast: Cast, name: str) -> Preview:
    return preview(cast, (FILES / name).read_bytes(), filename=name)


def test_formulas_filled_down_past_the_data_do_not_stop_a_plan(cast: Cast) -> None:
    found = case(cast, "prefilled.xlsx")
    assert messages(found) == []
    assert [row.ref for row in found.rows] == ["FT-01", "FT-02"]


def test_a_month_is_due_at_its_end_and_kept_as_it_is_shown(cast: Cast) -> None:
    found = imported(cast, (FILES / "month-cells.xlsx").read_bytes(), filename="month-cells.xlsx")
    assert messages(found) == []
    assert list(Action.objects.order_by("ref").values_list("due", flat=True)) == [
        date(2021, 3, 31),
        date(2021, 3, 31),
        date(2020, 9, 30),
        date(2020, 9, 15),
    ]
    notes = list(
        Entry.objects.filter(verb="action.imported").order_by("sequence").values_list("note", flat=True)
    )
    assert [note.rpartition("as printed: ")[2] for note in notes] == [
        "Mar-21",
        "Mar-21",
        "September 2020",
        "15/09/2020",
    ]


def test_hidden_rows_are_counted_in_the_preview(cast: Cast) -> None:
    assert case(cast, "filtered.xlsx").warnings[0] == "3 hidden rows were read, rows 2, 4, 6."
