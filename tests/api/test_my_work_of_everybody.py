"""The API lists for everybody what My work lists, for every kind of task."""

import copy
from typing import Any

import pytest

from actions.update_requests.services import request_update
from audit.actors import SYSTEM
from desk.my_work.services.lists import my_decisions, my_tasks
from desk.tasks.task import SUBJECT_TYPES
from exchange.webhooks.models import Webhook
from meetings.arisings.services import record_arising
from partners.access_reviews.services.schedule import review_access
from partners.accounts.four_eyes import FACTOR, ApprovalRequired
from partners.accounts.services.users import create_user
from partners.approvals.services import request_change
from tests.actions.dates.dates import ask
from tests.actions.handover.handover import leaves
from tests.actions.waits.waiting import supported, waits
from tests.api.asking import results
from tests.api.clients import API
from tests.cast import AT, EARLIER, PEOPLE, TODAY, Cast, cast_snapshot
from tests.factories import ActionFactory
from tests.inspections.factories import RecommendationFactory
from tests.meetings.factories import MinuteFactory
from tests.permissions.exchange import webhook
from tests.permissions.notices import unattended_panel
from tests.permissions.returns import still_open
from tests.reports.factories import drafted_edition, issued_paper, reconciled_paper
from tests.support.module_fixtures import ModuleState, module_fixture

ASKED_BY_OTHERS = {
    *("action-retest", "assurance-give", "closure-decide", "date-change-decide", "dependency-answer"),
    *("letter-approve", "recommendation-judge", "approval"),
    *("paper-approve", "paper-issue", "edition-approve", "edition-publish"),
}


def busy() -> Cast:
    """Return a cast with tasks of every kind."""
    cast = cast_snapshot.restore()
    late = supported(cast)
    unattended_panel(cast, late)
    waits(cast, late)
    review_access(actor=SYSTEM, at=AT)
    ask(actor=cast.bradford_spoc, action=late)
    for ref in ("WY20-02", "WY20-03"):
        action = ActionFactory(cast=cast, in_progress=True, ref=ref)
        request_update(actor=cast.manager, action=action, question="Done?", due_on=TODAY, at=AT)
    ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-04")
    ActionFactory(cast=cast, in_progress=True, ref="WY20-05", lead=cast.leeds_district, owner=cast.leeds_spoc)
    leaves(cast, "leeds_spoc")
    RecommendationFactory(cast=cast)
    still_open(cast)
    minute = MinuteFactory(cast=cast)
    record_arising(
        actor=cast.manager, minute=minute, text="Circulate the guide.", owner=cast.bradford_spoc, at=AT
    )
    hook = webhook(cast, action)["pk"]
    drafted_edition(cast, issued_paper(cast))
    reconciled_paper(cast)
    Webhook.objects.filter(pk=hook).update(paused_at=AT, paused_because="Answered 503; attempts: 10")
    second = create_user(actor=SYSTEM, email="second@example.org", name="Second", is_staff=True, at=EARLIER)
    needed = ApprovalRequired(kind=FACTOR, user=cast.gold, values={})
    request_change(actor=second, needed=needed, at=AT, reason="Lost phone")
    return cast


module_state = module_fixture(busy)


@pytest.fixture
def cast(module_state: ModuleState, db: None) -> Cast:
    return copy.deepcopy(module_state.base)


@pytest.mark.parametrize("person", PEOPLE)
def test_the_api_lists_what_the_page_lists(cast: Cast, signed_in: Any, person: str) -> None:
    client = signed_in(person)
    tasks = my_tasks(actor=cast.person(person), on=TODAY)
    rows = results(client.get(f"{API}/my-work/"))
    assert [(row["title"], row["reason"]) for row in rows] == [(task.title, task.reason) for task in tasks]
    decisions = results(client.get(f"{API}/decisions/"))
    assert [row["title"] for row in decisions] == [
        task.title for task in my_decisions(actor=cast.person(person), on=TODAY)
    ]
    assert [row for row in rows if row in decisions] == decisions
    assert {row["type"] for row in decisions} <= ASKED_BY_OTHERS
    for row in rows:
        assert client.get(row["links"]["page"]).status_code == 200, row
        if row["subject"]["type"] in {"approval", "access-review"}:
            assert row["links"]["subject"] is None
        else:
            assert client.get(row["links"]["subject"]).status_code == 200, row
        if row["links"]["request"]:
            assert client.get(row["links"]["request"]).json()["id"] == row["request"]["id"], row


def test_every_kind_of_subject_has_a_task(cast: Cast) -> None:
    """The test above meets each type, one at a time and, of actions and returns, in lists."""
    subjects = {
        (task.subject.type, task.subject.id is None)
        for person in PEOPLE
        for task in my_tasks(actor=cast.person(person), on=TODAY)
    }
    assert subjects == {*((name, False) for name in SUBJECT_TYPES), ("action", True), ("return", True)}
