"""The kinds of row that a search reads, and what it reads of each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import F, QuerySet, TextChoices, TextField, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy

from audit.actors import Reader
from standards import marking


class Kind(TextChoices):
    ACTION = "action", gettext_lazy("Actions")
    UPDATE = "update", gettext_lazy("Updates")
    QUESTION = "question", gettext_lazy("Questions")
    RECOMMENDATION = "recommendation", gettext_lazy("Findings")
    MEETING = "meeting", gettext_lazy("Meetings")
    AGENDA_ITEM = "agenda_item", gettext_lazy("Agenda items")
    MINUTE = "minute", gettext_lazy("Minutes")
    DECISION = "decision", gettext_lazy("Decisions")
    FUNDING_ROUND = "funding_round", gettext_lazy("Funding rounds")
    FUNDING_DECISION = "funding_decision", gettext_lazy("Funding decisions")
    GRANT_FUND = "grant_fund", gettext_lazy("Funds")
    GRANT_LIMIT = "grant_limit", gettext_lazy("Grant limits")
    GRANT = "grant", gettext_lazy("Grants")
    STATED_TOTAL = "stated_total", gettext_lazy("Stated totals")
    TRAINING_EVENT = "training_event", gettext_lazy("Training events")
    ATTENDANCE = "attendance", gettext_lazy("Attendance")
    TRAINING_PROGRAMME = "training_programme", gettext_lazy("Training programmes")
    COMPLETION = "completion", gettext_lazy("Completions")
    CHAMPIONS_COUNT = "champions_count", gettext_lazy("Champions")
    LOCAL_PROFILE = "local_profile", gettext_lazy("Local profiles")
    PROFILE_BRIEFING = "profile_briefing", gettext_lazy("Profile briefings")
    PLAN_ALIGNMENT = "plan_alignment", gettext_lazy("Plan alignments")
    PANEL_MONTH = "panel_month", gettext_lazy("Months of panels")
    CHANNEL_PANEL = "channel_panel", gettext_lazy("Channel panels")
    FRAMEWORK = "framework", gettext_lazy("Frameworks")
    FRAMEWORK_ITEM = "framework_item", gettext_lazy("Items of frameworks")
    GRADE = "grade", gettext_lazy("Grades")
    MEASURE = "measure", gettext_lazy("Measures")
    READING = "reading", gettext_lazy("Readings")
    ACTION_MAPPING = "action_mapping", gettext_lazy("Actions by item")
    TERM = "term", gettext_lazy("Terms")
    MEMORANDUM = "memorandum", gettext_lazy("Memoranda")


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
