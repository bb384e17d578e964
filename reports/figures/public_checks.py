"""What keeps a public edition from leaving: figures that do not add up or give away a small count, and names."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext

from reports.figures.identities import Difference, printed_for
from reports.figures.public_basis import Basis, Edition, Small, is_public
from standards.suppression import given_away


def public_differences(edition: Edition, basis: Basis) -> list[Difference]:
    """Return what does not add up in a public edition; the numbers are those of docs/papers.md."""
    checks = (_published_rows, _small_counts, _counts_have_rows)
    return [difference for check in checks for difference in check(edition, basis)]


def names_in(content: dict[str, Any], names: Iterable[str]) -> list[str]:
    """Return the names, of people or of anything else, that an edition prints as whole words."""
    text = json.dumps(content, ensure_ascii=False).casefold()
    return sorted(
        name for name in set(names) if name and re.search(rf"\b{re.escape(name.casefold())}\b", text)
    )


def _published_rows(edition: Edition, basis: Basis) -> Iterator[Difference]:
    """(9) Published, withheld and undecided come to all in scope, and exactly the published rows are there."""
    printed = {line["ref"] for line in edition.content["rows"]}
    decided = {line["ref"] for line in basis.content["rows"] if is_public(line, basis.decisions)}
    if printed != decided:
        yield Difference(
            9,
            gettext("Rows of the edition and rows decided for publication: {printed} and {decided}").format(
                printed=len(printed), decided=len(decided)
            ),
            tuple(sorted(printed - decided)),
            tuple(sorted(decided - printed)),
        )
    for name, rows in (("numbers", "rows"), ("numbers_of_findings", "findings")):
        numbers = edition.content[name]
        if numbers is None:
            continue
        together = (
            numbers["published"] + numbers["undecided"] + sum(number for _, number in numbers["withheld"])
        )
        if together != numbers["all"] or numbers["published"] != len(edition.content[rows]):
            text = gettext("Published, withheld and not decided come to {together}, and all are {number}")
            yield Difference(9, text.format(together=together, number=numbers["all"]))


def _small_counts(edition: Edition, basis: Basis) -> Iterator[Difference]:
    """(10) No count that is left out can be worked out, with the former editions beside this one.

    The first side has the facts behind the count, the second those that give it away, and the former editions that
    printed it.
    """
    small = edition.small
    earlier = [*basis.earlier.values()]
    labels, groups = small.labels | _labels(basis), _groups(basis)
    for key in given_away(small.issue, earlier=earlier, largest_small=basis.largest_small):
        mine = _facts_behind(key, small, groups)
        beside = [
            fact
            for each in small.sums
            if key in (each.whole, *each.parts)
            for part in (each.whole, *each.parts)
            for fact in _facts_behind(part, small, groups)
            if fact not in mine
        ]
        former = [name for name, issue in basis.earlier.items() if key in issue.counts]
        yield Difference(
            10,
            gettext("A small count can be worked out: {name}").format(name=labels.get(key, key)),
            tuple(dict.fromkeys(mine)),
            tuple(dict.fromkeys([*beside, *former])),
        )


def _fact_lines(basis: Basis) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for section in basis.content["sections"]:
        for table in section["tables"]:
            for line in table["rows"]:
                if "fact" in line and line["fact"]["key"] in basis.facts:
                    yield table["key"], line["label"], line["fact"]


def _labels(basis: Basis) -> dict[str, str]:
    return {fact["key"]: label for _, label, fact in _fact_lines(basis)}


def _groups(basis: Basis) -> dict[str, list[str]]:
    """Return the keys of the facts of each group, by the key that an edition counts the group under."""
    groups: dict[str, list[str]] = {}
    for table, _, fact in _fact_lines(basis):
        groups.setdefault(f"{table}:{fact['group']}", []).append(fact["key"])
    return groups


def _facts_behind(key: str, small: Small, groups: dict[str, list[str]]) -> list[str]:
    """Return the facts that a count is made of: itself, or those of a total."""
    parts = [part for each in small.sums if each.whole == key for part in each.parts]
    if parts:
        return [fact for part in parts for fact in _facts_behind(part, small, groups)]
    return groups.get(key, [key])


def _counts_have_rows(edition: Edition, basis: Basis) -> Iterator[Difference]:
    """(11) Every count is the number of rows behind it, and these are published."""
    known = {line["ref"] for name in ("rows", "findings") for line in edition.content[name]}
    old = {line["ref"] for line in basis.last["rows"]} if basis.last else set()
    for section in edition.content["sections"]:
        for table in section["tables"]:
            for line in table["rows"]:
                for cell in line["cells"]:
                    refs = set(cell.get("refs", ()))
                    where = f"{table['caption']}, {line['label']}"
                    if "refs" in cell and cell["n"] != len(refs):
                        yield Difference(11, printed_for(where, cell["n"], len(refs)), tuple(sorted(refs)))
                    unknown = refs - known - old
                    if unknown:
                        yield Difference(
                            11,
                            gettext("{where}: rows are counted that are not published").format(where=where),
                            tuple(sorted(unknown)),
                        )
