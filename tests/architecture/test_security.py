"""docs/security.md names for each requirement of ASVS its evidence, or who owns it and why it is open."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) [^|]+\| (yes|open) \| (.+) \|$", re.MULTILINE)
PATH = re.compile(r"`([a-z_]+/[\w/.]+\.(?:py|html))(?:::(\w+))?`")
LINK = re.compile(r"\]\([\w.]*#[\w-]+\)")
# Levels 1 and 2 of chapters 6 and 7: the last requirement of each section. Level 3 comes last in each.
SECTIONS = {
    "6.1": 3,
    "6.2": 11,
    "6.3": 3,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
}
ROWS = ROW.findall((ROOT / "docs/security.md").read_text("utf-8"))


def test_no_requirement_is_missing() -> None:
    expected = [f"{section}.{number}" for section, last in SECTIONS.items() for number in range(1, last + 1)]
    assert [number for number, _, _ in ROWS] == expected


@pytest.mark.parametrize(("number", "met", "evidence"), ROWS, ids=[row[0] for row in ROWS])
def test_the_evidence_exists(number: str, met: str, evidence: str) -> None:
    paths = PATH.findall(evidence)
    if met == "open":
        assert re.match(r"\w+: \w+", evidence), "names an owner and a reason"
    else:
        assert paths or LINK.search(evidence)
    for path, test in paths:
        text = (ROOT / path).read_text("utf-8")
        assert not test or f"def {test}(" in text, f"{path} has no {test}"
