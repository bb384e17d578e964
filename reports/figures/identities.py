"""The identities that a paper satisfies before it is reconciled: each names the difference and the rows on both sides.

The numbers are those of the reconciliation table in docs/papers.md. They read a paper's content alone, so that a paper
can be checked again years later.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from actions.core.states import CLOSED, RATED
from standards.rates import percent_of

Content = Mapping[str, Any]
PLUS = ("New", "Reopened", "Moved in")
MINUS = ("Complete", "Withdrawn", "Superseded", "Moved out", "Split")


@dataclass(frozen=True)
class Difference:
    """One thing that does not add up.

    Attributes:
        number: of the identity, 1 to 12.
        left: references of rows that only the first side has.
        right: references of rows that only the second side has.
    """

    number: int
    text: str
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()


def differences(content: Content, previous: Content | None = None) -> list[Difference]:
    """Return everything in a paper that does not add up; nothing when it reconciles.

    Args:
        previous: the content of the issued paper that this one opens from.
    """
    return [
        difference for check in CHECKS for difference in check(content, previous) if difference is not None
    ]


def roll_forward_closes(content: Content, previous: Content | None) -> Iterator[Difference]:
    """(1) Opening, plus what came, less what went, is closing; and opening is the last paper's closing."""
    for key in ("roll-forward", "roll-forward-districts"):
        for line in _lines(content, key):
            cells = _by_column(content, key, line)
            there = _refs(cells["Opening"]).union(*(_refs(cells[name]) for name in PLUS))
            # What moved out of this line and what moved in are not the same actions.
            expected = there.difference(*(_refs(cells[name]) for name in MINUS))
            if line.get("total"):
                expected |= _refs(cells["Moved in"]) & _refs(cells["Closing"])
            yield from _compare(
                1,
                gettext("{name}: opening and changes do not come to closing").format(name=line["label"]),
                expected,
                _refs(cells["Closing"]),
            )
    opened = {
        ref
        for line in _lines(content, "roll-forward")
        if line.get("total")
        for ref in _refs(line["cells"][0])
    }
    if previous is not None and _lines(content, "roll-forward"):
        closing = {row["ref"] for row in previous["rows"] if row["state"] not in CLOSED}
        yield from _compare(1, gettext("Opening is not what the last paper closed with"), opened, closing)


def states_come_to_all(content: Content, previous: Content | None) -> Iterator[Difference]:
    """(2) Statuses come to all, rated and unrated come to all, and only work under way is rated."""
    for key in ("state-by-pillar", "rag-by-pillar"):
        for line in _lines(content, key):
            *parts, whole = line["cells"]
            yield from _sum_of(2, f"{_caption(content, key)}, {line['label']}", parts, whole)
    wrong = [row["ref"] for row in content["rows"] if row["declared"] and row["state"] not in RATED]
    if wrong:
        text = gettext("Actions are rated that are not in progress or awaiting assurance")
        yield Difference(2, text, tuple(wrong))


def matrices_match_the_rows(content: Content, previous: Content | None) -> Iterator[Difference]:
    """(3) The cells of a matrix come to its margins, and the margins to the rows of the paper."""
    everything = {row["ref"] for row in content["rows"]}
    for key in ("state-by-pillar", "district-by-pillar"):
        lines = _lines(content, key)
        if not lines:
            continue
        *groups, total = lines
        for column, heading in enumerate(_table(content, key)["columns"][1:]):
            parts = [line["cells"][column] for line in groups]
            yield from _sum_of(3, f"{_caption(content, key)}, {heading}", parts, total["cells"][column])
        yield from _compare(
            3,
            gettext("{table} does not count the rows of the paper").format(table=_caption(content, key)),
            _refs(total["cells"][-1]),
            everything,
        )
    listed = {line["ref"] for line in _lines(content, "appendix")}
    if _table(content, "appendix"):
        text = gettext("The appendix does not list the rows of the paper")
        yield from _compare(3, text, listed, everything)


