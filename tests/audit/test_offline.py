"""An export is checked on a machine that has Python and nothing else."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit import verify as program
from audit.services import export_lines, public_key, system_ledger
from audit.verify import digest_of
from partners.models import Partnership
from tests.audit.conftest import AT

pytestmark = pytest.mark.django_db
Lines = list[dict[str, Any]]
BARE = [sys.executable, "-I", "-S"]  # no site packages, no PYTHON* variables, no current directory


@pytest.fixture
def export(signed: Partnership) -> Lines:
    """Line 0 is the header, 1 to 6 the entries, 7 the checkpoint."""
    return [json.loads(line) for line in export_lines(ledger=signed.ledger, at=AT)]


@pytest.fixture
def on_a_laptop(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Check lines with the one file, copied, in a bare Python with an empty environment."""
    alone = Path(shutil.copy(program.__file__, tmp_path / "verify.py"))

    def check(lines: Lines | bytes, *options: str) -> subprocess.CompletedProcess[str]:
        file = tmp_path / "ledger.jsonl"
        raw = (
            lines if isinstance(lines, bytes) else "".join(json.dumps(line) + "\n" for line in lines).encode()
        )
        file.write_bytes(raw)
        command = [*BARE, str(alone), *options, str(file)]
        return subprocess.run(command, capture_output=True, text=True, env={}, cwd=tmp_path, check=False)

    return check


Check = Callable[..., subprocess.CompletedProcess[str]]


def test_an_untouched_export_is_whole(export: Lines, on_a_laptop: Check) -> None:
    done = on_a_laptop(export)
    assert (done.returncode, done.stderr) == (0, "")
    assert "WHOLE" in done.stdout
    assert "NOT WHOLE" not in done.stdout
    assert "SIGNATURES NOT CHECKED" in done.stdout


