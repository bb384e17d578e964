"""What a public edition is made from, and what it is: the decisions, the texts and the counts behind its gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reports.figures.cells import JsonDict
from standards.marking import Marking
from standards.suppression import Issue, Sum

PUBLISH, WITHHOLD = "publish", "withhold"
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
        findings, inspections: decisions by the id of the finding or inspection.
        facts: the keys of figures of the wider record that are decided for publication, with their public wording.
        last: the content of the last public edition of an earlier paper.
        earlier: the counts of former editions, by the keys of these, the oldest first.
    """

    content: Content
    texts: Sequence[Text]
    decisions: Mapping[int, Decision]
    findings: Mapping[int, Decision] = field(default_factory=dict)
    inspections: Mapping[int, Decision] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    last: Content | None = None
    earlier: Mapping[str, Issue] = field(default_factory=dict)
    largest_small: int
    exemptions: Mapping[str, str]


def is_public(line: Mapping[str, Any], decisions: Mapping[int, Decision]) -> bool:
    """Whether an action of the paper is decided for publication, and was and is OFFICIAL."""
    decision = decisions.get(line["id"])
    markings = {line["marking"], decision.marking if decision else None}
    return decision is not None and decision.publication == PUBLISH and markings == {Marking.OFFICIAL}
