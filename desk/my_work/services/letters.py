"""Published inspection reports that need a response, a letter, or the chief officer's comments."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext

from audit.actors import Actor
from desk.tasks.subjects import of_inspection
from desk.tasks.task import DECIDE, DUE_SOON, NOTE, OVERDUE, Task
from inspections.core import policies
from inspections.core.states import FROZEN, LetterState
from inspections.letters.services import author_ids_of_each
from inspections.models import Inspection, PublishedResponse
from inspections.responses.queries import with_answer
from inspections.responses.services.next_step import (
    ResponseProgress,
    Who,
    comments_step,
    response_progress,
)
from inspections.responses.services.section55 import clock_of
from partners.policies import Rights
from standards.section55 import Clock

if TYPE_CHECKING:
    from django.db.models import QuerySet

SEPARATOR = ": "


def candidates(*, rights: Rights, on: date) -> "QuerySet[Any]":
    """Return the reports without a letter, or with one that is not published and sent to both."""
    partnerships = rights.partnerships(*policies.RESPONDS)
    owing = Inspection.objects.owing().filter(partnership__in=partnerships, published_on__lte=on)
    letters = PublishedResponse.objects.filter(inspection=OuterRef("pk"))
    is_sent = {"sent_to_secretary_of_state_on__isnull": False, "sent_to_inspectors_on__isnull": False}
    ended = letters.filter(state=LetterState.PUBLISHED, **is_sent)
    unended = letters.exclude(state=LetterState.PUBLISHED, **is_sent)
    return owing.filter(~Exists(ended) | Exists(unended))


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield the next step for each report; the letter's steps go to OPCC officers, approval to one who may."""
    partnerships = rights.partnerships(*policies.RESPONDS)
    if not partnerships:
        return
    owed = Inspection.objects.visible_to(actor, on).filter(partnership__in=partnerships, published_on__lte=on)
    standings = response_progress(
        inspections=list(with_answer(owed.owing()).order_by("published_on", "pk")), on=on
    )
    approvable = _approvable(standings, rights)
    for progress in standings:
        clock = clock_of(inspection=progress.inspection, on=on)
        assert clock is not None  # published on or before this day
        if clock.answered_on is None:
            yield from _comments(progress, on)
        if _takes(progress, rights, approvable):
            yield from _next(progress, clock)


def _takes(progress: ResponseProgress, rights: Rights, approvable: set[int]) -> bool:
    """Say whether the user takes the next step; comments have tasks of their own."""
    step, letter = progress.step, progress.letter
    match step.who:
        case Who.NOBODY:
            return False
        case Who.APPROVER:
            return letter is not None and letter.pk in approvable
        case Who.OPCC:
            return not policies.why_not_draft(rights, progress.inspection)
        case _:
            return step != comments_step(inspection=progress.inspection)


def _next(progress: ResponseProgress, clock: Clock) -> Iterator[Task]:
    step = progress.step
    urgency, due = DUE_SOON, None
    if clock.answered_on is None:
        due = clock.last_day
        urgency = OVERDUE if clock.days_late else DUE_SOON
    if step.who == Who.APPROVER:
        urgency = DECIDE if urgency == DUE_SOON else urgency
    yield Task(
        of_inspection(progress.inspection),
        step.text,
        _reason(progress, clock),
        step.route,
        urgency,
        due,
        args=(step.about,),
        separator=SEPARATOR,
        dated=gettext("Response due"),
    )


def _reason(progress: ResponseProgress, clock: Clock) -> str:
    if clock.answered_on is None:
        responses = gettext("{answered} of {needed} recommendations have a response").format(
            answered=progress.answered, needed=progress.needed
        )
        return gettext("Section 55 response: {words}{words2}. {responses}").format(
            words=clock.words[:1].lower(), words2=clock.words[1:], responses=responses
        )
    if progress.letter is not None and progress.letter.published_on is not None:
        return gettext("The letter is published, but its despatch is not fully recorded")
    return gettext("A correction to the published letter has been started")


def _comments(progress: ResponseProgress, on: date) -> Iterator[Task]:
    """Yield the invitation to the chief officer, then the record of the comments."""
    row, letter = progress.inspection, progress.letter
    if row.comments_received_on is not None or (letter is not None and letter.state in FROZEN):
        return
    if row.comments_invited_on is None:
        reason = gettext("Ask the chief officer to comment before the response is published")
        yield Task(
            of_inspection(row),
            gettext("Invite comments"),
            reason,
            "inspections:comments-invite",
            NOTE,
            separator=SEPARATOR,
        )
        return
    late = row.comments_due_on is not None and row.comments_due_on < on
    reason = gettext("The chief officer's comments are not recorded yet")
    urgency = DUE_SOON if late else NOTE
    yield Task(
        of_inspection(row),
        gettext("Record comments"),
        reason,
        "inspections:comments-record",
        urgency,
        row.comments_due_on,
        separator=SEPARATOR,
        dated=gettext("Comments due"),
    )


def _approvable(standings: Sequence[ResponseProgress], rights: Rights) -> set[int]:
    """Return the ids of the letters that wait for the user's own approval."""
    waiting = [
        progress.letter
        for progress in standings
        if progress.step.who == Who.APPROVER and progress.letter is not None
    ]
    if not waiting:
        return set()
    authors = author_ids_of_each(letters=waiting)
    return {
        letter.pk for letter in waiting if not policies.why_not_approve(rights, letter, authors[letter.pk])
    }
