"""What a public edition of a paper says: made from the paper's frozen content and nothing else.

Only what is named here gets out: rows that are decided for publication, in their public wording, tables counted from
these rows, and figures of the wider record that are decided for publication, without small counts of people.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from actions.core.states import State
from reports.figures.catalogue import KINDS, Last
from reports.figures.cells import JsonDict, row, table, words
from reports.figures.public_basis import Basis, Content, Edition, Small, Text, is_public
from reports.figures.public_findings import (
    findings_tables,
    numbers_of_actions,
    numbers_of_findings,
    published_findings,
)
from reports.record.rows import ActionRow, Record
from standards.marking import Marking
from standards.small_numbers import CONFIDENTIAL
from standards.suppression import Sum, left_out

FORMAT = 1
# Sections whose tables are counted again from the published rows.
COUNTED = frozenset({"by_pillar", "by_district", "overdue", "slippage"})
SINCE_LAST = frozenset({"since_last", "roll_forward"})
ON_PEOPLE = frozenset({"training", "channel"})
FACTS = ON_PEOPLE | {"funding"}
FINDINGS = "recommendations"
CHANNEL = "channel:"
# How far back a picture of editions reaches.
EDITIONS_SHOWN = 11
APPENDIX = (
    "Action",
    "Title",
    "Pillar",
    "District",
    "Lead organisation",
    "Original due date",
    "Due date",
    "Status",
)


def edition_of(basis: Basis, *, number: int, correction: str = "") -> Edition:
    """Make the public edition of a paper."""
    content = basis.content
    rows = [_public_row(each, basis) for each in content["rows"] if is_public(each, basis.decisions)]
    small = _small_counts(basis)
    sections = [
        _section(section, text, basis, rows, small)
        for section, text in zip(content["sections"], basis.texts, strict=True)
        if text.is_published
    ]
    cover = content["paper"]
    shows_findings = any(section["kind"] == "recommendations" for section in sections)
    return Edition(
        {
            "format": FORMAT,
            "title": cover["title"],
            "partnership": cover["partnership"],
            "board": cover["board"],
            "meeting": cover["meeting"],
            "report_of": cover["report_of"],
            "plan": cover["plan"],
            "on": content["on"],
            "number": number,
            "correction": correction,
            "marking": Marking.OFFICIAL.value,
            "sections": _numbered(sections),
            "rows": rows,
            "earlier": _earlier(basis.last, content["definitions"]["version"]),
            "findings": [
                {"ref": finding.ref, "own": finding.own_label, "register": finding.register}
                for finding in (published_findings(basis) if shows_findings else ())
            ],
            "numbers": numbers_of_actions(basis),
            "numbers_of_findings": numbers_of_findings(basis) if shows_findings else None,
            "largest_small": basis.largest_small,
            "definitions": content["definitions"],
            "previous_definitions": basis.last["definitions"]["version"] if basis.last else None,
        },
        small,
    )


def _earlier(last: Content | None, definitions: str) -> list[JsonDict]:
    """Return what pictures over time show of the editions before this one with the same definitions, the oldest first."""
    if last is None or last["definitions"]["version"] != definitions:
        return []
    names = ("state", "declared", "original_due")
    rows = [{name: line[name] for name in names} for line in last["rows"]]
    return [*last["earlier"], {"on": last["on"], "rows": rows}][-EDITIONS_SHOWN:]


def _public_row(line: Mapping[str, Any], basis: Basis) -> JsonDict:
    names = ("ref", "pillar", "district", "lead", "state", "original_due", "due", "moves", "declared")
    return {name: line[name] for name in names} | {
        "title": basis.decisions[line["id"]].wording or line["title"]
    }


def _section(
    section: Mapping[str, Any], text: Text, basis: Basis, rows: Sequence[JsonDict], small: Small
) -> JsonDict:
    return {
        "kind": section["kind"],
        "heading": section["heading"],
        "text": text.text,
        "tables": _tables(section, basis, rows, small),
    }


def _tables(
    section: Mapping[str, Any], basis: Basis, rows: Sequence[JsonDict], small: Small
) -> list[JsonDict]:
    kind = section["kind"]
    build = KINDS[kind].tables if kind in KINDS else None
    if build is not None and kind in COUNTED:
        return build(_record(basis.content["on"], rows), None)
    if build is not None and kind in SINCE_LAST:
        last = basis.last
        if last is None:
            return []
        return build(_record(basis.content["on"], rows), Last.of(last))
    if kind in FACTS:
        return [
            _channel(each, small) if each["key"] == "channel" else _facts(each, basis, small)
            for each in section["tables"]
        ]
    if kind == FINDINGS:
        return findings_tables(basis)
    make = MADE.get(kind)
    return make(section, rows) if make else []


def _record(on: str, rows: Sequence[JsonDict]) -> Record:
    districts = dict.fromkeys(line["district"] for line in rows)
    return Record(
        on=date.fromisoformat(on),
        actions=[_action(line) for line in rows],
        pillars=list(dict.fromkeys(line["pillar"] for line in rows)),
        districts=sorted(districts),
    )


def _action(line: JsonDict) -> ActionRow:
    return ActionRow(
        pk=0,
        ref=line["ref"],
        title=line["title"],
        pillar=line["pillar"],
        district=line["district"],
        lead=line["lead"],
        state=line["state"],
        rag=line["declared"],
        due=_day(line["due"]),
        original_due=_day(line["original_due"]),
        moves=line["moves"],
    )


def _appendix(section: Mapping[str, Any], rows: Sequence[JsonDict]) -> list[JsonDict]:
    lines = [
        row(
            line["ref"],
            [
                *(words(line[name] or "None") for name in ("title", "pillar", "district", "lead")),
                *(words(_in_words(line[name])) for name in ("original_due", "due")),
                words(str(State(line["state"]).label)),
            ],
            ref=line["ref"],
        )
        for line in rows
    ]
    return [table("appendix", "Actions", APPENDIX, lines)]


def _date_changes(section: Mapping[str, Any], rows: Sequence[JsonDict]) -> list[JsonDict]:
    """Keep the changes that were approved, without their reasons."""
    refs = {line["ref"] for line in rows}
    return [
        table(
            each["key"],
            each["caption"],
            each["columns"][:3],
            [
                row(line["label"], line["cells"][:2], ref=line["ref"])
                for line in each["rows"]
                if line["ref"] in refs and line["cells"][2]["text"] == "Approved"
            ],
        )
        for each in section["tables"]
    ]


MADE: dict[str, Callable[[Mapping[str, Any], Sequence[JsonDict]], list[JsonDict]]] = {
    "appendix": _appendix,
    "date_changes": _date_changes,
}
# The kinds of sections whose tables an edition shows.
PUBLIC_KINDS = COUNTED | SINCE_LAST | FACTS | MADE.keys() | {FINDINGS}


def _facts(made: Mapping[str, Any], basis: Basis, small: Small) -> JsonDict:
    """Return the figures that are decided for publication, with the totals of those that can be added up."""
    shown: list[JsonDict] = []
    for line in _fact_lines(made, basis):
        value, *others = line["cells"]
        hides = line["fact"]["key"] in small.left_out
        label = basis.facts[line["fact"]["key"]] or line["label"]
        shown.append(row(label, [words(CONFIDENTIAL) if hides else value, *others]))
    shown += [
        row(label, [words(_number(key, small)), words(""), words("")], is_total=True)
        for key, label in small.labels.items()
        if key.startswith(f"{made['key']}:")
    ]
    return table(made["key"], made["caption"], made["columns"], shown)


def _channel(made: Mapping[str, Any], small: Small) -> JsonDict:
    """Return the meetings of each month, for all panels: one meeting of a panel would tell that there was a case."""
    lines = [
        row(label, [words(_number(key, small))], is_total=key == CHANNEL)
        for key, label in small.labels.items()
        if key.startswith(CHANNEL)
    ]
    return table("channel", made["caption"], ["Month", "Meetings of all panels"], lines)


def _number(key: str, small: Small) -> str:
    return CONFIDENTIAL if key in small.left_out else f"{small.counts[key]:,}"


def _fact_lines(made: Mapping[str, Any], basis: Basis) -> list[Mapping[str, Any]]:
    return [line for line in made["rows"] if line.get("fact", {}).get("key") in basis.facts]


def _small_counts(basis: Basis) -> Small:
    """Collect every published count of people with what adds up, and choose what is not printed."""
    small = Small()
    for section, text in zip(basis.content["sections"], basis.texts, strict=True):
        if text.is_published and section["kind"] in ON_PEOPLE:
            for made in section["tables"]:
                _count_people(made, _fact_lines(made, basis), small)
    gaps = left_out(
        small.counts, small.sums, earlier=[*basis.earlier.values()], largest_small=basis.largest_small
    )
    return replace(small, left_out=gaps)


def _count_people(made: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], small: Small) -> None:
    groups: dict[str, dict[str, int]] = {}
    for line in lines:
        fact = line["fact"]
        if fact["people"] is not None:
            groups.setdefault(fact["group"], {})[fact["key"]] = fact["people"]
    if made["key"] == "channel":
        # A month stands for all panels, so it is printed once those of all panels are decided for publication.
        panels = Counter(line["fact"]["group"] for line in made["rows"] if "fact" in line)
        months = {
            f"{CHANNEL}{month}": sum(held.values())
            for month, held in groups.items()
            if len(held) == panels[month]
        }
        small.counts.update(months)
        small.labels.update({key: key.removeprefix(CHANNEL) for key in months})
        if months:
            _add_sum(small, CHANNEL, "All", list(months))
        return
    for group, counts in groups.items():
        small.counts.update(counts)
        if group and len(counts) > 1:
            _add_sum(small, f"{made['key']}:{group}", f"{group}: all", list(counts))


def _add_sum(small: Small, whole: str, label: str, keys: Sequence[str]) -> None:
    small.counts[whole] = sum(small.counts[key] for key in keys)
    small.sums.append(Sum(whole, tuple(keys)))
    small.labels[whole] = label


def _numbered(sections: list[JsonDict]) -> list[JsonDict]:
    """Number the paragraphs of the text through the edition, without a gap."""
    number = 0
    for section in sections:
        texts = [text.strip() for text in section.pop("text").split("\n\n") if text.strip()]
        section["paragraphs"] = [
            {"number": number + place, "text": text} for place, text in enumerate(texts, start=1)
        ]
        number += len(texts)
    return sections


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _in_words(text: str | None) -> str:
    return f"{date.fromisoformat(text):%-d %B %Y}" if text else "None"
