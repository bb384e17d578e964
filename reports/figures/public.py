"""What a public edition of a paper says: made from the paper's frozen content and nothing else.

Only what is named here gets out: rows that are decided for publication, in their public wording, tables counted from
these rows, and figures of the wider record that are decided for publication, without small counts of people.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from actions.core.states import State
from reports.figures.catalogue import KINDS, Last
from reports.figures.cells import JsonDict, count, row, table, words
from reports.figures.wider import NOT_PUBLISHED
from reports.record.rows import ActionRow, Record
from standards.marking import Marking
from standards.small_numbers import CONFIDENTIAL
from standards.suppression import Issue, Sum, left_out

FORMAT = 1
PUBLISH, WITHHOLD = "publish", "withhold"
# Sections whose tables are counted again from the published rows.
COUNTED = frozenset({"by_pillar", "by_district", "overdue", "slippage"})
SINCE_LAST = frozenset({"since_last", "roll_forward"})
ON_PEOPLE = frozenset({"training", "channel"})
FACTS = ON_PEOPLE | {"funding"}
CHANNEL = "channel:"
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
Content = Mapping[str, Any]


@dataclass(frozen=True)
class Decision:
    """What is decided on the publication of an action, and its public wording."""

    publication: str
    exemption: str = ""
    marking: str = Marking.OFFICIAL.value
    wording: str = ""


@dataclass(frozen=True)
class Text:
    """The public wording of a section; empty where it is left out."""

    kind: str
    heading: str
    text: str
    is_published: bool


@dataclass(frozen=True)
class Small:
    """The counts of people in an edition, what adds up among them, and which are not printed. Never published."""

    counts: dict[str, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()

    @property
    def issue(self) -> Issue:
        return Issue(self.counts, self.sums, self.left_out)


@dataclass(frozen=True)
class Edition:
    """The public content of a paper, and beside it the counts behind its gaps."""

    content: JsonDict
    small: Small


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What an edition is made from.

    Attributes:
        content: of the issued paper.
        texts: of the paper's sections, in their order.
        decisions: by the id of the action.
        facts: the keys of figures of the wider record that are decided for publication.
        last: the content of the last public edition of an earlier paper.
        earlier: the counts of former editions, by the keys of these, the oldest first.
    """

    content: Content
    texts: Sequence[Text]
    decisions: Mapping[int, Decision]
    facts: frozenset[str] = frozenset()
    last: Content | None = None
    earlier: Mapping[str, Issue] = field(default_factory=dict)
    largest_small: int
    exemptions: Mapping[str, str]


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
            "numbers": _numbers(basis),
            "largest_small": basis.largest_small,
            "definitions": content["definitions"],
        },
        small,
    )


def is_public(line: Mapping[str, Any], decisions: Mapping[int, Decision]) -> bool:
    """Whether an action of the paper is decided for publication, and was and is OFFICIAL."""
    decision = decisions.get(line["id"])
    markings = {line["marking"], decision.marking if decision else None}
    return decision is not None and decision.publication == PUBLISH and markings == {Marking.OFFICIAL}


def _public_row(line: Mapping[str, Any], basis: Basis) -> JsonDict:
    names = ("ref", "pillar", "district", "lead", "state", "original_due", "due", "moves", "declared")
    return {name: line[name] for name in names} | {
        "title": basis.decisions[line["id"]].wording or line["title"]
    }


def _numbers(basis: Basis) -> JsonDict:
    """Count what is published, withheld and not decided. OFFICIAL-SENSITIVE actions are not in scope, and not counted."""
    lines = [line for line in basis.content["rows"] if _in_scope(line, basis)]
    withheld: dict[str, int] = {}
    for line in lines:
        decision = basis.decisions.get(line["id"])
        if decision is not None and decision.publication == WITHHOLD:
            name = basis.exemptions.get(decision.exemption, decision.exemption)
            withheld[name] = withheld.get(name, 0) + 1
    published = sum(is_public(line, basis.decisions) for line in lines)
    return {
        "all": len(lines),
        "published": published,
        "withheld": [[name, number] for name, number in sorted(withheld.items())],
        "undecided": len(lines) - published - sum(withheld.values()),
    }


def _in_scope(line: Mapping[str, Any], basis: Basis) -> bool:
    decision = basis.decisions.get(line["id"])
    return line["marking"] == Marking.OFFICIAL and (decision is None or decision.marking == Marking.OFFICIAL)


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
        return build(_record(basis.content["on"], rows), Last(last["on"], last["rows"]))
    if kind in FACTS:
        return [
            _channel(each, small) if each["key"] == "channel" else _facts(each, basis, small)
            for each in section["tables"]
        ]
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


def _recommendations(section: Mapping[str, Any], rows: Sequence[JsonDict]) -> list[JsonDict]:
    """Keep the inspections that are published."""
    tables = {each["key"]: each for each in section["tables"]}
    clock = tables.get("section-55", {"rows": []})
    published = {line["label"] for line in clock["rows"] if line["cells"][0]["text"] != NOT_PUBLISHED}
    made = []
    if "recommendations" in tables:
        counted = tables["recommendations"]
        lines = [line for line in counted["rows"] if line["label"].rpartition(": ")[0] in published]
        if lines:
            columns = zip(*(line["cells"] for line in lines), strict=True)
            together = [count(ref for cell in column for ref in cell["refs"]) for column in columns]
            lines = [*lines, row("All", together, is_total=True)]
        made.append({**counted, "rows": lines})
    if clock["rows"]:
        made.append({**clock, "rows": [line for line in clock["rows"] if line["label"] in published]})
    return made


MADE: dict[str, Callable[[Mapping[str, Any], Sequence[JsonDict]], list[JsonDict]]] = {
    "appendix": _appendix,
    "date_changes": _date_changes,
    "recommendations": _recommendations,
}
# The kinds of sections whose tables an edition shows.
PUBLIC_KINDS = COUNTED | SINCE_LAST | FACTS | MADE.keys()


def _facts(made: Mapping[str, Any], basis: Basis, small: Small) -> JsonDict:
    """Return the figures that are decided for publication, with the totals of those that can be added up."""
    shown: list[JsonDict] = []
    for line in _fact_lines(made, basis):
        value, *others = line["cells"]
        hides = line["fact"]["key"] in small.left_out
        shown.append(row(line["label"], [words(CONFIDENTIAL) if hides else value, *others]))
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
        months = {f"{CHANNEL}{month}": sum(held.values()) for month, held in groups.items()}
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
