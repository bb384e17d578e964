"""My work on one page: tasks by their dates, like ones together, what is new, and what waits for others."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.assurance.services import submit_action
from actions.dates.services import request_date_change
from actions.models import Action
from desk.my_work.services.groups import LIKE_TASKS, grouped, new_tasks
from desk.my_work.services.lists import my_tasks
from desk.my_work.services.looks import last_look, mark_seen
from desk.my_work.services.waiting import waiting_for_others
from tests.cast import AT, TODAY, Cast
from tests.desk.my_work.test_my_work import FAR, returned
from tests.factories import ActionFactory

MAY = date(2020, 5, 29)


def shown(user: Any) -> list[tuple[str, list[str]]]:
    groups = grouped(tasks=my_tasks(actor=user, on=TODAY), on=TODAY)
    return [(group.title, [line.title.partition(":")[0] for line in group.lines]) for group in groups]


def test_tasks_are_grouped_by_their_dates(cast: Cast) -> None:
    """TODAY is a Friday, so this week ends two days later."""
    dates = {"A": MAY, "B": TODAY, "C": TODAY + timedelta(2), "D": TODAY + timedelta(3)}
    for ref, due in dates.items():
        ActionFactory(cast=cast, in_progress=True, ref=ref, due=due, owner=cast.manager, lead=cast.police)
    ActionFactory(cast=cast, unallocated=True, ref="E")
    assert shown(cast.manager) == [
        ("Late", ["Update A"]),
        ("Due today", ["Update B"]),
        ("This week", ["Update C"]),
        ("Later", ["Update D"]),
        ("No date", ["Allocate E"]),
    ]


def test_like_tasks_are_one_line_that_leads_to_each(cast: Cast, signed_in: Any) -> None:
    for number in range(LIKE_TASKS):
        ActionFactory(cast=cast, unallocated=True, ref=f"A-{number}")
    client = signed_in("manager")
    page = client.get("/").content.decode()
    assert f"Allocate {LIKE_TASKS} actions" in page
    assert "A-0, A-1, A-2 and 2 more" in page
    assert "/actions/bulk/?scope=all&amp;change=allocate&amp;state=awaiting_allocation" in page
    rows = client.get("/tasks/?when=none&kind=action-allocate").content.decode()
    assert all(f"Allocate A-{number}" in rows for number in range(LIKE_TASKS))


def test_what_was_returned_is_never_folded_into_a_line(cast: Cast, signed_in: Any) -> None:
    for number in range(LIKE_TASKS):
        ActionFactory(cast=cast, in_progress=True, ref=f"A-{number}", due=MAY)
    returned(cast, "B", due=MAY)
    assert shown(cast.bradford_spoc) == [("Late", ["Update B", f"Update {LIKE_TASKS} actions"])]
    page = signed_in("bradford_spoc").get("/").content.decode()
    assert '<strong class="govuk-tag govuk-tag--orange">Returned</strong>' in page
    assert "The list is missing." in page


def test_whose_date_it_is_stands_beside_the_date(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="A", due=MAY)
    ActionFactory(cast=cast, allocated=True, ref="B", due=FAR)
    page = signed_in("bradford_spoc").get("/").content.decode()
    assert "Action due 29 May 2020" in page
    assert "Update due 30 June 2020" in page


def test_a_long_list_stays_one_page_with_links_to_the_rest(cast: Cast, signed_in: Any) -> None:
    def add(numbers: range) -> None:
        actions = [ActionFactory(cast=cast, in_progress=True, ref=f"A-{n:03}", due=MAY) for n in numbers[:1]]
        copies = []
        for number in numbers[1:]:
            copy = Action.objects.get(pk=actions[0].pk)
            copy.pk, copy.ref = None, f"A-{number:03}"
            copies.append(copy)
        Action.objects.bulk_create(copies)

    client = signed_in("bradford_spoc")

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            size = len(client.get("/").content)
        return len(captured), size

    add(range(30))
    queries, size = cost()
    add(range(30, 90))
    more_queries, more_size = cost()
    assert more_queries == queries
    assert abs(more_size - size) < 100
    page = client.get("/").content.decode()
    assert "Update 90 actions" in page
    assert "Show all 90 of your actions" in page
    rows = client.get("/tasks/?when=late&page=4").content.decode()
    assert rows.count("govuk-task-list__link") == 90 - 3 * 25


def test_what_is_new_comes_first_once_the_others_were_seen(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="A", due=MAY)
    client = signed_in("bradford_spoc")
    assert "New since you last looked" not in client.get("/").content.decode()
    assert "marked as seen" in client.post("/tasks/seen/", follow=True).content.decode()
    ActionFactory(cast=cast, in_progress=True, ref="B", due=MAY)
    look = last_look(actor=cast.bradford_spoc)
    assert look is not None
    tasks = my_tasks(actor=cast.bradford_spoc, on=TODAY)
    assert [task.subject.ref for task in new_tasks(tasks=tasks, seen=look.tasks)] == ["B"]
    assert "1 new since" in client.get("/").content.decode()
    assert "Update A" not in client.get("/tasks/?when=new").content.decode()
    mark_seen(actor=cast.bradford_spoc, tasks=tasks, at=AT)
    assert "New since you last looked" not in client.get("/").content.decode()


def test_what_i_sent_off_waits_for_others(cast: Cast, signed_in: Any) -> None:
    dated = ActionFactory(cast=cast, in_progress=True, ref="A", due=date(2020, 7, 30))
    request_date_change(
        actor=cast.bradford_spoc, action=dated, new_due=FAR, reason="Two sessions were cancelled.", at=AT
    )
    finished = ActionFactory(cast=cast, in_progress=True, ref="B")
    submit_action(actor=cast.bradford_spoc, action=finished, note="All there.", at=AT)
    rows = waiting_for_others(actor=cast.bradford_spoc, on=TODAY)
    assert {(row.title, row.whom, row.since) for row in rows} == {
        ("New due date of 31 December 2020 for A", "the programme manager", TODAY),
        ("B, submitted for assurance", "an auditor", TODAY),
    }
    assert "Waiting for others" in signed_in("bradford_spoc").get("/").content.decode()
    assert waiting_for_others(actor=cast.leeds_spoc, on=TODAY) == []


@pytest.mark.parametrize("query", ["?when=someday", "?page=2", "?page=x"])
def test_a_list_of_tasks_that_does_not_exist_is_not_found(cast: Cast, signed_in: Any, query: str) -> None:
    assert signed_in("manager").get(f"/tasks/{query}").status_code == 404
