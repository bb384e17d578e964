"""A program learns what is wanted from its account, and what waits for its decision: the same as the page says."""

from datetime import date
from typing import Any

import pytest

from actions.models import Action, DateChange
from actions.services import ask_for_update
from desk.services import my_work
from desk.services.deciding import my_decisions
from desk.services.tasks import Gathered, Listed, OnFinding, OnReport, OnReturn, OnWebhook, Task
from exchange.models import Webhook
from tests import cast as stage
from tests.actions.dates import ask
from tests.actions.succession import leaves
from tests.actions.waiting import supported, waits
from tests.api.asking import cost, parameters, problem, results
from tests.api.clients import API, System, system_of
from tests.cast import AT, PEOPLE, TODAY, Cast, submitted, under_way
from tests.permissions.exchange import webhook
from tests.permissions.returns import still_open

SCOPES = ["decisions:read", "actions:read", "returns:read"]
ASKED_BY_OTHERS = {
    *("action-retest", "assurance-give", "closure-decide", "date-change-decide", "dependency-answer"),
    *("letter-approve", "recommendation-judge"),
}


@pytest.fixture
def waiting(cast: Cast) -> Action:
    """Bradford's action, overdue for another date, which waits on the council's list of schools."""
    action = supported(cast)
    waits(cast, action)
    ask(actor=cast.bradford_spoc, action=action)
    return action


@pytest.fixture
def system(cast: Cast) -> System:
    return system_of(cast, cast.wakefield_council, "My work", scopes=SCOPES)


def busy(cast: Cast) -> None:
    """Something of every kind to do: late, asked about, left behind, found, owed, and to be decided."""
    for ref in ("WY20-02", "WY20-03"):
        action = under_way(cast, ref)
        ask_for_update(actor=cast.manager, action=action, question="Done?", wanted_by=TODAY, at=AT)
    submitted(cast, "WY20-04")
    under_way(cast, "WY20-05", lead=cast.leeds_district, owner=cast.leeds_spoc)
    leaves(cast, "leeds_spoc")
    stage.finding(cast)
    still_open(cast)
    hook = webhook(cast, action)["pk"]
    Webhook.objects.filter(pk=hook).update(paused_at=AT, paused_because="Answered 503; attempts: 10")


def test_a_partner_is_told_what_its_organisation_is_waited_on_for(
    cast: Cast, system: System, waiting: Action
) -> None:
    [row] = results(system.get("/my-work/"))
    dependency = waiting.dependencies.get()
    assert row | {"links": None} == {
        "task": "dependency-answer",
        "wanted": "Answer",
        "title": f"Answer WY20-01: {waiting.title}",
        "reason": "It waits on Wakefield Council for “The list of schools” since 1 June 2020",
        "place": "Prevent Business Plan 2020/21, Identify",
        "urgency": "decide",
        "by": None,
        "marking": "OFFICIAL",
        "about": {"type": "action", "id": waiting.pk},
        "request": {"type": "dependency", "id": dependency.pk},
        "links": None,
    }
    assert results(system.get("/decisions/")) == [row]
    action = system.http.get(row["links"]["about"], headers=system.headers()).json()
    assert action["ref"] == "WY20-01"


def test_a_return_that_is_owed_is_named_with_its_day(cast: Cast) -> None:
    under_way(cast)
    report = still_open(cast)
    system = system_of(cast, cast.bradford_district, scopes=SCOPES)
    [row] = results(system.get("/my-work/"))
    assert (row["task"], row["urgency"], row["by"]) == ("return", "overdue", "2020-06-05")
    assert row["about"] == {"type": "return", "id": report.pk}
    assert system.http.get(row["links"]["about"], headers=system.headers()).json()["late"] is True
    assert results(system.get("/decisions/")) == []


def test_what_waits_for_a_decision_names_the_request(cast: Cast, signed_in: Any, waiting: Action) -> None:
    [row] = results(signed_in("manager").get(f"{API}/decisions/"))
    change = DateChange.objects.get(action=waiting)
    assert (row["task"], row["request"]) == ("date-change-decide", {"type": "date-request", "id": change.pk})
    asked = signed_in("manager").get(row["links"]["request"]).json()
    assert (asked["id"], asked["state"]) == (change.pk, "requested")
    assert row["reason"].startswith("Bradford spoc asks for 30 November 2020")
    assert results(signed_in("bradford_spoc").get(f"{API}/decisions/")) == []


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_is_told_what_the_page_says(
    cast: Cast, signed_in: Any, waiting: Action, person: str
) -> None:
    busy(cast)
    client = signed_in(person)
    wanted = my_work(actor=cast.person(person), on=TODAY)
    rows = results(client.get(f"{API}/my-work/"))
    assert [(row["title"], row["reason"]) for row in rows] == [(task.title, task.reason) for task in wanted]
    decisions = results(client.get(f"{API}/decisions/"))
    assert [row["title"] for row in decisions] == [
        task.title for task in my_decisions(actor=cast.person(person), on=TODAY)
    ]
    assert [row for row in rows if row in decisions] == decisions
    assert {row["task"] for row in decisions} <= ASKED_BY_OTHERS
    for row in rows:
        assert client.get(row["links"]["page"]).status_code == 200, row
        assert client.get(row["links"]["about"]).status_code == 200, row
        if row["links"]["request"]:
            assert client.get(row["links"]["request"]).json()["id"] == row["request"]["id"], row


def test_every_kind_of_task_is_told(cast: Cast, waiting: Action) -> None:
    """The test above meets each: none of them is told of nobody."""
    busy(cast)
    met = {type(task) for person in PEOPLE for task in my_work(actor=cast.person(person), on=TODAY)}
    assert met == {Task, Gathered, Listed, OnFinding, OnReport, OnReturn, OnWebhook}


def test_nothing_is_wanted_of_strangers_and_another_partnership(
    cast: Cast, signed_in: Any, waiting: Action
) -> None:
    leicester = system_of(cast, cast.city_council, scopes=SCOPES)
    for path in ("/my-work/", "/decisions/"):
        assert results(leicester.get(path)) == []
        assert results(signed_in("stranger").get(f"{API}{path}")) == []


def test_it_needs_its_scope_and_takes_no_cursor(cast: Cast, council: System, system: System) -> None:
    for path in ("/my-work/", "/decisions/"):
        problem(council.get(path), 403, "forbidden")
        assert parameters(system.get(path, page_size=5)) == {"page_size"}


def test_it_is_read_as_csv_too(system: System, waiting: Action) -> None:
    lines = system.get("/my-work.csv").content.decode().splitlines()
    assert len(lines) == 2
    assert "about.type,about.id" in lines[0]


def test_more_of_it_costs_no_more_queries(cast: Cast, system: System, waiting: Action) -> None:
    before = cost(system, "/my-work/"), cost(system, "/decisions/")
    for number in range(2, 9):
        waits(cast, supported(cast, f"WY20-{number:02}"), wanted_by=date(2020, 7, number))
    assert len(results(system.get("/decisions/"))) == 8
    assert (cost(system, "/my-work/"), cost(system, "/decisions/")) == before
