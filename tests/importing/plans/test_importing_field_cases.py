"""Plans as forces and councils send them, each once refused or misread."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actions.actions.services import allocate_action
from actions.models import Action
from audit.actors import SYSTEM
from audit.models import Entry
from importing.engine.services.contents import Outcome
from importing.plans.services.contents import PlanPreview
from partners.models import Organisation
from partners.organisations.services import save_reference
from tests.cast import AT, EARLIER, Cast
from tests.factories import ActionFactory
from tests.importing.plans.tables import comma_separated, import_plan, messages, preview, workbook

FILES = Path(__file__).parent / "files"


@pytest.fixture(autouse=True)
def leeds(cast: Cast) -> None:
    row = Organisation(partnership=cast.yorkshire, name="Leeds Council", kind="council")
    save_reference(actor=SYSTEM, row=row, at=EARLIER)


def case(cast: Cast, name: str) -> PlanPreview:
    return preview(cast, (FILES / name).read_bytes(), filename=name)


def test_formulas_filled_down_past_the_data_do_not_stop_a_plan(cast: Cast) -> None:
    plan_preview = case(cast, "prefilled.xlsx")
    assert messages(plan_preview) == []
    assert [row.ref for row in plan_preview.rows] == ["FT-01", "FT-02"]


def test_a_month_is_due_on_its_last_day(cast: Cast) -> None:
    outcome = import_plan(cast, (FILES / "month-cells.xlsx").read_bytes(), filename="month-cells.xlsx")
    assert messages(outcome) == []
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


def test_only_an_impossible_date_among_usual_timescales_refuses_a_plan(cast: Cast) -> None:
    plan_preview = case(cast, "timescales.xlsx")
    (problem,) = messages(plan_preview)
    assert "row 30, column E (By when): \u201c31/6/2020\u201d is not a real date" in problem
    due = {row.due_phrase: row.new_value("due") for row in plan_preview.rows}
    assert due["Sept 2020 \u2013 March 2021"] == due["Apr 20 - Mar 21"] == date(2021, 3, 31)
    assert due["April/May 2021"] == date(2021, 5, 31)
    assert (due["Within 6 months"], due["Autumn 2020"], due["early 2021"], due["ASAP"]) == (
        None,
        None,
        None,
        None,
    )
    assert (
        "sheet Plan, row 8, column E (By when): \u201cWithin 6 months\u201d is not a date, so it is not imported: "
        "set the date on the action's page"
    ) in plan_preview.warnings


def test_a_due_phrase_without_a_date_is_in_the_ledger(cast: Cast, signed_in: Any) -> None:
    data = b"Ref,Pillar,Action,By when\nFT-07,Identify,Brief,Within 6 months\n"
    outcome = import_plan(cast, data, filename="plan.csv")
    assert len(outcome.warnings) == 1
    assert Action.objects.get().due is None
    assert Entry.objects.get(verb="action.imported").note.endswith("due as printed: Within 6 months")


def test_warnings_are_shown_on_the_preview_page(
    cast: Cast, signed_in: Any, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("filtered.xlsx", (FILES / "filtered.xlsx").read_bytes())
    response = signed_in("manager").post(
        reverse("importing:plan-import", args=[cast.plan.pk]), {"file": file}
    )
    assert "3 hidden rows were read, rows 2, 4, 6." in response.content.decode()


def test_a_long_action_gets_a_shortened_title_and_its_whole_text_as_description(cast: Cast) -> None:
    data = (FILES / "long.xlsx").read_bytes()
    outcome = import_plan(cast, data, filename="long.xlsx")
    action = Action.objects.get()
    assert len(action.description) == 252
    assert action.title.endswith("\u2026")
    assert len(action.title) <= 200
    assert action.description.startswith(f"{action.title[:-1]} ")
    (warning,) = outcome.warnings
    assert f"the title is shortened to \u201c{action.title}\u201d" in warning
    again = preview(cast, data, filename="long.xlsx")
    assert [row.outcome for row in again.rows] == [Outcome.UNCHANGED]


def test_a_long_action_is_put_before_its_description(cast: Cast) -> None:
    text = "Work with the colleges " * 12
    data = f"Ref,Pillar,Action,Description\n1,Identify,{text},How we do it\n".encode()
    import_plan(cast, data, filename="plan.csv")
    assert Action.objects.get().description == f"{text.strip()}\n\nHow we do it"
    assert not preview(cast, data, filename="plan.csv").changes_anything


@pytest.mark.parametrize(
    ("name", "title", "page"),
    [
        ("cp1252.csv", "Award a £5,000 grant \u2013 café meeting", ""),
        ("cp850-msdos.csv", "Award a £5,000 grant - café meeting", "MS-DOS text (code page 850)"),
        ("macroman.csv", "Award a £5,000 grant \u2013 café meeting", "Mac text (Mac OS Roman)"),
    ],
)
def test_code_pages_are_recognised_and_a_guess_is_shown(cast: Cast, name: str, title: str, page: str) -> None:
    plan_preview = case(cast, name)
    assert [row.title for row in plan_preview.rows] == [title]
    if page:
        (warning,) = plan_preview.warnings
        assert f"It was read as {page}" in warning
        assert "£5,000 grant" in warning
    else:
        assert plan_preview.warnings == []


@pytest.mark.parametrize(
    ("name", "title", "warning"),
    [
        ("cr-only.csv", "Award a £5,000 grant \u2013 café meeting", ""),
        ("sylk.csv", "Award a £5,000 grant \u2013 café meeting", ""),
        ("utf8-sep-line.csv", "Award a £5,000 grant; café", ""),
        ("utf16-unicode-text.csv", "Award a £5,000 grant \u2013 café meeting", "Row 2 has other separators"),
    ],
)
def test_lines_and_separators_of_any_program_are_read(
    cast: Cast, name: str, title: str, warning: str
) -> None:
    plan_preview = case(cast, name)
    (row,) = plan_preview.rows
    assert (row.ref, row.title, row.new_value("due")) == ("FT-01", title, date(2021, 3, 31))
    assert [text[: len(warning)] for text in plan_preview.warnings] == ([warning] if warning else [])
    assert messages(plan_preview) == []


def test_a_heading_with_commas_is_not_split(cast: Cast) -> None:
    data = "Ref\tAction\tOwner\nStrand 2, Safeguard, all\nREC 4\tBrief\t\n".encode("utf-16")
    plan_preview = preview(cast, data, filename="plan.csv")
    assert ([row.ref for row in plan_preview.rows], plan_preview.warnings) == (["REC 4"], [])


@pytest.mark.parametrize("name", ["last-row.xlsx", "empty-styled-rows.xlsx"])
def test_empty_rows_that_a_workbook_counts_as_used_are_not_read(cast: Cast, name: str) -> None:
    plan_preview = case(cast, name)
    assert [row.ref for row in plan_preview.rows] == ["FT-01"]
    assert messages(plan_preview) == []


def test_a_plan_of_ten_thousand_rows_is_refused_with_what_to_do(cast: Cast) -> None:
    rows = "".join(f"{number},Identify,Brief\n" for number in range(10_000))
    with pytest.raises(ValidationError, match="more than 5,000 rows. Split it into smaller files"):
        preview(cast, f"Ref,Pillar,Action\n{rows}".encode(), filename="plan.csv")


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "mac_roman"])
@pytest.mark.parametrize(
    "text",
    [
        "Meet at the Café Métropole in Besançon",
        "£250 for each school and £1,000 for the college",
        "ÉCOLE FRANÇAISE and Zoë\u2019s naïve façade",
        "Señor Nuñez, Müller and Ångström",
        "Budget: £40 \u2013 £50 “at most”",
    ],
)
def test_words_of_any_of_the_code_pages_are_read(cast: Cast, encoding: str, text: str) -> None:
    text = text.encode(encoding, "ignore").decode(encoding)
    data = f'Ref,Pillar,Action\n1,Identify,"{text}"\n'.encode(encoding)
    assert [row.title for row in preview(cast, data, filename="plan.csv").rows] == [" ".join(text.split())]


def test_letters_that_fit_no_code_page_are_in_the_warning(cast: Cast) -> None:
    data = b"Ref,Pillar,Action\n1,Identify,Strange \xaa\xb9\xd7 signs\n"
    (warning,) = preview(cast, data, filename="plan.csv").warnings
    assert "save the file as “CSV UTF-8”" in warning


def test_references_are_read_as_written_with_plain_hyphens(cast: Cast) -> None:
    plan_preview = case(cast, "references.xlsx")
    refs = [row.ref for row in plan_preview.rows]
    assert refs == [
        *("1.1(a)", "2a", "A1/2", "3", "R1 & R2", "CT4-2", "WY20-SG-02", "1.1.1", "12", "REC 4", "4.10"),
        *("WY 21", "1.1", "Obj1-A1"),
    ]
    assert messages(plan_preview) == []


def test_actions_of_any_reference_are_created_and_found_again(cast: Cast) -> None:
    data = (
        "Ref,Pillar,Action\nREC\u00a04,Identify,Brief\n1.1 (a).,Identify,Map\n[2],Identify,Train\n".encode()
    )
    import_plan(cast, data, filename="plan.csv")
    assert sorted(Action.objects.values_list("ref", flat=True)) == ["1.1 (a)", "REC 4", "[2]"]
    again = b"Ref,Pillar,Action\nrec  4,Identify,Brief\n1.1 (A),Identify,Map\n[2],Identify,Train\n"
    assert [row.outcome for row in preview(cast, again, filename="plan.csv").rows] == [Outcome.UNCHANGED] * 3


def test_a_heading_with_a_number_is_no_reference(cast: Cast) -> None:
    data = b"Ref,Action,Owner\nStrand 2 Safeguard,,\nREC 4,Brief,\n"
    plan_preview = preview(cast, data, filename="plan.csv")
    assert [row.ref for row in plan_preview.rows] == ["REC 4"]
    assert messages(plan_preview) == []


def test_a_typographic_hyphen_finds_the_recorded_action(cast: Cast) -> None:
    ActionFactory(cast=cast, unallocated=True, ref="WY20-SG-02", title="Brief")
    data = "Ref,Action\nWY20\u2011SG\u201102,Brief\n".encode()
    assert [row.outcome for row in preview(cast, data, filename="plan.csv").rows] == [Outcome.UNCHANGED]


def test_a_revised_date_is_the_due_date_and_the_first_one_the_original(cast: Cast) -> None:
    rows = [
        ("Ref", "Pillar", "Action", "Lead agency", "Owner", "Target date", "Revised target date"),
        (
            "1",
            "Identify",
            "Brief",
            "Bradford District",
            "bradford.spoc@example.org",
            "30/09/2020",
            "31/03/2021",
        ),
        ("2", "Identify", "Map", "Bradford District", "bradford.spoc@example.org", "31/12/2020", ""),
    ]
    import_plan(cast, comma_separated(rows), filename="plan.csv")
    assert list(Action.objects.order_by("ref").values_list("due", "original_due", "moves")) == [
        (date(2021, 3, 31), date(2020, 9, 30), 1),
        (date(2020, 12, 31), date(2020, 12, 31), 0),
    ]


def test_numbered_sections_are_the_pillars_of_a_plan_without_any(cast: Cast) -> None:
    data = (FILES / "key-action.xlsx").read_bytes()
    outcome = import_plan(cast, data, filename="key-action.xlsx", plan_title="Action Plan 2020/21")
    assert [pillar.name for pillar in outcome.new_pillars] == ["Working with voluntary groups", "Governance"]
    refs = Action.objects.filter(plan=outcome.target).order_by("ref").values_list("ref", "pillar__name")
    assert list(refs) == [
        ("1.1", "Working with voluntary groups"),
        ("1.2", "Working with voluntary groups"),
        ("2.1", "Governance"),
    ]


def test_both_tables_of_a_sheet_are_imported(cast: Cast) -> None:
    plan_preview = case(cast, "other-order.xlsx")
    assert [row.ref for row in plan_preview.rows] == ["FT-01", "FT-02", "FT-03"]
    (problem,) = messages(plan_preview)
    assert "row 7, column E (Lead agency): \u201cOPCC\u201d is not an organisation" in problem


def test_another_table_below_the_actions_is_named_and_not_imported(cast: Cast) -> None:
    rows = [
        *("Ref,Pillar,Action,Lead agency,By when", "1,Identify,Brief,Leeds Council,May 2021", ",,,,"),
        *("Risk no,Risk,Owner,Score,", "R1,Staff leave,Inspector,12,", "R2,No funding,Chair,9,", ",,,,"),
        *("Ref,Pillar,Action,Lead agency,By when", "2,Identify,Map,Leeds Council,June 2021"),
    ]
    plan_preview = preview(cast, "\n".join(rows).encode(), filename="plan.csv")
    assert messages(plan_preview) == []
    assert [row.ref for row in plan_preview.rows] == ["1", "2"]
    assert plan_preview.warnings == [
        "Row 4 begins another table (Risk no, Risk, Owner, Score). Its rows, 4 to 6, were left out."
    ]


def test_an_action_with_a_letter_as_reference_begins_no_other_table(cast: Cast) -> None:
    rows = [
        *("Ref,Pillar,Action,Lead agency", "1,Identify,Brief,Leeds Council", ",,,"),
        *("B,Identify,Map,Leeds Council", "2,Identify,Visit,Leeds Council"),
    ]
    (problem,) = messages(preview(cast, "\n".join(rows).encode(), filename="plan.csv"))
    assert "“B” is not a reference: it needs a number" in problem


def test_a_number_whose_zero_the_spreadsheet_dropped_is_explained(cast: Cast) -> None:
    rows = [("Ref", "Pillar", "Action"), (1.1, "Identify", "Brief"), (1.1, "Identify", "Map")]
    (problem,) = messages(preview(cast, workbook(rows, ()), filename="plan.xlsx"))
    assert (
        "is also the reference of row 2. A spreadsheet shows the number 1.10 as 1.1: format the cell"
        in problem
    )


def test_a_revised_date_of_an_action_without_owner_keeps_the_first_one(cast: Cast) -> None:
    outcome = import_plan(cast, (FILES / "revised.xlsx").read_bytes(), filename="revised.xlsx")
    assert [(change.label, change.new) for change in outcome.rows[0].listed_changes][-1] == (
        "Original due date",
        "30 September 2020",
    )
    first, second = Action.objects.order_by("ref")
    assert (first.due, first.original_due, first.moves) == (date(2021, 3, 31), date(2020, 9, 30), 1)
    assert (second.due, second.original_due, second.moves) == (date(2020, 12, 31), None, 0)
    for action in (first, second):
        allocate_action(
            actor=cast.manager,
            action=action,
            lead=cast.bradford_district,
            owner=cast.bradford_spoc,
            due=date(2021, 3, 31),
            at=AT,
        )
    assert list(Action.objects.order_by("ref").values_list("original_due", "moves")) == [
        (date(2020, 9, 30), 1),
        (date(2021, 3, 31), 0),
    ]
