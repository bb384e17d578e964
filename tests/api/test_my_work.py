"""A program lists its tasks and the decisions among them, as the page does."""

from datetime import date
from typing import Any

import pytest

from actions.models import Action, DateChange
from tests.actions.dates.dates import ask
from tests.actions.waits.waiting import supported, waits
from tests.api.asking import cost, parameters, problem, results
from tests.api.clients import API, System, system_of
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.permissions.returns import still_open

SCOPES = ["decisions:read", "actions:read", "returns:read"]


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


def test_a_partner_lists_what_its_organisation_is_waited_on_for(
    cast: Cast, system: System, waiting: Action
) -> None:
    [row] = results(system.get("/my-work/"))
    dependency = waiting.dependencies.get()
    assert row | {"links": None} == {
        "type": "dependency-answer",
        "verb": "Answer the request on",
        "title": f"Answer the request on WY20-01: {waiting.title}",
        "reason": "Waiting on Wakefield Council for “The list of schools” since 1 June 2020",
        "context": "Prevent Business Plan 2020/21, Identify",
        "urgency": "decide",
        "due": None,
        "marking": "OFFICIAL",
        "subject": {"type": "action", "id": waiting.pk},
        "request": {"type": "dependency", "id": dependency.pk},
        "links": None,
    }
    assert results(system.get("/decisions/")) == [row]
    action = system.http.get(row["links"]["subject"], headers=system.headers()).json()
    assert action["ref"] == "WY20-01"


def test_a_return_to_fill_in_has_its_due_date(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True)
    report = still_open(cast)
    system = system_of(cast, cast.bradford_district, scopes=SCOPES)
    [row] = results(system.get("/my-work/"))
    assert (row["type"], row["urgency"], row["due"]) == ("return", "overdue", "2020-06-05")
    assert row["subject"] == {"type": "return", "id": report.pk}
    assert system.http.get(row["links"]["subject"], headers=system.headers()).json()["late"] is True
    assert results(system.get("/decisions/")) == []


def test_a_decision_names_its_request(cast: Cast, signed_in: Any, waiting: Action) -> None:
    [row] = results(signed_in("manager").get(f"{API}/decisions/"))
    change = DateChange.objects.get(action=waiting)
    assert (row["type"], row["request"]) == ("date-change-decide", {"type": "date-request", "id": change.pk})
    body = signed_in("manager").get(row["links"]["request"]).json()
    assert (body["id"], body["state"]) == (change.pk, "requested")
    assert row["reason"].startswith("Bradford spoc requests 30 November 2020")
    assert results(signed_in("bradford_spoc").get(f"{API}/decisions/")) == []


def test_strangers_and_other_partnerships_have_no_tasks(cast: Cast, signed_in: Any, waiting: Action) -> None:
    leicester = system_of(cast, cast.city_council, scopes=SCOPES)
    for path in ("/my-work/", "/decisions/"):
        assert results(leicester.get(path)) == []
        assert results(signed_in("stranger").get(f"{API}{path}")) == []


def test_my_work_needs_its_scope_and_has_no_cursor(cast: Cast, council: System, system: System) -> None:
    for path in ("/my-work/", "/decisions/"):
        problem(council.get(path), 403, "forbidden")
        assert parameters(system.get(path, page_size=5)) == {"page_size"}


def test_my_work_as_csv(system: System, waiting: Action) -> None:
    lines = system.get("/my-work.csv").content.decode().splitlines()
    assert len(lines) == 2
    assert "subject.type,subject.id" in lines[0]


def test_more_tasks_need_no_more_queries(cast: Cast, system: System, waiting: Action) -> None:
    before = cost(system, "/my-work/"), cost(system, "/decisions/")
    for number in range(2, 9):
        waits(cast, supported(cast, f"WY20-{number:02}"), needed_by=date(2020, 7, number))
    assert len(results(system.get("/decisions/"))) == 8
    assert (cost(system, "/my-work/"), cost(system, "/decisions/")) == before
