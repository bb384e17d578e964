"""The kinds of sections a template can be made of, and what each of them counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reports.figures import actions, rollforward, wider
from reports.figures.cells import JsonDict, text_of
from reports.record.rows import Record
from web.language import lazy_text

DEFINITIONS_VERSION = "1"
DEFINITIONS = (
    ("Open", "Every action that is not complete, withdrawn or superseded. Drafts are not counted."),
    ("Overdue", "Not started, in progress or awaiting assurance, and the due date has passed."),
    (
        "Declared RAG",
        "The owner's rating. Red: overdue, or will miss its date. Amber: at risk, with recovery in hand.",
    ),
    ("Computed RAG", "Worked out from due dates, the last update and the percentage done."),
    ("Joint actions", "Counted through the district actions that they are made of."),
)


@dataclass(frozen=True)
class Last:
    """The last issued paper, as far as this one counts from it.

    Attributes:
        facts: what it printed of figures of the wider record, by their keys.
    """

    on: str
    rows: Sequence[Mapping[str, Any]]
    facts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Last":
        """Return what a paper or public edition counts from the one before it, from the content of that one."""
        lines = (
            line
            for section in content["sections"]
            for table in section["tables"]
            for line in table["rows"]
            if "fact" in line
        )
        facts = {line["fact"]["key"]: text_of(line["cells"][0]) for line in lines}
        return cls(content["on"], content["rows"], facts)


@dataclass(frozen=True)
class Kind:
    """A kind of section.

    Attributes:
        tables: counts the record; None for a section of text alone.
        text: which text of the returns flows into it.
        help: what the section is for, where templates are arranged.
    """

    key: str
    heading: str
    help: str
    tables: Callable[[Record, Last | None], list[JsonDict]] | None = None
    text: str = ""
    needs_text: bool = False


def _alone(build: Callable[[Record], list[JsonDict]]) -> Callable[[Record, Last | None], list[JsonDict]]:
    return lambda record, last: build(record)


def _since(
    build: Callable[[Record, Sequence[Mapping[str, Any]]], list[JsonDict]],
) -> Callable[[Record, Last | None], list[JsonDict]]:
    return lambda record, last: build(record, last.rows if last else ())


def _wider(key: str, caption: str) -> Callable[[Record, Last | None], list[JsonDict]]:
    return lambda record, last: [
        wider.lines_of(key, caption, record.wider.get(key, ()), last.facts if last else {})
    ]


KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind("cover", "Cover", lazy_text("Title, meeting, author, purpose and recommendation")),
        Kind("narrative", "Text", lazy_text("Text of your own under a heading of your own"), needs_text=True),
        Kind(
            "since_last",
            "Since the last paper",
            lazy_text("New, complete, withdrawn, reopened, dates and ratings changed"),
            _since(rollforward.since_last),
        ),
        Kind(
            "roll_forward",
            "From the last paper to this one",
            lazy_text("Opening and closing figures by pillar and district"),
            _since(rollforward.roll_forward),
        ),
        Kind(
            "by_pillar",
            "Progress by pillar",
            lazy_text("Status and RAG by pillar"),
            _alone(actions.by_pillar),
        ),
        Kind(
            "by_district",
            "Progress by district",
            lazy_text("District by pillar"),
            _alone(actions.by_district),
        ),
        Kind(
            "districts",
            "Districts side by side",
            lazy_text("One line for each district"),
            _alone(actions.side_by_side),
        ),
        Kind("overdue", "Overdue actions", lazy_text("By age, on both date bases"), _alone(actions.overdue)),
        Kind(
            "slippage",
            "Changed due dates",
            lazy_text("How often and how far dates moved"),
            _alone(actions.slippage),
        ),
        Kind(
            "waiting",
            "Waiting on partners",
            lazy_text("What each partner is asked for, and how long ago"),
            _alone(actions.waiting),
        ),
        Kind(
            "date_changes",
            "Due date changes",
            lazy_text("Changed since the last paper, or requested"),
            lambda record, last: actions.date_changes(record, last.on if last else None),
        ),
        Kind(
            "recommendations",
            "Recommendations and section 55",
            lazy_text("By inspection, with the register"),
            _alone(wider.recommendations),
        ),
        Kind(
            "escalations",
            "Risks and escalations",
            lazy_text("From the returns, each with its disposition"),
            None,
            "escalations",
        ),
        Kind("risks", "Risks", lazy_text("From the returns"), None, "risks"),
        Kind(
            "training",
            "Training",
            lazy_text("From the returns and the record"),
            _wider("training", "Training"),
            "training",
        ),
        Kind(
            "channel",
            "Channel panels",
            lazy_text("Police representation"),
            _wider("channel", "Channel panels"),
        ),
        Kind("funding", "Funding", lazy_text("Funding and grants"), _wider("funding", "Funding and grants")),
        Kind("good_practice", "Good practice", lazy_text("From the returns"), None, "good_practice"),
        Kind(
            "decisions",
            "Decisions sought",
            lazy_text("From the returns and your own"),
            None,
            "decisions_sought",
        ),
        Kind(
            "implications",
            "Implications",
            lazy_text("The table of implications that the board's template names"),
        ),
        Kind(
            "appendix",
            "Appendix A: actions",
            lazy_text("Every action that the paper counts"),
            _alone(actions.appendix),
        ),
    )
}
