"""Everybody is told by the API what My work says to them, of every kind of thing that there is to do."""

import copy
from typing import Any

import pytest

from actions.update_requests.services import ask_for_update
from desk.my_work.services.deciding import my_decisions
from desk.my_work.services.everything import my_work
from desk.tasks.tasks import Gathered, Listed, OnFinding, OnReport, OnReturn, OnWebhook, Task
from exchange.webhooks.models import Webhook
from tests import cast as stage
from tests.actions.dates.dates import ask
from tests.actions.handover.handover import leaves
from tests.actions.waits.waiting import supported, waits
from tests.api.asking import results
from tests.api.clients import API
from tests.cast import AT, PEOPLE, TODAY, Cast, snapshot, submitted, under_way
from tests.permissions.exchange import webhook
from tests.permissions.returns import still_open
from tests.standing import House, standing

ASKED_BY_OTHERS = {
    *("action-retest", "assurance-give", "closure-decide", "date-change-decide", "dependency-answer"),
    *("letter-approve", "recommendation-judge"),
}


def busy() -> Cast:
    """Something of every kind to do: late, asked about, left behind, found, owed, and to be decided."""
    cast = snapshot.put_up()
    late = supported(cast)
    waits(cast, late)
    ask(actor=cast.bradford_spoc, action=late)
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
    return cast


house = standing(busy)


@pytest.fixture
def cast(house: House, db: None) -> Cast:
    return copy.deepcopy(house.base)


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_is_told_what_the_page_says(cast: Cast, signed_in: Any, person: str) -> None:
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


def test_every_kind_of_task_is_told(cast: Cast) -> None:
    """The test above meets each: none of them is told of nobody."""
    met = {type(task) for person in PEOPLE for task in my_work(actor=cast.person(person), on=TODAY)}
    assert met == {Task, Gathered, Listed, OnFinding, OnReport, OnReturn, OnWebhook}
