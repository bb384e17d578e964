"""`manage.py import_plan`: the import of a plan from the command line."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from actions.models import Action
from audit.models import Entry
from tests.cast import Cast
from tests.importing.plans.tables import HEADER, with_cell, workbook

FILE = workbook(
    (
        HEADER,
        ("Identify",),
        ("1", "Brief the teams", "Bradford District"),
        ("2", "Map practice"),
        ("Note: draft",),
    ),
    (),
)


def run(
    path: Path, *options: str, plan: str = "Prevent Business Plan 2020/21", actor: str = "manager@example.org"
) -> str:
    out = StringIO()
    arguments = ["--partnership", "West Yorkshire", "--plan", plan, "--actor", actor, *options]
    call_command("import_plan", str(path), *arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(FILE)
    return path


def test_it_prints_each_row_and_the_counts(cast: Cast, path: Path) -> None:
    output = run(path)
    assert "Sheet Action plan, header in row 1\nColumns not imported: RAG\n" in output
    assert "Row 3: 1 Brief the teams: created\n" in output
    assert "Note, not imported: Note: draft\n" in output
    assert output.endswith("Imported: created 2, updated 0, unchanged 0, skipped 0, rejected 0\n")
    assert Action.objects.count() == 2


def test_a_second_run_changes_nothing_and_a_changed_file_says_what_changed(cast: Cast, path: Path) -> None:
    run(path)
    before = Entry.objects.count()
    assert run(path).endswith("Imported: created 0, updated 0, unchanged 2, skipped 0, rejected 0\n")
    assert Entry.objects.count() == before
    path.write_bytes(workbook((HEADER, ("Identify",), ("1", "Brief every team", "Leeds District")), ()))
    output = run(path)
    assert "Row 3: 1 Brief every team: updated\n  Title: Brief the teams -> Brief every team\n" in output
    assert "  Lead organisation: Bradford District -> Leeds District\n" in output
    assert "Not in the file, not changed: 2 Map practice\n" in output


def test_a_dry_run_does_nothing(cast: Cast, path: Path) -> None:
    before = Entry.objects.count()
    assert run(path, "--dry-run").endswith(
        "Would be: created 2, updated 0, unchanged 0, skipped 0, rejected 0\n"
    )
    assert Entry.objects.count() == before
    assert not Action.objects.exists()


def test_problems_are_printed_with_their_places_and_it_exits_1(cast: Cast, path: Path) -> None:
    path.write_bytes(workbook(with_cell(6, 3, "Acme")))
    out = StringIO()
    with pytest.raises(CommandError, match="problem") as refused:
        call_command(
            "import_plan", str(path), partnership="West Yorkshire", plan="Prevent Business Plan 2020/21",
            actor="manager@example.org", stdout=out, stderr=out,
        )  # fmt: skip
    assert refused.value.returncode == 1
    assert (
        "sheet Action plan, row 6, column C (Lead agency): \u201cAcme\u201d is not an organisation"
        in out.getvalue()
    )
    assert not Action.objects.exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"actor": "nobody@example.org"},
            "There is no active account with the e-mail address nobody@example.org",
        ),
        (
            {"actor": "bradford.spoc@example.org"},
            "bradford.spoc@example.org: You can view this plan but not change it",
        ),
        ({"plan": "Some plan"}, "names no financial year"),
    ],
)
def test_a_refusal_is_printed(cast: Cast, path: Path, options: dict[str, str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run(path, **options)


def test_an_unknown_file_sheet_or_partnership_is_named(cast: Cast, path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run(path.with_name("other.xlsx"))
    with pytest.raises(CommandError, match="There is no sheet called Plan"):
        run(path, "--sheet", "Plan")
    with pytest.raises(CommandError, match="There is no partnership called Rutland"):
        run(path, "--partnership", "Rutland")
