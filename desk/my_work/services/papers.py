"""Papers that wait for somebody to approve or issue them."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from audit.actors import Actor
from desk.tasks.subjects import of_paper
from desk.tasks.task import DECIDE, Task
from meetings.models import Meeting
from partners.policies import Rights, Role
from reports.models import Paper
from reports.papers import policies
from reports.papers.queries import Writers, missing_voices, why_not_ready, writers_of_each
from reports.papers.states import PaperState
from web.language import day_text

if TYPE_CHECKING:
    from reports.papers.models import PaperQuerySet

DECIDERS = (Role.BOARD_MEMBER, Role.OPCC_OFFICER)


def candidates(*, rights: Rights, on: date) -> "PaperQuerySet":
    deciding = rights.partnerships(*DECIDERS)
    return Paper.objects.filter(state=PaperState.RECONCILED, template__board__partnership__in=deciding)


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield what is ready for the actor's approval or issue; nobody decides on what they wrote."""
    papers = candidates(rights=rights, on=on).visible_to(actor, on)
    papers = papers.select_related("template__board__partnership", "plan", "meeting").defer("content")
    papers = papers.prefetch_related("sections", "passages__section", "implications", "appendices")
    writers = writers_of_each(papers)
    for paper in papers:
        yield from _paper(paper, writers[paper.pk], rights)


def _paper(paper: Paper, writers: Writers, rights: Rights) -> Iterator[Task]:
    """Yield the approvals that are missing, and after them the issue."""
    missing = missing_voices(paper)
    for voice in missing:
        if not policies.why_not_approve(rights, paper.partnership_id, voice=voice, writers=writers.of(voice)):
            yield _of_paper(
                paper,
                gettext("Approve the part of the {voice} in").format(voice=voice.label),
                "reports:paper-approve",
                (paper.pk, voice),
            )
    if (
        not missing
        and not why_not_ready(paper)
        and not policies.why_not_issue(rights, paper.partnership_id, writers.of())
    ):
        yield _of_paper(paper, gettext("Issue"), "reports:paper-issue", (paper.pk,))


def _of_paper(paper: Paper, verb: str, route: str, args: tuple[int | str, ...]) -> Task:
    meeting = paper.meeting
    has_day = meeting is not None and meeting.precision == Meeting.Precision.DAY
    return Task(
        of_paper(paper),
        verb,
        gettext("Reconciled, with figures as at {on}").format(on=day_text(paper.on)),
        route,
        DECIDE,
        meeting.day if meeting is not None and has_day else None,
        args=args,
        dated=gettext("Meeting"),
    )
