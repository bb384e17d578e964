"""Small counts cannot be worked out: the assignments that fit what is printed are tried, for all small tables."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import pytest

from standards.suppression import LARGEST_SMALL, Issue, Sum, given_away, left_out

Counts = dict[str, int]
NEAR = 2


def table(cells: Sequence[Sequence[int]]) -> tuple[Counts, list[Sum]]:
    """Return a table of counts with its margins and its total."""
    rows, columns = range(len(cells)), range(len(cells[0]))
    counts = {f"{row}{column}": cells[row][column] for row in rows for column in columns}
    counts |= {f"row{row}": sum(cells[row]) for row in rows}
    counts |= {f"column{column}": sum(cells[row][column] for row in rows) for column in columns}
    counts["all"] = sum(map(sum, cells))
    sums = [Sum(f"row{row}", [f"{row}{column}" for column in columns]) for row in rows]
    sums += [Sum(f"column{column}", [f"{row}{column}" for row in rows]) for column in columns]
    sums += [Sum("all", [f"row{row}" for row in rows]), Sum("all", [f"column{column}" for column in columns])]
    return counts, sums


def line(*cells: int) -> tuple[Counts, list[Sum]]:
    keys = [str(place) for place in range(len(cells))]
    return dict(zip(keys, cells, strict=True)) | {"all": sum(cells)}, [Sum("all", keys)]


def possible(issue: Issue) -> Iterator[Counts]:
    """Yield every near assignment of the inner counts that fits what is printed, with the sums that follow.

    The reader knows which inner gaps are small counts, and that no gap is zero.
    """
    wholes = {each.whole for each in issue.sums}
    inner = [key for key in issue.counts if key not in wholes]
    ranges = []
    for key in inner:
        count = issue.counts[key]
        highest = LARGEST_SMALL if 0 < count <= LARGEST_SMALL else count + NEAR
        near = range(max(1, count - NEAR), min(highest, count + NEAR) + 1)
        ranges.append([count] if key not in issue.left_out else near)
    for values in product(*ranges):
        counts = dict(zip(inner, values, strict=True))
        for each in issue.sums:
            counts.setdefault(each.whole, sum(counts[part] for part in each.parts))
        if all(_fits(issue, key, counts[key]) for key in wholes):
            yield counts


def _fits(issue: Issue, key: str, value: int) -> bool:
    return value > 0 if key in issue.left_out else value == issue.counts[key]


def numbers(keys: frozenset[str], assignments: Iterator[Mapping[str, int]]) -> dict[str, set[int]]:
    """Return the numbers that each key can be, as soon as each can be two."""
    seen: dict[str, set[int]] = {key: set() for key in keys}
    for counts in assignments:
        for key in keys:
            seen[key].add(counts[key])
        if all(len(values) > 1 for values in seen.values()):
            break
    return seen


def test_in_every_small_table_each_gap_can_be_two_numbers() -> None:
    for cells in product((0, 1, 4, 7), repeat=4):
        counts, sums = table([cells[:2], cells[2:]])
        gaps = left_out(counts, sums)
        assert gaps >= {key for key, count in counts.items() if 0 < count <= LARGEST_SMALL}
        seen = numbers(gaps, possible(Issue(counts, sums, gaps)))
        assert all(len(values) > 1 for values in seen.values()), (cells, seen)


@pytest.mark.parametrize(
    "cells",
    [
        ((2, 9, 10), (8, 9, 3)),
        ((1, 9, 9), (9, 9, 9)),
        ((1, 1, 0), (0, 8, 0), (9, 0, 2)),
    ],
)
def test_in_a_larger_table_too(cells: Sequence[Sequence[int]]) -> None:
    counts, sums = table(cells)
    gaps = left_out(counts, sums)
    seen = numbers(gaps, possible(Issue(counts, sums, gaps)))
    assert gaps
    assert all(len(values) > 1 for values in seen.values()), seen


def test_two_issues_together_give_away_neither_a_count_nor_a_small_change() -> None:
    """The reader puts both issues side by side, and knows which counts did not change."""
    for before in product((0, 3, 6), repeat=3):
        counts, sums = line(*before)
        first = Issue(counts, sums, left_out(counts, sums))
        for change in product((0, 2, 7), repeat=3):
            later, _ = line(*(old + more for old, more in zip(before, change, strict=True)))
            gaps = left_out(later, sums, earlier=[first])
            second = Issue(later, sums, gaps)
            seen = numbers(
                frozenset(
                    f"{when} {key}" for when, keys in (("old", first.left_out), ("new", gaps)) for key in keys
                )
                | {f"change {key}" for key in counts if 0 < later[key] - counts[key] <= LARGEST_SMALL},
                _both(first, second),
            )
            assert all(len(values) > 1 for values in seen.values()), (before, change, seen)


def _both(first: Issue, second: Issue) -> Iterator[Counts]:
    news = list(possible(second))
    for old in possible(first):
        for new in news:
            changes = {key: new[key] - old[key] for key in old}
            true = {key: second.counts[key] - first.counts[key] for key in old}
            if all(
                changes[key] == 0
                if true[key] == 0
                else 0 < changes[key] <= LARGEST_SMALL
                if 0 < true[key] <= LARGEST_SMALL
                else True
                for key in old
            ):
                yield (
                    {f"old {key}": value for key, value in old.items()}
                    | {f"new {key}": value for key, value in new.items()}
                    | {f"change {key}": value for key, value in changes.items()}
                )


def test_a_single_gap_in_a_line_is_given_away_by_its_total() -> None:
    counts, sums = line(3, 12, 40)
    assert given_away(Issue(counts, sums, frozenset({"0"}))) == ["0"]
    assert left_out(counts, sums) == {"0", "1"}


def test_a_count_is_as_small_as_the_partnership_says() -> None:
    counts, sums = line(7, 12, 40)
    assert left_out(counts, sums) == frozenset()
    assert left_out(counts, sums, largest_small=9) == {"0", "1"}


def test_what_is_printed_already_is_not_protected_at_the_cost_of_everything() -> None:
    counts, sums = line(3, 12, 40)
    assert left_out(counts, sums, earlier=[Issue(counts, sums)]) == {"0"}
