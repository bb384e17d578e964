"""What a search reads: for each kind of row, its headings and its texts."""

import re
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import Case, F, FloatField, Q, QuerySet, TextChoices, TextField, Value, When
from django.db.models.functions import Concat

from actions.core.table import ACTION
from actions.models import Action, ProgressUpdate
from audit.actors import Reader
from inspections.core.table import FINDING
from inspections.models import Recommendation
from meetings.models import AgendaItem, Decision, Meeting, Minute
from standards import marking
from standards.references import is_reference, plain_reference
from web.resources import names

# How many rows of a kind are ranked, newest first: the cost of a search does not grow with the record.
LIMIT = 250
# A reference is looked for if it has letters and figures: "sg-03", and not "Bradford".
LETTERS_AND_FIGURES = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])")
# Ranks of texts are between 0 and 2.
WHOLE, END, BEGINNING = 30.0, 20.0, 10.0

Ranks = dict[int, float]
MEETINGS = "meetings:read"


class Kind(TextChoices):
    ACTION = "action", "Actions"
    UPDATE = "update", "Updates"
    RECOMMENDATION = "recommendation", "Findings"
    MEETING = "meeting", "Meetings"
    AGENDA_ITEM = "agenda_item", "Agenda items"
    MINUTE = "minute", "Minutes"
    DECISION = "decision", "Decisions"


@dataclass(frozen=True)
class Source:
    """What a search reads of one kind of row.

    Attributes:
        joined: what is read with each row.
        marked: what gives a row its marking: the highest of them counts.
        scope: what a token needs to search this kind.
    """

    kind: Kind
    model: Any
    headings: tuple[str, ...]
    texts: tuple[str, ...]
    joined: tuple[str, ...]
    marked: tuple[str, ...] = ("marking",)
    scope: str = "actions:read"

    def visible(self, user: Reader, on: date) -> "QuerySet[Any]":
        rows: QuerySet[Any] = self.model.objects.visible_to(user, on)
        return rows

    def marking_of(self, row: Any) -> str:
        return marking.highest(attrgetter(path)(row) for path in self.marked).value

    def name_of(self, row: Any) -> str:
        """Return how a row is named among results."""
        match self.kind:
            case Kind.AGENDA_ITEM:
                return f"{row.title} ({row.meeting}, item {row.number})"
            case Kind.MINUTE:
                return str(row.citation)
            case Kind.DECISION:
                return f"{row.get_effect_display()}: {row.minute.citation}"
        return str(row)

    @property
    def body(self) -> Concat:
        """The texts, one to a line, from which an excerpt is cut."""
        parts: list[Any] = []
        for text in self.texts:
            parts += [F(text), Value("\n")]
        return Concat(Value(""), *parts, output_field=TextField())


SOURCES = (
    Source(
        Kind.ACTION,
        Action,
        headings=names(ACTION, "search", "heading"),
        texts=names(ACTION, "search", "text"),
        joined=("plan", "pillar", "area"),
    ),
    Source(
        Kind.UPDATE,
        ProgressUpdate,
        headings=(),
        texts=("narrative", "next_steps", "reason", "path_to_green"),
        joined=("action__plan", "action__pillar", "author"),
        marked=("action.marking",),
    ),
    Source(
        Kind.RECOMMENDATION,
        Recommendation,
        headings=(*names(FINDING, "search", "heading"), "inspection__short_title", "inspection__title"),
        texts=names(FINDING, "search", "text"),
        joined=("inspection",),
        marked=("inspection.marking",),
        scope="recommendations:read",
    ),
    Source(
        Kind.MEETING,
        Meeting,
        headings=("board__name",),
        texts=("place", "chair", "source", "cancelled_reason"),
        joined=("board",),
        scope=MEETINGS,
    ),
    Source(
        Kind.AGENDA_ITEM,
        AgendaItem,
        headings=("title",),
        texts=("presenter", "paper", "private_reason"),
        joined=("meeting__board",),
        marked=("marking", "meeting.marking"),
        scope=MEETINGS,
    ),
    Source(
        Kind.MINUTE,
        Minute,
        headings=("reference",),
        texts=("text",),
        joined=("item__meeting__board",),
        marked=("item.marking", "meeting.marking"),
        scope=MEETINGS,
    ),
    Source(
        Kind.DECISION,
        Decision,
        headings=("subject_ref",),
        texts=("wording", "conditions"),
        joined=("minute__item__meeting__board",),
        marked=("minute.item.marking", "minute.meeting.marking"),
        scope=MEETINGS,
    ),
)


SOURCE_OF = {source.kind: source for source in SOURCES}


def newest(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Keep one row more than are ranked, to show that there are more."""
    # Ordered by an expression: by the key itself, PostgreSQL would walk back along the index and read each row's text.
    return rows.order_by(-F("pk"))[: LIMIT + 1]


def by_reference(rows: "QuerySet[Any]", text: str) -> Ranks:
    """Rank actions by reference: equal to the text first, then ending with it, then starting with it."""
    text = plain_reference(text)
    whole = Q(ref__iexact=text)
    end = Q(ref__iendswith=f"-{text}") | Q(ref__iendswith=f" {text}")
    beginning = (
        Q(ref__istartswith=f"{text}-") | Q(ref__istartswith=f"{text} ") | Q(ref__istartswith=f"{text}(")
    )
    tiers = Case(
        When(whole, then=Value(WHOLE)),
        When(end, then=Value(END)),
        default=Value(BEGINNING),
        output_field=FloatField(),
    )
    if not (LETTERS_AND_FIGURES.match(text) and is_reference(text)):
        rows = rows.none()
    matches = rows.filter(whole | end | beginning).annotate(rank=tiers).order_by("-rank", "-pk")
    return dict(matches.values_list("pk", "rank")[:LIMIT])
