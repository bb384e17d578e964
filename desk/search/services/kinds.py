"""The kinds of row that a search reads, and what it reads of each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import F, QuerySet, TextChoices, TextField, Value
from django.db.models.functions import Concat

from audit.actors import Reader
from standards import marking


class Kind(TextChoices):
    ACTION = "action", "Actions"
    UPDATE = "update", "Updates"
    QUESTION = "question", "Questions"
    RECOMMENDATION = "recommendation", "Findings"
    MEETING = "meeting", "Meetings"
    AGENDA_ITEM = "agenda_item", "Agenda items"
    MINUTE = "minute", "Minutes"
    DECISION = "decision", "Decisions"
    FUNDING_ROUND = "funding_round", "Funding rounds"
    FUNDING_DECISION = "funding_decision", "Funding decisions"
    GRANT_FUND = "grant_fund", "Funds"
    GRANT_LIMIT = "grant_limit", "Grant limits"
    GRANT = "grant", "Grants"
    STATED_TOTAL = "stated_total", "Stated totals"
    TRAINING_EVENT = "training_event", "Training events"
    ATTENDANCE = "attendance", "Attendance"
    TRAINING_PROGRAMME = "training_programme", "Training programmes"
    COMPLETION = "completion", "Completions"
    CHAMPIONS_COUNT = "champions_count", "Champions"
    LOCAL_PROFILE = "local_profile", "Local profiles"
    PROFILE_BRIEFING = "profile_briefing", "Profile briefings"
    PLAN_ALIGNMENT = "plan_alignment", "Plan alignments"
    PANEL_MONTH = "panel_month", "Months of panels"
    CHANNEL_PANEL = "channel_panel", "Channel panels"
    FRAMEWORK = "framework", "Frameworks"
    FRAMEWORK_ITEM = "framework_item", "Items of frameworks"
    GRADE = "grade", "Grades"
    MEASURE = "measure", "Measures"
    READING = "reading", "Readings"
    ACTION_MAPPING = "action_mapping", "Actions by item"
    TERM = "term", "Terms"
    MEMORANDUM = "memorandum", "Memoranda"


@dataclass(frozen=True, kw_only=True)
class Source:
    """What a search reads of one kind of row.

    Attributes:
        joined: what is read with each row.
        marked: what gives a row its marking: the highest of them counts.
        scope: what a token needs to search this kind.
        name: takes a row; returns how it is named among results.
    """

    kind: Kind
    model: Any
    headings: tuple[str, ...]
    texts: tuple[str, ...]
    joined: tuple[str, ...]
    marked: tuple[str, ...] = ("marking",)
    scope: str = "actions:read"
    name: Callable[[Any], str] = str

    def visible(self, user: Reader, on: date) -> "QuerySet[Any]":
        rows: QuerySet[Any] = self.model.objects.visible_to(user, on)
        return rows

    def marking_of(self, row: Any) -> str:
        return marking.highest(attrgetter(path)(row) for path in self.marked).value

    @property
    def body(self) -> Concat:
        """The texts, one to a line, from which an excerpt is cut."""
        parts: list[Any] = []
        for text in self.texts:
            parts += [F(text), Value("\n")]
        return Concat(Value(""), *parts, output_field=TextField())