def joint_actions_count_once(content: Content, previous: Content | None) -> Iterator[Difference]:
    """(4) Joint actions are counted through their district actions and never beside them."""
    both = sorted({row["ref"] for row in content["rows"]} & set(content["joint"]))
    if both:
        yield Difference(4, gettext("Joint actions are counted beside their district actions"), tuple(both))


def overdue_adds_up(content: Content, previous: Content | None) -> Iterator[Difference]:
    """(5) Ages come to all overdue, which are those of the rows; no fewer are overdue by the original date."""
    lines = _lines(content, "overdue")
    if not lines:
        return
    *ages, total = lines
    for column, heading in enumerate(_table(content, "overdue")["columns"][1:]):
        parts = [line["cells"][column] for line in ages]
        yield from _sum_of(5, heading, parts, total["cells"][column])
    overdue = {row["ref"] for row in content["rows"] if row["overdue"]}
    yield from _compare(5, gettext("Overdue is not that of the rows"), _refs(total["cells"][0]), overdue)
    earlier = {row["ref"] for row in content["rows"] if row["days_slipped"] < 0}
    only_now = _refs(total["cells"][0]) - _refs(total["cells"][1]) - earlier
    if only_now:
        text = gettext("Overdue by the date now but not by the original date")
        yield Difference(5, text, tuple(sorted(only_now)))


def slippage_adds_up(content: Content, previous: Content | None) -> Iterator[Difference]:
    """(6) Once and more come to all whose date changed, and the days to those of the rows."""
    for line in _lines(content, "slippage"):
        moved, once, more, days = line["cells"]
        yield from _sum_of(
            6, gettext("Changed due dates, {name}").format(name=line["label"]), [once, more], moved
        )
        mine = [row for row in content["rows"] if line.get("total") or row["district"] == line["label"]]
        total = sum(max(0, row["days_slipped"]) for row in mine)
        if total != days["n"]:
            text = gettext("Changed due dates, {name}: {printed} days are printed and the rows have {total}")
            text = text.format(name=line["label"], printed=days["n"], total=total)
            yield Difference(6, text, tuple(row["ref"] for row in mine if row["days_slipped"] > 0))


def recommendations_add_up(content: Content, previous: Content | None) -> Iterator[Difference]:
    """(7) Open and closed come to all recommendations of each inspection, and none has vanished."""
    for line in _lines(content, "recommendations"):
        whole, open_ones, _, closed, *_ = line["cells"]
        yield from _sum_of(7, line["label"], [open_ones, closed], whole)
    before, now = _findings(previous), _findings(content)
    if before - now and _table(content, "recommendations"):
        yield Difference(
            7, gettext("Recommendations of the last paper are not in this one"), tuple(sorted(before - now))
        )


def shares_say_of_what(content: Content, previous: Content | None) -> Iterator[Difference]:
    """(8) A percentage is printed with n of N, and is that of n and N."""
    for table, line, cell in _cells(content):
        if "percent" in cell and (
            cell.get("of") is None or cell["percent"] != percent_of(cell["n"], cell["of"])
        ):
            yield Difference(
                8,
                gettext("{table}, {name}: the percentage is not that of its count").format(
                    table=table["caption"], name=line["label"]
                ),
                tuple(cell.get("refs", ())),
            )


def publication_adds_up(content: Content, previous: Content | None) -> Iterator[Difference]:
    """(9) Published, withheld and undecided come to all, and nothing sensitive is published."""
    for row in content["rows"]:
        if row["publication"] not in ("publish", "withhold", "undecided"):
            text = gettext("An action has no publication decision that counts")
            yield Difference(9, text, (row["ref"],))
        elif row["publication"] == "publish" and row["marking"] != "OFFICIAL":
            text = gettext("An OFFICIAL-SENSITIVE action is decided for publication")
            yield Difference(9, text, (row["ref"],))


def counts_have_rows(content: Content, previous: Content | None) -> Iterator[Difference]:
    """(11) Every count is the number of rows behind it, and the rows are in the paper."""
    old = {row["ref"] for row in previous["rows"]} if previous else set()
    known = {row["ref"] for row in content["rows"]} | old | _findings(content)
    for table, line, cell in _cells(content):
        if "refs" not in cell:
            continue
        where = f"{table['caption']}, {line['label']}"
        if cell["n"] != len(cell["refs"]):
            yield Difference(11, printed_for(where, cell["n"], len(cell["refs"])), tuple(cell["refs"]))
        if unknown := set(cell["refs"]) - known:
            text = gettext("{where}: rows are counted that the paper does not have").format(where=where)
            yield Difference(11, text, tuple(sorted(unknown)))


