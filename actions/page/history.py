"""The one history on an action's page: updates, evidence, assurance and changes, newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from actions.core.models import Action
from actions.history.queries import Children
from actions.history.services import Event, timeline_of
from actions.models import Assurance, Evidence, ProgressUpdate, Question
from web.language import lazy_text

# How many events the page shows until the reader chooses a kind, or all.
LATEST = 3
ALL, CHANGES = "all", "changes"
KINDS = {
    ALL: lazy_text("Everything"),
    "updates": lazy_text("Updates"),
    "evidence": lazy_text("Evidence"),
    "assurance": lazy_text("Assurance"),
    "questions": lazy_text("Questions"),
    CHANGES: lazy_text("Other changes"),
}
MODELS: dict[str, tuple[str, Any]] = {
    ProgressUpdate._meta.label_lower: ("updates", ProgressUpdate),
    Evidence._meta.label_lower: ("evidence", Evidence),
    Assurance._meta.label_lower: ("assurance", Assurance),
    Question._meta.label_lower: ("questions", Question),
}
SUBMITTED = "action.submitted"


@dataclass(frozen=True)
class HistoryItem:
    """One event, with the update, the evidence and the assurance that it recorded."""

    event: Event
    updates: Sequence[ProgressUpdate]
    evidence: Sequence[Evidence]
    assurances: Sequence[Assurance]

    @property
    def text(self) -> str:
        """The text of the event, unless one of its lines quotes it."""
        lines = [] if self.updates or self.evidence else self.event.lines
        return "" if any(self.event.text in line for line in lines) else self.event.text

    @property
    def kinds(self) -> set[str]:
        kinds = {MODELS[label][0] for label, _ in self.event.records if label in MODELS}
        if self.event.verb == SUBMITTED:
            kinds.add("assurance")
        return kinds or {CHANGES}


@dataclass(frozen=True)
class Choice:
    """A kind of event that the history can be narrowed to."""

    name: str
    label: str
    count: int
    is_current: bool


def section(
    request: HttpRequest,
    action: Action,
    *,
    children: Children,
    updates: Iterable[ProgressUpdate],
    evidence: Iterable[Evidence],
    assurances: Iterable[Assurance],
) -> dict[str, Any]:
    """Return the events to show, how many there are of each kind, and the kind that the reader chose."""
    rows: dict[tuple[str, int], Any] = {
        (row._meta.label_lower, row.pk): row for group in (updates, evidence, assurances) for row in group
    }
    items = [_item(event, rows) for event in timeline_of(action=action, children=children)]
    counts = {kind: sum(kind in item.kinds for item in items) for kind in KINDS} | {ALL: len(items)}
    chosen = request.GET.get("history", "")
    kind = chosen if chosen in KINDS else ""
    matching = [item for item in items if kind in ("", ALL) or kind in item.kinds]
    return {
        "items": matching if kind else matching[:LATEST],
        "total": len(items),
        "hidden": 0 if kind else max(0, len(items) - LATEST),
        "choices": [
            Choice(name, label, counts[name], name == kind)
            for name, label in KINDS.items()
            if counts[name] and len(items) > LATEST
        ],
    }


def _item(event: Event, rows: dict[tuple[str, int], Any]) -> HistoryItem:
    def of_type(model: Any) -> list[Any]:
        return [
            rows[record]
            for record in event.records
            if record[0] == model._meta.label_lower and record in rows
        ]

    return HistoryItem(event, of_type(ProgressUpdate), of_type(Evidence), of_type(Assurance))