def test_it_runs_as_a_module_without_settings(export: Lines, tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in export))
    root = Path(program.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-S", "-m", "audit.verify", str(file)],
        capture_output=True,
        text=True,
        env={},
        cwd=root,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_an_empty_ledger_is_whole(on_a_laptop: Check) -> None:
    lines = [json.loads(line) for line in export_lines(ledger=system_ledger(), at=AT)]
    assert on_a_laptop(lines).returncode == 0


def test_the_header_says_what_the_file_is(export: Lines) -> None:
    header = export[0]["header"]
    assert header["ledger"] == "West Yorkshire"
    assert (header["entries"], header["checkpoints"], header["head"]["sequence"]) == (6, 1, 6)
    assert [line["entry"]["sequence"] for line in export[1:7]] == [1, 2, 3, 4, 5, 6]


def alter_note(lines: Lines) -> None:
    lines[4]["entry"]["note"] = "never said"


def alter_with_digest(lines: Lines) -> None:
    alter_note(lines)
    lines[4]["digest"] = digest_of(lines[4]["entry"])


def alter_digest(lines: Lines) -> None:
    lines[4]["digest"] = lines[4]["digest"][::-1]


def alter_act(lines: Lines) -> None:
    lines[4]["entry"]["act"] = lines[3]["entry"]["act"]


def alter_state(lines: Lines) -> None:
    lines[4]["entry"]["state"]["name"] += " "


def add_fraction(lines: Lines) -> None:
    lines[4]["entry"]["state"]["order"] = 0.5


def lose_a_member(lines: Lines) -> None:
    del lines[4]["entry"]["sequence"]


def remove(lines: Lines) -> None:
    del lines[4]


def swap(lines: Lines) -> None:
    lines[4], lines[5] = lines[5], lines[4]


def insert(lines: Lines) -> None:
    lines.insert(4, {**lines[3], "entry": {**lines[3]["entry"], "sequence": 4}})


def repeat(lines: Lines) -> None:
    lines.insert(5, lines[4])


def forge_the_checkpoint(lines: Lines) -> None:
    lines[7]["checkpoint"] |= {"sequence": 4, "digest": "0" * 64}


@pytest.mark.parametrize(
    "tamper",
    [
        alter_note,
        alter_with_digest,
        alter_digest,
        alter_act,
        alter_state,
        add_fraction,
        lose_a_member,
        remove,
        swap,
        insert,
        repeat,
        forge_the_checkpoint,
    ],
)
def test_the_first_bad_sequence_is_named(
    export: Lines, on_a_laptop: Check, tamper: Callable[[Lines], None]
) -> None:
    tamper(export)
    done = on_a_laptop(export)
    assert done.returncode == 1
    assert "First bad sequence: 4\n" in done.stdout


def test_a_tail_cut_off_is_found_by_the_header(export: Lines, on_a_laptop: Check) -> None:
    done = on_a_laptop([*export[:5]])
    assert done.returncode == 1
    assert "First bad sequence: 5\n" in done.stdout


def test_a_tail_cut_off_with_the_header_adjusted_is_found_by_the_checkpoint(
    export: Lines, on_a_laptop: Check
) -> None:
    export[0]["header"] |= {"entries": 4, "head": {"sequence": 4, "digest": export[4]["digest"]}}
    done = on_a_laptop([*export[:5], export[7]])
    assert done.returncode == 1
    assert "First bad sequence: 5\n" in done.stdout
    assert on_a_laptop(export[:5]).returncode == 0  # which is why checkpoints are made


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "line 1 is not the header"),
        (b"{}\n", "line 1 is not the header"),
        (b"[]\n", "line 1 is not a JSON object"),
        (b"\xff\xfe\n", "line 1 is not UTF-8"),
        (b"not json\n", "line 1 is not JSON"),
        (b'{"header": {}, "header": {}}\n', "a name appears twice"),
        (b'{"header": {"format": "prevent-tracker-ledger", "version": 1}}\n', "version 2, not 1"),
        (b"[" * 100_000 + b"\n", "line 1"),
        (b'{"header": {"format": "prevent-tracker-ledger", "version": 2}}\n', "lacks the ledger"),
    ],
)
def test_a_file_that_is_no_export_is_unreadable_and_says_where(
    on_a_laptop: Check, raw: bytes, why: str
) -> None:
    done = on_a_laptop(raw)
    assert done.returncode == 2
    assert why in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "line", [b"garbage", b'{"entry": {"sequence": 4', b'{"neither": 1}', b'{"checkpoint": 3}']
)
def test_a_line_that_cannot_be_read_is_named(export: Lines, on_a_laptop: Check, line: bytes) -> None:
    raw = [json.dumps(one).encode() for one in export]
    raw[4] = line
    done = on_a_laptop(b"\n".join(raw))
    assert done.returncode == 2
    assert "line 5 " in done.stderr or "line 5:" in done.stderr


def test_a_missing_file_is_unreadable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main([str(tmp_path / "none.jsonl")]) == 2
    assert "Cannot read" in capsys.readouterr().err


def here(export: Lines, tmp_path: Path, *options: str) -> int:
    file = tmp_path / "ledger.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in export))
    return program.main([str(file), *options])


def test_signatures_are_checked_if_cryptography_is_installed(
    export: Lines, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert here(export, tmp_path) == 0
    assert public_key() in capsys.readouterr().out
    assert here(export, tmp_path, "--public-key", public_key()) == 0
    export[7]["signature"] = export[7]["signature"][1:86] + export[7]["signature"][0] + "=="
    assert here(export, tmp_path) == 1
    assert "First bad sequence: 6" in capsys.readouterr().out


def test_a_key_that_does_not_match_is_named_and_is_not_called_tampering(
    export: Lines, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    assert here(export, tmp_path, "--public-key", other) == 1
    printed = capsys.readouterr().out
    assert "THE KEY DOES NOT MATCH" in printed
    assert public_key() in printed
    assert "WHOLE" not in printed
    assert "BAD" not in printed


def test_a_key_that_cannot_be_tried_is_not_called_good(export: Lines, on_a_laptop: Check) -> None:
    done = on_a_laptop(export, "--public-key", public_key())
    assert done.returncode == 2
    assert "cryptography" in done.stderr
