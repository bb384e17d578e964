"""My work: everybody finds what is wanted from them, in the order of its dates, and nothing else."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.assurance.services import assure_action, return_action
from actions.models import Action, Pillar, Plan
from actions.plans.services import change_plan, create_plan, save_pillar
from desk.my_work.services.lists import my_actions, my_decisions, my_tasks
from desk.tasks.task import Task
from partners.memberships.services import grant_membership
from tests.cast import AT, EARLIER, LONDON, PEOPLE, SINCE, TODAY, Cast
from tests.factories import ActionFactory, close_action, submit_progress
from tests.returns import returns
from tests.support.snapshots import reuse_snapshot

FAR = date(2020, 12, 31)


def task_verbs(user: Any, on: date = TODAY) -> list[tuple[str, str]]:
    return [(task.subject.ref, task.verb) for task in my_tasks(actor=user, on=on)]


def only(user: Any, on: date = TODAY) -> Task:
    (task,) = my_tasks(actor=user, on=on)
    return task


@reuse_snapshot
def returned(cast: Cast, ref: str = "WY20-01", **fields: Any) -> Action:
    action = ActionFactory(cast=cast, awaiting_assurance=True, ref=ref, **fields)
    return_action(
        actor=cast.auditor,
        action=action,
        note="The list is missing.",
        at=datetime(2020, 6, 15, 9, tzinfo=LONDON),
    )
    action.refresh_from_db()
    return action


def test_an_action_reported_this_month_and_not_due_asks_nothing(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, due=FAR)
    assert task_verbs(cast.bradford_spoc) == []


def test_a_new_month_asks_for_an_update_by_its_last_day(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, due=FAR)
    assert task_verbs(cast.bradford_spoc, date(2020, 6, 30)) == []
    task = only(cast.bradford_spoc, date(2020, 7, 1))
    assert (task.verb, task.due) == ("Update", date(2020, 7, 31))
    assert task.reason.startswith("No update for July 2020 yet")
    assert task.route == "actions:progress-create"


def test_a_quarterly_plan_asks_once_a_quarter(cast: Cast) -> None:
    change_plan(actor=cast.manager, plan=cast.plan, cadence="quarterly", at=EARLIER)
    ActionFactory(cast=cast, in_progress=True, due=FAR)
    assert task_verbs(cast.bradford_spoc, date(2020, 6, 30)) == []
    task = only(cast.bradford_spoc, date(2020, 7, 1))
    assert task.due == date(2020, 9, 30)
    assert task.reason.startswith("No update for July to September 2020 yet")


def test_an_action_never_reported_on_needs_an_update(cast: Cast) -> None:
    ActionFactory(cast=cast, allocated=True, due=FAR)
    assert only(cast.bradford_spoc).reason == "No update for June 2020 yet"


@pytest.mark.parametrize(
    ("due", "reason"),
    [
        (date(2020, 6, 18), "Overdue by 1 days"),
        (date(2020, 6, 19), "Due soon and 40% done"),
        (date(2020, 7, 17), "Due soon and 40% done"),
        (date(2020, 7, 18), None),
    ],
)
def test_a_due_date_presses_four_weeks_before_and_after_it(cast: Cast, due: date, reason: str | None) -> None:
    ActionFactory(cast=cast, in_progress=True, due=due)
    tasks = my_tasks(actor=cast.bradford_spoc, on=TODAY)
    reasons = [task.reason for task in tasks]
    if reason == "Overdue by 1 days":
        assert reasons in (["Overdue by 1 days"], ["Overdue by 1 day"])
    else:
        assert reasons == ([reason] if reason else [])
    assert all(task.due == due for task in tasks)


def test_nearly_done_work_is_not_pressed(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True, due=date(2020, 6, 30))
    submit_progress(
        actor=cast.bradford_spoc, action=action, narrative="Four.", rag="green", percent=75, at=AT
    )
    assert task_verbs(cast.bradford_spoc) == []


def test_an_action_is_listed_once_with_its_most_urgent_reason(cast: Cast) -> None:
    """Returned, overdue and unreported in July: one task."""
    returned(cast, due=date(2020, 6, 30))
    assert only(cast.bradford_spoc, date(2020, 7, 10)).reason.startswith("The auditor returned it")


def test_tasks_are_ordered_by_date(cast: Cast) -> None:
    """Whatever they ask for: 29 May before 30 June, and an update for June among what is due around its last day."""
    ActionFactory(cast=cast, allocated=True, ref="WY20-01", due=FAR)
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02", due=date(2020, 7, 10))
    ActionFactory(cast=cast, in_progress=True, ref="WY20-03", due=date(2020, 7, 1))
    ActionFactory(cast=cast, in_progress=True, ref="WY20-04", due=date(2020, 6, 1))
    ActionFactory(cast=cast, in_progress=True, ref="WY20-05", due=date(2020, 5, 29))
    returned(cast, "WY20-06", due=FAR)
    tasks = my_tasks(actor=cast.bradford_spoc, on=TODAY)
    assert [(task.subject.ref, task.due) for task in tasks] == [
        ("WY20-05", date(2020, 5, 29)),
        ("WY20-04", date(2020, 6, 1)),
        ("WY20-01", date(2020, 6, 30)),
        ("WY20-03", date(2020, 7, 1)),
        ("WY20-02", date(2020, 7, 10)),
        ("WY20-06", FAR),
    ]


def test_tasks_of_different_kinds_are_ordered_by_date(cast: Cast, signed_in: Any) -> None:
    """What has no date stands last, on the page and in the API alike."""
    ActionFactory(cast=cast, unallocated=True, ref="WY20-01")
    ActionFactory(cast=cast, in_progress=True, ref="WY20-04")
    report = returns.open_return(cast)
    ActionFactory(
        cast=cast,
        in_progress=True,
        ref="WY20-02",
        owner=cast.manager,
        lead=cast.police,
        due=date(2020, 5, 29),
    )
    ActionFactory(
        cast=cast,
        in_progress=True,
        ref="WY20-03",
        owner=cast.manager,
        lead=cast.police,
        due=date(2020, 6, 30),
    )
    client = signed_in("manager")
    dates = [task.due for task in client.get("/").context["tasks"]]
    assert dates == [date(2020, 5, 29), report.closes_on, date(2020, 6, 30), None]
    rows = client.get("/api/v1/my-work/").json()["results"]
    assert [row["due"] for row in rows] == ["2020-05-29", report.closes_on.isoformat(), "2020-06-30", None]


def test_decisions_are_ordered_by_date(cast: Cast) -> None:
    first = ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-02", due=date(2020, 5, 29))
    ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-01", due=date(2020, 6, 30))
    assure_action(actor=cast.auditor, action=first, note="Seen.", retest_on=date(2020, 6, 20), at=AT)
    tasks = my_decisions(actor=cast.auditor, on=date(2020, 7, 1))
    assert [(task.verb, task.due) for task in tasks] == [
        ("Re-test", date(2020, 6, 20)),
        ("Assure", date(2020, 6, 30)),
    ]


def test_the_alternate_is_asked_too(cast: Cast) -> None:
    action = ActionFactory(cast=cast, allocated=True, due=FAR)
    Action.objects.filter(pk=action.pk).update(alternate=cast.leeds_spoc)
    assert task_verbs(cast.leeds_spoc) == [("WY20-01", "Update")]


@pytest.mark.parametrize("person", [name for name in PEOPLE if name != "bradford_spoc"])
def test_only_the_owner_has_the_update_task(cast: Cast, person: str) -> None:
    ActionFactory(cast=cast, in_progress=True, due=date(2020, 5, 1), supporting=[cast.wakefield_council])
    assert task_verbs(cast.person(person)) == []
    assert list(my_actions(actor=cast.person(person), on=TODAY)) == []


def test_an_owner_with_an_ended_membership_has_no_tasks(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True, due=date(2020, 5, 1))
    Action.objects.filter(pk=action.pk).update(owner=cast.former_spoc)
    assert task_verbs(cast.former_spoc) == []
    assert list(my_actions(actor=cast.former_spoc, on=TODAY)) == []


@pytest.mark.parametrize("person", PEOPLE)
def test_only_the_plans_own_manager_is_asked_to_allocate(cast: Cast, person: str) -> None:
    ActionFactory(cast=cast, unallocated=True)
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02", draft=True)
    tasks = my_tasks(actor=cast.person(person), on=TODAY)
    if person == "manager":
        assert [(task.subject.ref, task.verb, task.route) for task in tasks] == [
            ("WY20-01", "Allocate", "actions:action-allocate")
        ]
    else:
        assert tasks == []


@pytest.mark.parametrize("person", PEOPLE)
def test_only_an_auditor_is_asked_to_judge(cast: Cast, person: str) -> None:
    ActionFactory(cast=cast, awaiting_assurance=True)
    tasks = my_tasks(actor=cast.person(person), on=TODAY)
    if person == "auditor":
        assert [(task.subject.ref, task.verb, task.route) for task in tasks] == [
            ("WY20-01", "Assure", "actions:assurance-give")
        ]
        assert tasks[0].reason == "Bradford spoc submitted it for assurance"
    else:
        assert tasks == []


@pytest.mark.parametrize("part", ["owner", "author", "lead"])
def test_assurance_by_another_person_is_left_out(cast: Cast, part: str) -> None:
    """An auditor who owns the action, wrote an update of it, or whose organisation leads it."""
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    if part == "owner":
        Action.objects.filter(pk=action.pk).update(owner=cast.auditor)
    if part == "author":
        action.updates.update(author=cast.auditor)
    if part == "lead":
        Action.objects.filter(pk=action.pk).update(lead=cast.opcc)
    assert task_verbs(cast.auditor) == []


@pytest.mark.parametrize("role", ["auditor", "programme_manager"])
def test_a_role_gives_tasks_in_its_own_partnership_alone(cast: Cast, role: str) -> None:
    ActionFactory(cast=cast, awaiting_assurance=True)
    grant_membership(
        actor=cast.administrator,
        user=cast.stranger,
        partnership=cast.leicestershire,
        organisation=cast.city_council,
        role=role,
        starts_on=SINCE,
        at=AT,
    )
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02")
    assert task_verbs(cast.stranger) == []


def test_an_owner_who_manages_has_both_tasks(cast: Cast) -> None:
    ActionFactory(
        cast=cast, in_progress=True, ref="WY20-01", owner=cast.manager, lead=cast.police, due=date(2020, 6, 1)
    )
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02")
    assert task_verbs(cast.manager) == [("WY20-01", "Update"), ("WY20-02", "Allocate")]


def test_a_closed_action_has_no_tasks(cast: Cast) -> None:
    done = ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-01", due=date(2020, 5, 1))
    assure_action(actor=cast.auditor, action=done, note="Seen.", at=AT)
    gone = ActionFactory(cast=cast, in_progress=True, ref="WY20-02", due=date(2020, 5, 1))
    close_action(cast, gone)
    for person in PEOPLE:
        assert task_verbs(cast.person(person)) == []
        assert list(my_actions(actor=cast.person(person), on=TODAY)) == []


def test_a_plan_that_is_not_live_asks_for_no_updates_and_no_allocation(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01", due=date(2020, 5, 1))
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02")
    change_plan(actor=cast.manager, plan=cast.plan, state=Plan.State.CLOSED, at=AT)
    assert task_verbs(cast.bradford_spoc) == []
    assert task_verbs(cast.manager) == []


def test_a_draft_plan_asks_nothing_yet(cast: Cast) -> None:
    plan = create_plan(
        actor=cast.manager,
        partnership=cast.yorkshire,
        title="Prevent Business Plan 2021/22",
        starts_on=date(2020, 4, 1),
        ends_on=date(2021, 3, 31),
        at=EARLIER,
    )
    pillar = save_pillar(actor=cast.manager, pillar=Pillar(plan=plan, name="Identify"), at=EARLIER)
    cast.plan = plan
    ActionFactory(cast=cast, allocated=True, ref="WY21-01", due=FAR, pillar=pillar)
    ActionFactory(cast=cast, unallocated=True, ref="WY21-02", pillar=pillar)
    assert task_verbs(cast.bradford_spoc) == []
    assert task_verbs(cast.manager) == []


# The page ----------------------------------------------------------------------------------------------------


def test_each_task_leads_to_a_page_that_its_reader_may_open(cast: Cast, signed_in: Any) -> None:
    returned(cast, "WY20-01")
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02")
    ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-03")
    for person, number in (("bradford_spoc", 1), ("manager", 1), ("auditor", 1)):
        client = signed_in(person)
        page = client.get("/")
        tasks = page.context["tasks"]
        assert len(tasks) == number
        assert f"{number} task" in page.content.decode()
        for task in tasks:
            address = reverse(task.route, args=task.args)
            assert f'href="{address}"' in page.content.decode()
            assert client.get(address).status_code == 200


def test_my_open_actions_are_listed_soonest_due_first(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01", due=FAR)
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02", due=date(2020, 9, 1))
    ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-03", due=date(2020, 10, 1))
    response = signed_in("bradford_spoc").get("/")
    assert [action.ref for action in response.context["actions"]] == ["WY20-02", "WY20-03", "WY20-01"]
    assert "Your actions" in response.content.decode()


EMPTY = {
    "stranger": "You do not have a role yet",
    "administrator": "You do not have a role yet",
    "former_spoc": "You do not have a role yet",
    "observer": "No packs have been issued yet",
    "bradford_spoc": "You have no tasks today",
    "leeds_spoc": "You have no tasks today",
    "wakefield_contact": "You have no tasks today",
    "manager": "You have no tasks today",
    "gold": "You have no tasks today",
    "auditor": "You have no tasks today",
    "opcc_officer": "You have no tasks today",
    "opcc_director": "You have no tasks today",
    "leicestershire_manager": "You have no tasks today",
}


@pytest.mark.parametrize("person", PEOPLE)
def test_an_empty_desk_says_why(cast: Cast, signed_in: Any, person: str) -> None:
    page = signed_in(person).get("/").content.decode()
    texts = {text for text in EMPTY.values() if text in page}
    assert texts == {EMPTY[person]}
    assert "Your actions" not in page


def test_lists_without_any_row_share_one_query(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert my_tasks(actor=cast.gold, on=TODAY) == []
    mostly_empty = (
        *("closureproposal", "question", "evidence", "arising", "webhook", "escalation", "dependency"),
        *("datechange", "milestone", "paper", "publicedition", "accessreview"),
    )
    reading = {name: [each["sql"] for each in queries if f'_{name}"' in each["sql"]] for name in mostly_empty}
    (shared,) = reading["escalation"]
    assert reading == {key: [shared] for key in mostly_empty}


@pytest.mark.parametrize("person", ["bradford_spoc", "manager", "auditor"])
def test_a_full_desk_takes_no_more_queries_than_a_small_one(cast: Cast, signed_in: Any, person: str) -> None:
    client = signed_in(person)

    def add_tasks(number: int) -> None:
        returned(cast, f"A-{number}")
        ActionFactory(cast=cast, in_progress=True, ref=f"B-{number}", due=date(2020, 5, 1))
        ActionFactory(cast=cast, unallocated=True, ref=f"C-{number}")
        ActionFactory(cast=cast, awaiting_assurance=True, ref=f"D-{number}")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        return len(captured)

    add_tasks(0)
    few = queries()
    for number in range(1, 6):
        add_tasks(number)
    assert len(client.get("/").context["tasks"]) >= 6
    assert queries() == few