def nothing_is_later(content: Content, previous: Content | None) -> Iterator[Difference]:
    """(12) Nothing in the paper is later than its as-at, texts and their figures included."""
    on = content["on"]
    for row in content["rows"]:
        for name in ("closed_on", "last_update", "waiting_since"):
            if row[name] and row[name] > on:
                text = gettext("A date of an action is later than {day}").format(day=on)
                yield Difference(12, text, (row["ref"],))
    for section in content["sections"]:
        if section.get("facts_on") and section["facts_on"] > on:
            text = gettext("The text of {heading} says how things were on {day}").format(
                heading=section["heading"], day=section["facts_on"]
            )
            yield Difference(12, text, (section["heading"],))
        for passage in section.get("passages", ()):
            if passage["submitted_on"] and passage["submitted_on"] > on:
                text = gettext("{source} was submitted after {day}").format(source=passage["source"], day=on)
                yield Difference(12, text, (passage["source"],))


Check = Callable[[Content, Content | None], Iterator[Difference]]
CHECKS: Sequence[Check] = (
    roll_forward_closes,
    states_come_to_all,
    matrices_match_the_rows,
    joint_actions_count_once,
    overdue_adds_up,
    slippage_adds_up,
    recommendations_add_up,
    shares_say_of_what,
    publication_adds_up,
    counts_have_rows,
    nothing_is_later,
)


def printed_for(where: str, printed: int, rows: int) -> str:
    """Say that a count is not the number of rows behind it."""
    text = ngettext(
        "{where}: {printed} is printed for {rows} row", "{where}: {printed} is printed for {rows} rows", rows
    )
    return text.format(where=where, printed=printed, rows=rows)


def _table(content: Content, key: str) -> dict[str, Any]:
    for section in content["sections"]:
        for table in section["tables"]:
            if table["key"] == key:
                figures_table: dict[str, Any] = table
                return figures_table
    return {}


def _lines(content: Content, key: str) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = _table(content, key).get("rows", [])
    return lines


def _caption(content: Content, key: str) -> str:
    return str(_table(content, key).get("caption", ""))


def _by_column(content: Content, key: str, line: Mapping[str, Any]) -> dict[str, Any]:
    return dict(zip(_table(content, key)["columns"][1:], line["cells"], strict=True))


def _cells(content: Content) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    for section in content["sections"]:
        for table in section["tables"]:
            for line in table["rows"]:
                for cell in line["cells"]:
                    yield table, line, cell


def _findings(content: Content | None) -> set[str]:
    if content is None:
        return set()
    return {ref for line in _lines(content, "recommendations") for ref in _refs(line["cells"][0])}


def _refs(cell: Mapping[str, Any]) -> set[str]:
    return set(cell.get("refs", ()))


def _sum_of(
    number: int, where: str, parts: Sequence[Mapping[str, Any]], whole: Mapping[str, Any]
) -> Iterator[Difference]:
    """Compare parts with their whole: as sets of rows, with none counted twice."""
    total = sum(part["n"] for part in parts)
    together: set[str] = set().union(*(_refs(part) for part in parts))
    text = gettext("{where}: the parts are not the whole").format(where=where)
    yield from _compare(number, text, together, _refs(whole))
    if together == _refs(whole) and total != whole["n"]:
        text = gettext("{where}: the parts come to {total} and the whole is {whole}")
        yield Difference(number, text.format(where=where, total=total, whole=whole["n"]))


def _compare(number: int, text: str, left: set[str], right: set[str]) -> Iterator[Difference]:
    if left != right:
        yield Difference(
            number,
            gettext("{text}: {left} and {right}").format(text=text, left=len(left), right=len(right)),
            tuple(sorted(left - right)),
            tuple(sorted(right - left)),
        )
