"""Papers and public editions that wait for somebody to approve, issue or publish them."""

from collections.abc import Collection, Iterator
from datetime import date

from django.utils.translation import gettext

from audit.actors import Actor
from desk.tasks.subjects import of_paper
from desk.tasks.task import DECIDE, Task
from meetings.models import Meeting
from partners.policies import Rights, Role
from reports.models import Paper, PublicEdition
from reports.papers import policies as paper_policies
from reports.papers.queries import Writers, missing_voices, why_not_ready, writers_of_each
from reports.papers.states import PaperState
from reports.publications import policies as edition_policies
from reports.publications.queries import authors_of_each
from reports.publications.states import OPEN, EditionState
from web.language import day_text

DECIDERS = (Role.BOARD_MEMBER, Role.OPCC_OFFICER)


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield what is ready for the actor's approval, issue or publication; nobody decides on what they wrote."""
    partnerships = rights.partnerships(*DECIDERS)
    if not partnerships:
        return
    papers = Paper.objects.visible_to(actor, on).filter(
        state=PaperState.RECONCILED, template__board__partnership__in=partnerships
    )
    papers = papers.select_related("template__board__partnership", "plan", "meeting").defer("content")
    papers = papers.prefetch_related("sections", "passages__section", "implications", "appendices")
    writers = writers_of_each(papers)
    for paper in papers:
        yield from _paper(paper, writers[paper.pk], rights)
    editions = PublicEdition.objects.visible_to(actor, on).filter(
        state__in=OPEN, paper__template__board__partnership__in=partnerships
    )
    editions = editions.select_related("paper__template__board__partnership", "paper__plan")
    editions = editions.defer("content", "counts", "paper__content")
    parts = (f"paper__{name}" for name in ("sections", "passages", "implications", "appendices"))
    editions = editions.prefetch_related("sections", *parts)
    authors = authors_of_each(editions)
    for edition in editions:
        yield from _edition(edition, authors[edition.pk], rights)


def _paper(paper: Paper, writers: Writers, rights: Rights) -> Iterator[Task]:
    """Yield the approvals that are missing, and after them the issue."""
    missing = missing_voices(paper)
    for voice in missing:
        if not paper_policies.why_not_approve(
            rights, paper.partnership_id, voice=voice, writers=writers.of(voice)
        ):
            yield _of_paper(
                paper,
                gettext("Approve the part of the {voice} in").format(voice=voice.label),
                "reports:paper-approve",
                (paper.pk, voice),
            )
    if (
        not missing
        and not why_not_ready(paper)
        and not paper_policies.why_not_issue(rights, paper.partnership_id, writers.of())
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


def _edition(edition: PublicEdition, authors: Collection[int], rights: Rights) -> Iterator[Task]:
    """Yield the approval of a draft whose texts are all decided, or the publication of what is approved."""
    partnership = edition.partnership_id
    if edition.state == EditionState.APPROVED:
        refusal = edition_policies.why_not_publish(
            rights, partnership, authors=authors, approver_id=edition.approved_by_id
        )
        step = (
            gettext("Publish the public edition of"),
            gettext("Approved, and not published yet"),
            "reports:edition-publish",
        )
    else:
        refusal = edition_policies.why_not_approve(rights, partnership, authors=authors)
        step = (
            gettext("Approve the public edition of"),
            gettext("Every text is decided"),
            "reports:edition-approve",
        )
        if not all(section.treatment for section in edition.sections.all()):
            return
    if not refusal:
        verb, reason, route = step
        yield Task(of_paper(edition.paper), verb, reason, route, DECIDE, args=(edition.pk,))
