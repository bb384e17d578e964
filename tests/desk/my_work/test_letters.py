"""My work: who is asked for what about a report that is to be answered."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from desk.my_work.services.lists import my_tasks
from desk.tasks.task import Task
from inspections.letters.services import correct_letter
from inspections.models import Inspection
from inspections.responses.services.section55 import invite_comments, record_comments
from partners.models import User
from tests.cast import AT, PEOPLE, TODAY, Cast
from tests.inspections.letters import letters

LAST = date(2020, 5, 3)
EDIT = "inspections:response-edit"
FIRST = "Write the response to Recommendation 1 of 2"


def inspection_tasks(user: User, on: date = TODAY) -> list[Task]:
    return [task for task in my_tasks(actor=user, on=on) if task.subject.type == "inspection"]


def letter_verbs(user: User, on: date = TODAY) -> list[str]:
    return [task.verb for task in inspection_tasks(user, on) if "comments" not in task.verb]


def drafted(cast: Cast) -> None:
    letters.commented(cast, letters.drafted(cast).inspection)


def commented(cast: Cast, inspection: Inspection) -> Inspection:
    return record_comments(
        actor=cast.manager, inspection=inspection, received_on=LAST, comments="Agreed.", at=AT
    )


OFFICE = ("manager", "gold", "opcc_officer", "opcc_director")
OPCC = ("opcc_officer", "opcc_director")
STAGES = {
    "nothing yet": (letters.report, OFFICE, FIRST),
    "answered": (letters.answered, OPCC, "Draft the letter"),
    "drafted": (drafted, ("opcc_director",), "Approve the letter"),
    "approved": (letters.approved, OPCC, "Publish the letter"),
    "published": (letters.published, OPCC, "Send the letter"),
    "despatched": (letters.despatched, (), ""),
    "unpublished": (lambda cast: letters.report(cast, published_on=None), (), ""),
    "an audit": (lambda cast: letters.report(cast, body_kind="internal_audit"), (), ""),
}


@pytest.mark.parametrize("stage", STAGES)
def test_each_step_is_asked_of_those_who_take_it(cast: Cast, stage: str) -> None:
    make, people, verb = STAGES[stage]
    make(cast)
    assert {person: letter_verbs(cast.person(person)) for person in PEOPLE} == {
        person: [verb] if person in people else [] for person in PEOPLE
    }


def test_a_draft_that_lacks_a_response_asks_for_it_and_not_for_approval(cast: Cast) -> None:
    letters.drafted(cast, letters.report(cast))
    assert letter_verbs(cast.gold) == [FIRST]


def test_an_author_of_a_letter_has_no_task_to_approve_it(cast: Cast) -> None:
    letter = letters.drafted(cast, actor=cast.opcc_director)
    assert letter_verbs(cast.opcc_officer) == [], "the comments come first"
    letters.commented(cast, letter.inspection)
    people = (cast.opcc_director, cast.opcc_officer)
    assert [letter_verbs(person) for person in people] == [[], ["Approve the letter"]]


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        (LAST - timedelta(days=1), "Section 55 response: 1 day left. 0 of 2 recommendations have a response"),
        (LAST, "Section 55 response: today is the last day. 0 of 2 recommendations have a response"),
        (TODAY, "Section 55 response: 47 days late. 0 of 2 recommendations have a response"),
    ],
)
def test_the_clock_says_by_when(cast: Cast, on: date, reason: str) -> None:
    commented(cast, letters.report(cast))
    (task,) = inspection_tasks(cast.manager, on)
    assert (task.due, task.reason) == (LAST, reason)


def test_late_letters_are_listed_first(cast: Cast) -> None:
    letters.report(cast, title="Another", short_title="Late", published_on=date(2020, 3, 1))
    letters.report(cast, short_title="In time", published_on=date(2020, 4, 1))
    titles = [task.title for task in inspection_tasks(cast.manager, date(2020, 5, 1)) if task.route == EDIT]
    assert titles == [f"{FIRST}: Late", f"{FIRST}: In time"]


def test_comments_are_invited_then_recorded_then_asked_no_more(cast: Cast) -> None:
    def comments(on: date = TODAY) -> list[tuple[str, date | None]]:
        return [
            (task.verb, task.due) for task in inspection_tasks(cast.manager, on) if "comments" in task.verb
        ]

    inspection = letters.report(cast)
    assert comments() == [("Invite comments", None)]
    by = date(2020, 7, 1)
    invite_comments(actor=cast.manager, inspection=inspection, invited_on=TODAY, due_on=by, at=AT)
    assert comments() == [("Record comments", by)]
    commented_on = record_comments(
        actor=cast.manager, inspection=inspection, received_on=TODAY, comments="Agreed.", at=AT
    ).comments_received_on
    assert commented_on == TODAY
    assert comments() == []


def test_an_approved_letter_asks_for_no_comments_any_more(cast: Cast) -> None:
    letters.approved(cast)
    assert [task.verb for task in inspection_tasks(cast.opcc_officer)] == ["Publish the letter"]
    assert inspection_tasks(cast.manager) == []


def test_a_correction_is_approved_published_and_sent_again(cast: Cast) -> None:
    first = letters.despatched(cast)
    correct_letter(actor=cast.opcc_officer, letter=first, reason="A slip.", at=AT)
    (task,) = inspection_tasks(cast.opcc_director)
    assert (task.verb, task.due) == ("Approve the letter", None)
    assert task.reason == "A correction to the published letter has been started"


@pytest.mark.parametrize("stage", ["nothing yet", "answered", "drafted", "approved", "published"])
def test_each_task_leads_to_a_page_that_its_reader_may_open(cast: Cast, signed_in: Any, stage: str) -> None:
    STAGES[stage][0](cast)
    for person in OFFICE:
        client = signed_in(person)
        page = client.get("/").content.decode()
        for task in inspection_tasks(cast.person(person)):
            address = reverse(task.route, args=task.args)
            assert f'href="{address}"' in page
            assert client.get(address).status_code == 200


def test_many_reports_take_no_more_queries_than_one(cast: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            my_tasks(actor=cast.gold, on=TODAY)
        return len(queries)

    def another(number: int) -> None:
        inspection = letters.report(cast, title=f"Report {number}", short_title=f"R{number}")
        letters.drafted(cast, letters.answered(cast, inspection))

    another(0)
    few = cost()
    for number in range(1, 4):
        another(number)
    assert cost() == few
