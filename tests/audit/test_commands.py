import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from audit import verify as program
from audit.models import Checkpoint
from audit.services import public_key
from partners.models import Partnership
from tests.audit.conftest import add_area, open_partnership

pytestmark = pytest.mark.django_db
Sql = Callable[..., None]
ANOTHER_KEY = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="  # the bytes 32 to 63


def run(command: str, *arguments: str) -> tuple[int, str]:
    """Return the exit status and what was printed."""
    out = StringIO()
    try:
        call_command(command, *arguments, stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_verification_of_every_ledger(chain: Partnership) -> None:
    open_partnership("Leicestershire")
    status, printed = run("verify_ledger")
    assert status == 0
    assert "West Yorkshire: whole (6 entries" in printed
    assert "Leicestershire: whole (1 entries" in printed


def test_verification_names_the_first_bad_sequence_and_exits_1(chain: Partnership, sql: Sql) -> None:
    open_partnership("Leicestershire")
    sql(
        "UPDATE audit_entry SET note = 'never said' WHERE sequence IN (3, 5) AND ledger_id = %s",
        chain.ledger_id,
    )
    status, printed = run("verify_ledger", "--partnership", "West Yorkshire")
    assert status == 1
    assert "First bad sequence: 3\n" in printed
    assert run("verify_ledger")[0] == 1
    assert run("verify_ledger", "--partnership", "Leicestershire")[0] == 0


def test_verification_of_a_strayed_row_exits_1(chain: Partnership, sql: Sql) -> None:
    sql("UPDATE partners_area SET name = 'Kirklee' WHERE name = 'Kirklees'")
    status, printed = run("verify_ledger", "--partnership", "West Yorkshire")
    assert status == 1
    assert "First bad sequence: 5\n" in printed


@pytest.mark.parametrize("command", ["verify_ledger", "checkpoint_ledger", "export_ledger"])
def test_an_unknown_partnership_is_named(chain: Partnership, tmp_path: Path, command: str) -> None:
    more = [str(tmp_path / "x.jsonl")] if command == "export_ledger" else []
    with pytest.raises(CommandError, match="no partnership called 'West Yorkshir'"):
        call_command(command, "--partnership", "West Yorkshir", *more)


def test_an_export_can_be_checked(signed: Partnership, tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    status, printed = run("export_ledger", "--partnership", "West Yorkshire", str(file))
    assert status == 0
    assert "8 lines" in printed
    assert list(tmp_path.iterdir()) == [file]
    assert program.main([str(file), "--public-key", public_key()]) == 0


def test_an_export_holds_one_partnership_alone(signed: Partnership, tmp_path: Path) -> None:
    add_area(open_partnership("Leicestershire"), "Leicester")
    _, printed = run("export_ledger", "--partnership", "Leicestershire", "-")
    lines = [json.loads(line) for line in printed.splitlines()]
    assert [line["entry"]["target"]["label"] for line in lines[1:]] == ["Leicestershire", "Leicester"]


def test_a_tampered_ledger_is_exported_as_it_is(signed: Partnership, sql: Sql, tmp_path: Path) -> None:
    sql("UPDATE audit_entry SET note = 'never said' WHERE sequence = 3")
    file = tmp_path / "ledger.jsonl"
    assert run("export_ledger", "--partnership", "West Yorkshire", str(file))[0] == 0
    assert program.main([str(file)]) == 1


def test_an_export_that_cannot_be_written_says_so(chain: Partnership, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Cannot write"):
        call_command(
            "export_ledger", "--partnership", "West Yorkshire", str(tmp_path / "none" / "ledger.jsonl")
        )


def test_a_checkpoint_signs_the_head_once(chain: Partnership) -> None:
    for _ in range(2):
        status, printed = run("checkpoint_ledger", "--partnership", "West Yorkshire")
        assert status == 0
        assert f"Public key: {public_key()}\n" in printed
        assert "signed up to 6" in printed
    assert Checkpoint.objects.count() == 1
    add_area(chain, "Calderdale")
    assert "signed up to 7" in run("checkpoint_ledger")[1]
    assert list(Checkpoint.objects.values_list("sequence", flat=True)) == [6, 7]
    assert run("verify_ledger")[0] == 0


def test_a_wrong_signing_key_is_named_and_is_not_called_tampering(
    signed: Partnership, settings: Settings
) -> None:
    key = public_key()
    settings.LEDGER_SIGNING_KEY = ANOTHER_KEY
    status, printed = run("verify_ledger")
    assert status == 1
    assert (
        f"THE SIGNING KEY DOES NOT MATCH. 1 checkpoint up to entry 6 was signed with another key: {key}"
        in printed
    )
    assert "LEDGER_FORMER_PUBLIC_KEYS" in printed
    for word in ("BAD", "NOT WHOLE", "First bad sequence", "West Yorkshire: whole"):
        assert word not in printed


def test_tampering_is_named_whatever_the_key(signed: Partnership, settings: Settings, sql: Sql) -> None:
    settings.LEDGER_SIGNING_KEY = ANOTHER_KEY
    sql("UPDATE audit_entry SET note = 'never said' WHERE sequence = 3")
    status, printed = run("verify_ledger")
    assert status == 1
    assert "First bad sequence: 3" in printed
    assert "THE SIGNING KEY DOES NOT MATCH" in printed


def test_a_signature_that_is_not_good_is_bad_whatever_the_key(
    signed: Partnership, settings: Settings, sql: Sql
) -> None:
    settings.LEDGER_SIGNING_KEY = ANOTHER_KEY
    sql("UPDATE audit_checkpoint SET signature = substr(signature, 2, 85) || substr(signature, 1, 1) || '=='")
    status, printed = run("verify_ledger")
    assert status == 1
    assert "BAD the signature of the checkpoint at 6 is not good" in printed


def test_a_checkpoint_of_a_former_key_that_is_named_stays_good(
    signed: Partnership, settings: Settings
) -> None:
    former = public_key()
    settings.LEDGER_SIGNING_KEY = ANOTHER_KEY
    settings.LEDGER_FORMER_PUBLIC_KEYS = [former]
    assert run("verify_ledger")[0] == 0


def test_without_a_key_verification_says_what_it_could_not_compare(
    signed: Partnership, settings: Settings
) -> None:
    settings.LEDGER_SIGNING_KEY = ""
    status, printed = run("verify_ledger")
    assert status == 0
    assert "LEDGER_SIGNING_KEY is not set" in printed


@pytest.mark.parametrize(
    ("key", "why"),
    [("", "is not set"), ("not base64!", "is not base64"), ("AAEC", "32 bytes in base64, not 3")],
)
def test_a_checkpoint_without_a_usable_key_is_refused(
    chain: Partnership, settings: Settings, key: str, why: str
) -> None:
    settings.LEDGER_SIGNING_KEY = key
    with pytest.raises(CommandError, match=why):
        call_command("checkpoint_ledger")
    assert not Checkpoint.objects.exists()
