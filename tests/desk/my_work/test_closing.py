"""What waits for a board's decision stands on the desks of the board members who may decide it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.closing.services import decide_closure, retract_closure
from desk.my_work.services.lists import my_tasks
from partners.models import User
from tests.cast import AT, PEOPLE, TODAY, Cast
from tests.factories import ActionFactory, ClosureProposalFactory


def closure_tasks(user: User) -> list[tuple[str, str]]:
    tasks = my_tasks(actor=user, on=TODAY)
    return [(task.subject.ref, task.reason) for task in tasks if task.route.startswith("actions:closure")]


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_a_proposal_waits_for_the_board_alone(cast: Cast, who: str) -> None:
    ClosureProposalFactory(cast=cast, action=ActionFactory(cast=cast, in_progress=True))
    ClosureProposalFactory(
        cast=cast,
        action=ActionFactory(cast=cast, allocated=True, ref="WY20-02"),
        superseded_by=ActionFactory(cast=cast, allocated=True, ref="WY20-03"),
    )
    expected = [
        ("WY20-01", "Manager proposes to withdraw it"),
        ("WY20-02", "Manager proposes to supersede it"),
    ]
    assert closure_tasks(cast.person(who)) == (expected if who == "gold" else [])


def test_the_task_leads_to_the_decision(cast: Cast, signed_in: Any) -> None:
    proposal = ClosureProposalFactory(cast=cast, action=ActionFactory(cast=cast, in_progress=True))
    client = signed_in("gold")
    (task,) = client.get("/").context["tasks"]
    assert task.args == (proposal.action_id, proposal.pk)
    assert client.get(task.path).status_code == 200


def test_decided_and_withdrawn_proposals_are_no_tasks(cast: Cast) -> None:
    first = ClosureProposalFactory(cast=cast, action=ActionFactory(cast=cast, in_progress=True))
    second = ClosureProposalFactory(cast=cast, action=ActionFactory(cast=cast, allocated=True, ref="WY20-02"))
    decide_closure(actor=cast.gold, proposal=first, approve=False, reason="No.", at=AT)
    retract_closure(actor=cast.manager, proposal=second, reason="No.", at=AT)
    assert closure_tasks(cast.gold) == []


def test_nobody_is_asked_about_an_action_of_their_own(cast: Cast) -> None:
    ClosureProposalFactory(
        cast=cast, action=ActionFactory(cast=cast, in_progress=True, owner=cast.gold, lead=cast.police)
    )
    assert closure_tasks(cast.gold) == []


def test_many_proposals_cost_no_more_queries_than_one(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert closure_tasks(cast.gold)
        return len(captured)

    ClosureProposalFactory(cast=cast, action=ActionFactory(cast=cast, in_progress=True))
    few = queries()
    for number in range(2, 6):
        ClosureProposalFactory(
            cast=cast, action=ActionFactory(cast=cast, in_progress=True, ref=f"WY20-0{number}")
        )
    assert queries() == few
