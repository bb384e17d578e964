"""My work on waits: the partner is asked to answer, and who leads the action to go on where the answer falls short."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.assurance.services import assure_action, submit_action
from actions.models import Plan
from actions.plans.services import change_plan
from desk.my_work.services.lists import my_tasks
from desk.tasks.task import Task
from tests.actions.waits.waiting import LATER, answered, declined, ended, fresh, supported, waits
from tests.cast import AT, PEOPLE, TODAY, Cast
from tests.factories import submit_progress

FAR = date(2020, 12, 31)
ROUTES = ("actions:dependency-answer", "actions:dependency-end")


def wait_tasks(user: Any, on: date = TODAY) -> list[Task]:
    return [task for task in my_tasks(actor=user, on=on) if task.route in ROUTES]


def only(user: Any, on: date = TODAY) -> Task:
    (task,) = wait_tasks(user, on)
    return task


@pytest.mark.parametrize("person", PEOPLE)
def test_the_partner_alone_is_asked_to_answer(cast: Cast, person: str) -> None:
    row = waits(cast, supported(cast, due=FAR), needed_by=date(2020, 6, 30))
    tasks = wait_tasks(cast.person(person))
    if person != "wakefield_contact":
        assert tasks == []
        return
    (task,) = tasks
    assert (task.verb, task.route, task.args) == ("Answer the request on", ROUTES[0], (row.action_id, row.pk))
    assert task.reason == "Waiting on Wakefield Council for “The list of schools” since 1 June 2020"
    assert task.due == date(2020, 6, 30)


def test_a_spoc_has_tasks_of_the_district(cast: Cast) -> None:
    waits(cast, supported(cast, due=FAR), organisation=cast.leeds_district)
    assert only(cast.leeds_spoc).verb == "Answer the request on"
    assert wait_tasks(cast.bradford_spoc) == []


def test_an_answered_or_closed_wait_is_no_task(cast: Cast) -> None:
    rows = [waits(cast, supported(cast, f"A-{number}", due=FAR)) for number in range(3)]
    assert len(wait_tasks(cast.wakefield_contact)) == 3
    answered(cast, rows[0])
    declined(cast, rows[1])
    ended(cast, rows[2])
    assert wait_tasks(cast.wakefield_contact) == []


def test_the_reason_fits_a_line_however_long_the_need(cast: Cast) -> None:
    waits(cast, supported(cast, due=FAR), needed="All the lists\n\nthat there are. " * 30)
    reason = only(cast.wakefield_contact).reason
    assert len(reason) < 250
    assert "\n" not in reason


@pytest.mark.parametrize("person", PEOPLE)
def test_a_decline_notifies_the_lead_organisation(cast: Cast, person: str) -> None:
    row = declined(cast, waits(cast, supported(cast, due=FAR)))
    tasks = wait_tasks(cast.person(person))
    if person != "bradford_spoc":
        assert tasks == []
        return
    (task,) = tasks
    assert (task.verb, task.args) == ("Close the declined request on", (row.action_id, row.pk))
    assert task.reason == "Wakefield Council declined “The list of schools”: agree another way"


def settle_by_report(cast: Cast, row: Any) -> None:
    submit_progress(
        actor=cast.bradford_spoc,
        action=row.action,
        narrative="We ask the schools.",
        rag="green",
        percent=50,
        at=LATER,
    )


def settle_by_another(cast: Cast, row: Any) -> None:
    waits(cast, row.action, organisation=cast.leeds_district, at=LATER)


def settle_by_word(cast: Cast, row: Any) -> None:
    ended(cast, row, met=False, ending="We do without.")


def settle_by_closing(cast: Cast, row: Any) -> None:
    submit_action(actor=cast.bradford_spoc, action=row.action, note="Done without.", at=AT)
    assert only(cast.bradford_spoc).verb == "Close the declined request on"
    assure_action(actor=cast.auditor, action=row.action, note="Seen.", at=AT)


@pytest.mark.parametrize("settle", [settle_by_report, settle_by_another, settle_by_word, settle_by_closing])
def test_another_way_is_required_until_a_response_is_written(cast: Cast, settle: Any) -> None:
    row = declined(cast, waits(cast, supported(cast, due=FAR)))
    assert only(cast.bradford_spoc).verb == "Close the declined request on"
    settle(cast, row)
    assert wait_tasks(cast.bradford_spoc) == []


@pytest.mark.parametrize(
    ("expected_on", "needed_by", "presses_on"),
    [
        (date(2020, 6, 25), None, date(2020, 6, 26)),
        (date(2020, 6, 25), date(2020, 6, 20), date(2020, 6, 26)),
        (None, date(2020, 6, 20), date(2020, 6, 21)),
        (None, None, None),
    ],
)
def test_an_acknowledged_wait_is_late_the_day_after_it_was_due(
    cast: Cast, expected_on: date | None, needed_by: date | None, presses_on: date | None
) -> None:
    row = waits(cast, supported(cast, due=FAR), needed_by=needed_by)
    assert wait_tasks(cast.bradford_spoc, FAR) == [], "nothing was promised yet"
    answered(cast, row, expected_on=expected_on)
    if presses_on is None:
        assert wait_tasks(cast.bradford_spoc, FAR) == []
        return
    day_before = date(2020, 6, presses_on.day - 1)
    assert wait_tasks(cast.bradford_spoc, day_before) == []
    task = only(cast.bradford_spoc, presses_on)
    assert (task.verb, task.due) == ("Chase the partner on", expected_on or needed_by)
    assert f"by {day_before:%-d %B %Y}" in task.reason
    ended(cast, row)
    assert wait_tasks(cast.bradford_spoc, presses_on) == []


def test_a_rejection_is_listed_before_a_past_due_date(cast: Cast) -> None:
    action = supported(cast, due=FAR)
    other = waits(cast, action, organisation=cast.leeds_district, needed_by=date(2020, 6, 10))
    answered(cast, other, actor=cast.leeds_spoc)
    assert only(cast.bradford_spoc).verb == "Chase the partner on"
    declined(cast, waits(cast, action))
    assert only(cast.bradford_spoc).verb == "Close the declined request on"


def test_only_a_live_plan_asks(cast: Cast) -> None:
    waits(cast, supported(cast, due=FAR))
    declined(cast, waits(cast, supported(cast, "A-2", due=FAR)))
    assert wait_tasks(cast.wakefield_contact)
    change_plan(actor=cast.manager, plan=fresh(cast.plan), state=Plan.State.CLOSED, at=AT)
    assert wait_tasks(cast.wakefield_contact) == wait_tasks(cast.bradford_spoc) == []


@pytest.mark.parametrize("person", ["bradford_spoc", "wakefield_contact", "manager"])
def test_many_waits_cost_no_more_queries_than_few(cast: Cast, signed_in: Any, person: str) -> None:
    client = signed_in(person)

    def add_waits(number: int) -> None:
        waits(cast, supported(cast, f"A-{number}"))
        declined(cast, waits(cast, supported(cast, f"B-{number}")))
        answered(cast, waits(cast, supported(cast, f"C-{number}"), needed_by=date(2020, 6, 2)))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        return len(captured)

    add_waits(0)
    few = queries()
    for number in range(1, 4):
        add_waits(number)
    assert queries() == few
