"""My work: who is asked to approve, issue and publish papers and their public editions."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actors import SYSTEM
from desk.my_work.services.lists import my_decisions, my_tasks
from desk.notices.services.sending import send_digests
from reports.models import Paper
from reports.papers.services.issuing import approve_paper, issue_paper
from reports.publications.services.preparing import draft_edition
from reports.publications.services.publishing import approve_edition, publish_edition
from reports.templates.models import Template
from tests.cast import AT, LONDON, PEOPLE, TODAY, Cast
from tests.meetings.factories import MeetingFactory
from tests.reports.factories import (
    TemplateFactory,
    drafted_edition,
    issued_paper,
    reconciled_paper,
    template_of,
)


def asked(cast: Cast) -> set[tuple[str, str]]:
    """Return who is asked about papers, and what."""
    return {
        (name, task.verb)
        for name in PEOPLE
        for task in my_tasks(actor=cast.person(name), on=TODAY)
        if task.subject.type == "paper"
    }


def test_a_reconciled_paper_waits_for_a_board_member_on_the_day_of_its_meeting(cast: Cast) -> None:
    template = template_of(cast)
    meeting = MeetingFactory(cast=cast, board=template.board, day=TODAY)
    paper = reconciled_paper(cast, template=template, meeting=meeting)
    assert asked(cast) == {("gold", "Issue")}
    (task,) = my_decisions(actor=cast.gold, on=TODAY)
    assert (task.title, task.due, task.path) == (f"Issue {paper}", TODAY, f"/papers/{paper.pk}/issue/")
    issue_paper(actor=cast.gold, paper=paper, at=AT)
    assert asked(cast) == set()


def test_a_paper_that_cannot_be_issued_yet_is_asked_of_nobody(cast: Cast) -> None:
    reconciled_paper(cast, template=TemplateFactory(cast=cast, layout="committee"))
    assert asked(cast) == set()


def test_each_voice_is_approved_before_the_paper_is_issued(cast: Cast) -> None:
    paper = reconciled_paper(cast, template=TemplateFactory(cast=cast, layout="outcomes"))
    police, commissioner = (f"Approve the part of the {voice.label} in" for voice in Template.Voice)
    assert asked(cast) == {("gold", police), ("opcc_officer", commissioner), ("opcc_director", commissioner)}
    approve_paper(actor=cast.gold, paper=paper, voice="chief", at=AT)
    approve_paper(actor=cast.opcc_officer, paper=paper, voice="opcc", at=AT)
    assert asked(cast) == {("gold", "Issue")}


def test_an_edition_is_approved_and_then_published_by_somebody_else(cast: Cast, mailoutbox: Any) -> None:
    paper = issued_paper(cast, template=template_of(cast, "gold"))
    undecided = draft_edition(actor=cast.manager, paper=paper, at=AT)
    assert undecided.sections.filter(treatment="").exists()
    assert asked(cast) == set()
    undecided.sections.filter(treatment="").update(treatment="left_out")
    approving = "Approve the public edition of"
    assert asked(cast) == {(name, approving) for name in ("gold", "opcc_officer", "opcc_director")}
    edition = approve_edition(actor=cast.opcc_officer, edition=undecided, at=AT)
    publishing = "Publish the public edition of"
    assert asked(cast) == {(name, publishing) for name in ("gold", "opcc_director")}
    send_digests(actor=SYSTEM, at=datetime(2020, 6, 19, 7, tzinfo=LONDON))
    notified = {mail.to[0] for mail in mailoutbox if f"Publish the public edition of {paper}" in mail.body}
    assert notified == {cast.gold.email, cast.opcc_director.email}
    publish_edition(actor=cast.gold, edition=edition, at=AT)
    assert asked(cast) == set()


def test_many_papers_cost_no_more_queries(cast: Cast) -> None:
    template = template_of(cast)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            my_tasks(actor=cast.gold, on=TODAY)
        return len(captured)

    drafted_edition(cast, issued_paper(cast, template=template))
    reconciled_paper(cast, template=template)
    few = queries()
    for _ in range(2):
        drafted_edition(cast, issued_paper(cast, template=template))
        reconciled_paper(cast, template=template)
    assert Paper.objects.count() == 6
    assert queries() == few
