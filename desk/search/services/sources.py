"""What a search reads: for each kind of row, its headings and its texts."""

import re
from typing import Any

from django.db.models import Case, F, FloatField, Q, QuerySet, Value, When
from django.utils.translation import gettext

from actions.core.table import ACTION
from actions.models import Action, ProgressUpdate, Question
from desk.search.services.kinds import Kind, Source
from desk.search.services.records import RECORDS
from inspections.core.table import FINDING
from inspections.models import Recommendation
from meetings.models import AgendaItem, Decision, Meeting, Minute
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

SOURCES = (
    Source(
        kind=Kind.ACTION,
        model=Action,
        headings=names(ACTION, "search", "heading"),
        texts=names(ACTION, "search", "text"),
        joined=("plan", "pillar", "area"),
    ),
    Source(
        kind=Kind.UPDATE,
        model=ProgressUpdate,
        headings=(),
        texts=("narrative", "next_steps", "reason", "path_to_green"),
        joined=("action__plan", "action__pillar", "author"),
        marked=("action.marking",),
    ),
    Source(
        kind=Kind.QUESTION,
        model=Question,
        headings=(),
        texts=("text", "answer"),
        joined=("action__plan", "asked_by"),
        marked=("action.marking",),
        name=lambda row: gettext("{ref} {title}: question").format(
            ref=row.action.ref, title=row.action.title
        ),
    ),
    Source(
        kind=Kind.RECOMMENDATION,
        model=Recommendation,
        headings=(*names(FINDING, "search", "heading"), "inspection__short_title", "inspection__title"),
        texts=names(FINDING, "search", "text"),
        joined=("inspection",),
        marked=("inspection.marking",),
        scope="recommendations:read",
    ),
    Source(
        kind=Kind.MEETING,
        model=Meeting,
        headings=("board__name",),
        texts=("place", "chair", "source", "cancelled_reason"),
        joined=("board",),
        scope=MEETINGS,
    ),
    Source(
        kind=Kind.AGENDA_ITEM,
        model=AgendaItem,
        headings=("title",),
        texts=("presenter", "paper", "private_reason"),
        joined=("meeting__board",),
        marked=("marking", "meeting.marking"),
        scope=MEETINGS,
        name=lambda row: gettext("{title} ({meeting}, item {number})").format(
            title=row.title, meeting=row.meeting, number=row.number
        ),
    ),
    Source(
        kind=Kind.MINUTE,
        model=Minute,
        headings=("reference",),
        texts=("text",),
        joined=("item__meeting__board",),
        marked=("item.marking", "meeting.marking"),
        scope=MEETINGS,
        name=lambda row: str(row.citation),
    ),
    Source(
        kind=Kind.DECISION,
        model=Decision,
        headings=("subject_ref",),
        texts=("wording", "conditions"),
        joined=("minute__item__meeting__board",),
        marked=("minute.item.marking", "minute.meeting.marking"),
        scope=MEETINGS,
        name=lambda row: f"{row.get_effect_display()}: {row.minute.citation}",
    ),
    *RECORDS,
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
