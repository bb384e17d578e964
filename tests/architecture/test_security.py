"""docs/security/asvs.md names for each requirement of ASVS its evidence, or who owns it and why it is open."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) [^|]+\| (yes|open|n/a) \| (.+) \|$", re.MULTILINE)
PATH = re.compile(r"`((?:[a-z_]+/[\w/.-]*|\.dockerignore|pyproject\.toml|requirements\.txt))(?:::(\w+))?`")
LINK = re.compile(r"\]\([\w./-]*(?:#[\w-]+|\.md)\)")
# Levels 1 and 2: the last requirement of each section. Level 3 comes last in each.
SECTIONS = {
    "1.1": 2,
    "1.2": 9,
    "1.3": 11,
    "1.4": 3,
    "1.5": 2,
    "2.1": 3,
    "2.2": 3,
    "2.3": 4,
    "2.4": 1,
    "3.2": 2,
    "3.3": 4,
    "3.4": 6,
    "3.5": 5,
    "3.7": 2,
    "4.1": 3,
    "4.2": 1,
    "4.3": 2,
    "4.4": 4,
    "5.1": 1,
    "5.2": 3,
    "5.3": 2,
    "5.4": 3,
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
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
    "8.1": 2,
    "8.2": 3,
    "8.3": 1,
    "8.4": 1,
    "9.1": 3,
    "9.2": 4,
    "10.1": 2,
    "10.2": 2,
    "10.3": 4,
    "10.4": 11,
    "10.5": 5,
    "10.6": 2,
    "10.7": 3,
    "11.1": 2,
    "11.2": 3,
    "11.3": 3,
    "11.4": 4,
    "11.5": 1,
    "11.6": 1,
    "12.1": 3,
    "12.2": 2,
    "12.3": 4,
    "13.1": 1,
    "13.2": 5,
    "13.3": 2,
    "13.4": 5,
    "14.1": 2,
    "14.2": 4,
    "14.3": 3,
    "15.1": 3,
    "15.2": 3,
    "15.3": 7,
    "16.1": 1,
    "16.2": 5,
    "16.3": 4,
    "16.4": 3,
    "16.5": 3,
    "17.1": 1,
    "17.2": 4,
    "17.3": 2,
}
ROWS = ROW.findall((ROOT / "docs/security/asvs.md").read_text("utf-8"))


def test_no_requirement_is_missing() -> None:
    expected = [f"{section}.{number}" for section, last in SECTIONS.items() for number in range(1, last + 1)]
    assert [number for number, _, _ in ROWS] == expected


@pytest.mark.parametrize(("number", "met", "evidence"), ROWS, ids=[row[0] for row in ROWS])
def test_the_evidence_exists(number: str, met: str, evidence: str) -> None:
    paths = PATH.findall(evidence)
    if met == "open":
        assert re.match(r"\w+: \w+", evidence), "names an owner and a reason"
    elif met == "yes":
        assert paths or LINK.search(evidence)
    for path, test in paths:
        assert (ROOT / path).exists(), f"{path} is not there"
        assert not test or f"def {test}(" in (ROOT / path).read_text("utf-8"), f"{path} has no {test}"
