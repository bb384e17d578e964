"""The identities of a paper: none is broken by what is counted, and each names what was tampered with."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from reports.figures.catalogue import KINDS, Last
from reports.figures.identities import differences
from reports.record.rows import ActionRow, FindingRow, Record, as_json

ON = date(2020, 6, 12)


def action(ref: str, **fields: Any) -> ActionRow:
    row: dict[str, Any] = {
        "pk": int(ref.rpartition("-")[2]),
        "title": f"Action {ref}",
        "pillar": "Identify",
        "district": "Bradford",
        "lead": "Bradford District",
        "state": "in_progress",
        "rag": "green",
        "original_due": date(2020, 9, 30),
        "due": date(2020, 9, 30),
        "allocated_on": date(2020, 4, 1),
    }
    return ActionRow(ref=ref, **(row | fields))


BEFORE = Record(
    on=date(2020, 5, 15),
    pillars=["Identify", "Safeguard"],
    districts=["Bradford", "Leeds", "Force-wide"],
    actions=[
        action("WY-1"),
        action("WY-2", pillar="Safeguard"),
        action("WY-3", state="complete", rag="", closed_on=date(2020, 5, 1)),
        action("WY-4"),
        action("WY-5", district="Leeds"),
    ],
)
NOW = Record(
    on=ON,
    pillars=["Identify", "Safeguard"],
    districts=["Bradford", "Leeds", "Force-wide"],
    joint=frozenset({"WY-4"}),
    actions=[
        action("WY-1", state="complete", rag="", closed_on=date(2020, 6, 1)),
        action("WY-2", rag="red", due=date(2020, 6, 1), original_due=date(2020, 2, 1), moves=2),
        action("WY-3"),
        action("WY-5", district="Force-wide", due=date(2020, 12, 31), moves=1),
        action("WY-6", state="complete", rag="", closed_on=date(2020, 6, 2)),
        action("WY-7", state="not_started", rag="", publication="publish"),
    ],
    findings=[
        FindingRow(
            pk=number,
            label=f"Recommendation {number}",
            inspection="CT4",
            kind="recommendation",
            own="implemented" if number == 1 else "in_progress",
            own_label="",
            is_closed=number == 1,
        )
        for number in (1, 2)
    ],
)


def content_of(record: Record, last: Record | None = None) -> dict[str, Any]:
    opening = None
    if last is not None:
        opening = Last(last.on.isoformat(), [as_json(row, last.on) for row in last.actions])
    return {
        "on": record.on.isoformat(),
        "rows": [as_json(row, record.on) for row in record.actions],
        "joint": sorted(record.joint),
        "sections": [
            {
                "heading": kind.heading,
                "tables": kind.tables(record, opening),
                "passages": [],
                "facts_on": None,
            }
            for kind in KINDS.values()
            if kind.tables
        ],
    }


CONTENT, PREVIOUS = content_of(NOW, BEFORE), content_of(BEFORE)


def table_of(content: dict[str, Any], key: str) -> dict[str, Any]:
    return next(
        table for section in content["sections"] for table in section["tables"] if table["key"] == key
    )


def printed(content: dict[str, Any], key: str, label: str) -> list[int]:
    line = next(row for row in table_of(content, key)["rows"] if row["label"] == label)
    return [cell["n"] for cell in line["cells"]]


def test_what_is_counted_reconciles() -> None:
    assert differences(CONTENT, PREVIOUS) == []
    assert differences(PREVIOUS) == []


def test_every_change_since_the_last_paper_has_its_column() -> None:
    """WY-1 and the new WY-6 closed, WY-3 reopened, WY-4 was split, WY-2 changed its pillar and WY-5 its district."""
    assert printed(CONTENT, "roll-forward", "All") == [4, 2, 1, 1, 2, 0, 0, 1, 1, 4]
    assert printed(CONTENT, "roll-forward", "Identify") == [3, 2, 1, 1, 2, 0, 0, 0, 1, 4]
    assert printed(CONTENT, "roll-forward", "Safeguard") == [1, 0, 0, 0, 0, 0, 0, 1, 0, 0]
    assert printed(CONTENT, "roll-forward-districts", "Leeds") == [1, 0, 0, 0, 0, 0, 0, 1, 0, 0]


def test_overdue_is_counted_on_both_date_bases() -> None:
    assert printed(CONTENT, "overdue", "All") == [1, 1]
    assert printed(CONTENT, "overdue", "1 to 30 days") == [1, 0]
    assert printed(CONTENT, "overdue", "91 to 180 days") == [0, 1]


def cell(content: dict[str, Any], key: str, line: int, column: int) -> dict[str, Any]:
    found: dict[str, Any] = table_of(content, key)["rows"][line]["cells"][column]
    return found


def _vanish(content: dict[str, Any]) -> None:
    content["joint"] = []
    for key in ("roll-forward", "roll-forward-districts"):
        for line in table_of(content, key)["rows"]:
            line["cells"][8] = {"n": 0, "refs": []}


TAMPERED: list[tuple[int, str, Callable[[dict[str, Any]], Any]]] = [
    (1, "WY-4", _vanish),
    (2, "WY-7", lambda content: content["rows"][5].update(declared="red")),
    (3, "WY-2", lambda content: cell(content, "district-by-pillar", 3, 2)["refs"].remove("WY-2")),
    (4, "WY-1", lambda content: content["joint"].append("WY-1")),
    (5, "WY-2", lambda content: cell(content, "overdue", 0, 0).update(n=0, refs=[])),
    (6, "WY-2", lambda content: cell(content, "slippage", 0, 3).update(n=1)),
    (7, "CT4: Recommendation 2", lambda content: cell(content, "recommendations", 0, 1).update(n=0, refs=[])),
    (9, "WY-7", lambda content: content["rows"][5].update(marking="OFFICIAL-SENSITIVE")),
    (11, "WY-1", lambda content: cell(content, "districts", 0, 0).update(n=99)),
    (12, "WY-1", lambda content: content["rows"][0].update(closed_on="2020-06-13")),
]


@pytest.mark.parametrize(("number", "ref", "tamper"), TAMPERED, ids=lambda value: str(value)[:12])
def test_what_does_not_add_up_is_named_with_its_rows(
    number: int, ref: str, tamper: Callable[[dict[str, Any]], Any]
) -> None:
    content = deepcopy(CONTENT)
    tamper(content)
    of_number = [each for each in differences(content, PREVIOUS) if each.number == number]
    assert any(ref in (*each.left, *each.right) for each in of_number), of_number


def test_a_percentage_that_is_not_of_its_count_is_named() -> None:
    content = deepcopy(CONTENT)
    cell(content, "slippage", 0, 0)["percent"] = 96
    assert [each.number for each in differences(content, PREVIOUS)] == [8]


def test_opening_figures_are_the_closing_figures_of_the_last_paper() -> None:
    previous = deepcopy(PREVIOUS)
    previous["rows"][0]["state"] = "withdrawn"
    (found,) = differences(CONTENT, previous)
    assert (found.number, found.left) == (1, ("WY-1",))
