"""My work on what is left behind: one line for each person who left, for those who can hand it over."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import Plan
from actions.plans.services import change_plan
from audit.actors import SYSTEM
from desk.my_work.services.lists import my_tasks
from desk.tasks.task import Task
from partners.accounts.services.users import change_user
from tests.actions.handover.handover import YESTERDAY, leaves, over
from tests.cast import AT, PEOPLE, TODAY, Cast
from tests.factories import ActionFactory

FAR = date(2020, 12, 31)
ROUTE = "actions:hand-over"


def handover_tasks(user: Any, on: date = TODAY) -> list[Task]:
    return [task for task in my_tasks(actor=user, on=on) if task.route == ROUTE]


@pytest.mark.parametrize("person", PEOPLE)
def test_the_manager_alone_is_asked_once_for_each_who_left(cast: Cast, person: str) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01", due=FAR)
    ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-02", due=date(2020, 9, 1))
    ActionFactory(cast=cast, allocated=True, ref="WY20-03", owner=cast.leeds_spoc, lead=cast.leeds_district)
    ActionFactory(cast=cast, allocated=True, ref="WY20-04", owner=cast.gold, lead=cast.police)
    leaves(cast)
    leaves(cast, "leeds_spoc")
    tasks = handover_tasks(cast.person(person))
    if person != "manager":
        assert tasks == []
        return
    assert [(task.title, task.reason, task.args, task.query) for task in tasks] == [
        (
            "Hand over the work of Bradford spoc",
            "Bradford spoc left on 18 June 2020: 2 actions need a new owner",
            (cast.plan.pk,),
            f"?outgoing={cast.bradford_spoc.pk}",
        ),
        (
            "Hand over the work of Leeds spoc",
            "Leeds spoc left on 18 June 2020: 1 action needs a new owner",
            (cast.plan.pk,),
            f"?outgoing={cast.leeds_spoc.pk}",
        ),
    ]


def test_it_is_listed_before_actions_awaiting_allocation(cast: Cast) -> None:
    ActionFactory(cast=cast, unallocated=True, ref="WY20-01")
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02", due=FAR)
    leaves(cast)
    assert [task.verb for task in my_tasks(actor=cast.manager, on=TODAY)] == ["Hand over", "Allocate"]


def test_nobody_is_asked_before_the_last_day_is_over_nor_after_the_work_is_handed_over(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, due=FAR)
    leaves(cast)
    assert handover_tasks(cast.manager, YESTERDAY) == []
    assert len(handover_tasks(cast.manager)) == 1
    over(cast)
    assert handover_tasks(cast.manager) == []


def test_an_account_that_is_closed_left_its_work_behind(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, due=FAR)
    change_user(actor=SYSTEM, user=cast.bradford_spoc, is_active=False, at=AT)
    (task,) = handover_tasks(cast.manager)
    assert task.reason == "The account of Bradford spoc is closed: 1 action needs a new owner"


def test_work_of_a_closed_plan_needs_an_owner_too(cast: Cast) -> None:
    """What awaits assurance from last year can be assured only once somebody owns it."""
    ActionFactory(cast=cast, awaiting_assurance=True)
    change_plan(actor=cast.manager, plan=cast.plan, state=Plan.State.CLOSED, at=AT)
    leaves(cast)
    assert len(handover_tasks(cast.manager)) == 1


def test_the_line_leads_to_the_page_with_the_person_chosen(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True, due=FAR)
    leaves(cast)
    client = signed_in("manager")
    address = f"{reverse(ROUTE, args=[cast.plan.pk])}?outgoing={cast.bradford_spoc.pk}"
    page = client.get("/").content.decode()
    assert f'href="{address}"' in page
    assert "Hand over the work of Bradford spoc" in page
    opened = client.get(address)
    assert opened.status_code == 200
    assert opened.context["form"]["outgoing"].value() == str(cast.bradford_spoc.pk)


def test_many_left_behind_take_no_more_queries(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        return len(captured)

    ActionFactory(cast=cast, in_progress=True, ref="A-1", due=FAR)
    leaves(cast)
    few = queries()
    for number in range(2, 6):
        ActionFactory(
            cast=cast,
            in_progress=True,
            ref=f"A-{number}",
            due=FAR,
            owner=cast.leeds_spoc,
            lead=cast.leeds_district,
        )
    leaves(cast, "leeds_spoc")
    assert len(handover_tasks(cast.manager)) == 2
    assert queries() == few
