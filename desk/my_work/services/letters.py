"""Published reports that are to be answered: their responses, their letters, and the chief officer's comments."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from desk.tasks.tasks import DECIDE, DUE_SOON, NOTE, OVERDUE, OnReport
from inspections.core import policies
from inspections.core.states import FROZEN
from inspections.letters.services import author_ids_of_each
from inspections.models import Inspection
from inspections.responses.queries import with_answer
from inspections.responses.services.next_step import ResponseProgress, Who, response_progress
from inspections.responses.services.section55 import clock_of
from partners.policies import Rights, Role
from standards.section55 import Clock


def tasks(*, actor: Any, rights: Rights, on: date) -> Iterator[OnReport]:
    """What programme managers and board members do next about each report; approval is asked of who may give it."""
    here = rights.partnerships(Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER)
    if not here:
        return
    owed = Inspection.objects.visible_to(actor, on).filter(partnership__in=here, published_on__lte=on)
    standings = response_progress(inspections=list(with_answer(owed.owing()).order_by("published_on", "pk")))
    approvable = _approvable(standings, rights)
    for standing in standings:
        clock = clock_of(inspection=standing.inspection, on=on)
        assert clock is not None  # published on or before this day
        if clock.answered_on is None:
            yield from _comments(standing, on)
        yield from _next(standing, clock, approvable)


def _next(standing: ResponseProgress, clock: Clock, approvable: set[int]) -> Iterator[OnReport]:
    step, letter = standing.step, standing.letter
    if step.who == Who.NOBODY or (step.who == Who.BOARD and (letter is None or letter.pk not in approvable)):
        return
    urgency, by = DUE_SOON, None
    if clock.answered_on is None:
        by = clock.last_day
        urgency = OVERDUE if clock.days_late else DUE_SOON
    if step.who == Who.BOARD:
        urgency = DECIDE if urgency == DUE_SOON else urgency
    yield OnReport(
        standing.inspection, step.text, _reason(standing, clock), step.route, step.about, urgency, by
    )


def _reason(standing: ResponseProgress, clock: Clock) -> str:
    if clock.answered_on is None:
        said = f"{standing.answered} of {standing.needed} recommendations have a response"
        return f"Section 55 response: {clock.words[:1].lower()}{clock.words[1:]}. {said}"
    if standing.letter is not None and standing.letter.published_on is not None:
        return "The letter is published, and its despatch is not recorded in full"
    return "A correction of the published letter is begun"


def _comments(standing: ResponseProgress, on: date) -> Iterator[OnReport]:
    """The chief officer is invited to comment before the letter is written, by a day; then the comments are recorded."""
    row, letter = standing.inspection, standing.letter
    if row.comments_received_on is not None or (letter is not None and letter.state in FROZEN):
        return
    if row.comments_invited_on is None:
        reason = "The chief officer is invited to comment before the response is published"
        yield OnReport(row, "Invite comments", reason, "inspections:comments-invite", row.pk, NOTE)
        return
    late = row.comments_wanted_by is not None and row.comments_wanted_by < on
    reason = "The chief officer's comments are not recorded yet"
    urgency = DUE_SOON if late else NOTE
    yield OnReport(
        row, "Record comments", reason, "inspections:comments-record", row.pk, urgency, row.comments_wanted_by
    )


def _approvable(standings: Sequence[ResponseProgress], rights: Rights) -> set[int]:
    """Return the ids of the letters that wait for the user's own approval."""
    waiting = [
        standing.letter
        for standing in standings
        if standing.step.who == Who.BOARD and standing.letter is not None
    ]
    if not waiting:
        return set()
    authors = author_ids_of_each(letters=waiting)
    return {
        letter.pk for letter in waiting if not policies.why_not_approve(rights, letter, authors[letter.pk])
    }
