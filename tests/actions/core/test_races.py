"""Two people do the same thing to the same action in the same moment, each on a connection of their own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client
from django.urls import reverse

from actions.actions.services import allocate_action, create_action
from actions.assurance.services import assure_action, return_action, submit_action
from actions.closing.services import decide_closure
from actions.core.states import State
from actions.districts.services import split_by_district
from actions.models import Action, Assurance, ProgressUpdate
from audit.services import system_ledger, verify
from partners.accounts.services.users import create_user
from partners.memberships.services import grant_membership
from partners.models import Role, User
from tests.cast import AT, SINCE, Cast
from tests.factories import ActionFactory, ClosureProposalFactory, district_parts, submit_progress
from tests.meetings.factories import board_minute

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*work: Callable[[], Any]) -> list[Any]:
    """Run each in a thread of its own, all starting together; return what each gave, or the refusal it raised."""
    start = threading.Barrier(len(work))

    def run(one: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=30)
            return one()
        except ValidationError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(work)) as pool:
        return [done.result(timeout=60) for done in [pool.submit(run, one) for one in work]]


def refusals(outcomes: list[Any]) -> list[ValidationError]:
    return [outcome for outcome in outcomes if isinstance(outcome, ValidationError)]


def second_auditor(cast: Cast) -> User:
    other = create_user(
        actor=cast.administrator, email="second.auditor@example.org", name="Second auditor", at=AT
    )
    grant_membership(
        actor=cast.administrator,
        user=other,
        partnership=cast.yorkshire,
        organisation=cast.opcc,
        role=Role.AUDITOR,
        starts_on=SINCE,
        at=AT,
    )
    return other


def whole(cast: Cast) -> bool:
    return verify(ledger=cast.yorkshire.ledger).problems == [] == verify(ledger=system_ledger()).problems


@pytest.mark.parametrize("versioned", [True, False], ids=["as pages do", "as commands do"])
@pytest.mark.parametrize(("one", "other"), [(assure_action, assure_action), (assure_action, return_action)])
def test_two_auditors_judge_one_submission(
    cast: Cast, one: Callable[..., Any], other: Callable[..., Any], versioned: bool
) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    second = second_auditor(cast)
    version = action.version if versioned else None
    outcomes = at_once(
        lambda: one(actor=cast.auditor, action=action, note="Seen.", at=AT, version=version),
        lambda: other(actor=second, action=action, note="Looked.", at=AT, version=version),
    )
    (refused,) = refusals(outcomes)
    assert refused.code == ("conflict" if versioned else "state")
    judged = Assurance.objects.get()
    after = Action.objects.get(pk=action.pk)
    assert after.state == (State.COMPLETE if judged.opinion == "assured" else State.IN_PROGRESS)
    assert after.version == action.version + 1
    assert whole(cast)


def test_two_updates_of_one_version(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])

    def report(actor: User) -> Callable[[], Any]:
        return lambda: submit_progress(
            actor=actor,
            action=action,
            narrative=f"{actor} says so.",
            rag="green",
            percent=50,
            version=action.version,
            at=AT,
        )

    outcomes = at_once(report(cast.bradford_spoc), report(cast.wakefield_contact))
    assert [refused.code for refused in refusals(outcomes)] == ["conflict"]
    assert action.updates.count() == 2
    assert Action.objects.get(pk=action.pk).version == action.version + 1
    assert whole(cast)


def test_two_corrections_of_one_update(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    wrong = action.updates.get()

    def correct() -> Any:
        return submit_progress(
            actor=cast.bradford_spoc,
            action=action,
            narrative="Three of five.",
            rag="green",
            percent=60,
            corrects=wrong,
            at=AT,
        )

    (refused,) = refusals(at_once(correct, correct))
    assert set(refused.message_dict) == {"corrects"}
    assert ProgressUpdate.objects.filter(corrects=wrong).count() == 1
    assert whole(cast)


def test_an_update_and_a_submission(cast: Cast) -> None:
    """Whichever is first, the other sees it: an update is never added to what already waits for the auditor."""
    action = ActionFactory(cast=cast, in_progress=True)
    outcomes = at_once(
        lambda: submit_progress(
            actor=cast.bradford_spoc, action=action, narrative="One more.", rag="green", percent=90, at=AT
        ),
        lambda: submit_action(actor=cast.bradford_spoc, action=action, note="Done.", at=AT),
    )
    refused = refusals(outcomes)
    assert [error.code for error in refused] in ([], ["state"])
    assert Action.objects.get(pk=action.pk).state == State.AWAITING_ASSURANCE
    assert action.updates.count() == 2 - len(refused)
    assert whole(cast)


def test_two_allocations(cast: Cast) -> None:
    action = ActionFactory(cast=cast, unallocated=True)

    def allocate(owner: User, due: date) -> Callable[[], Any]:
        return lambda: allocate_action(
            actor=cast.manager,
            action=action,
            lead=cast.bradford_district,
            owner=owner,
            due=due,
            version=action.version,
            at=AT,
        )

    first, second = date(2020, 9, 30), date(2020, 10, 31)
    outcomes = at_once(allocate(cast.bradford_spoc, first), allocate(cast.leeds_spoc, second))
    assert [refused.code for refused in refusals(outcomes)] == ["conflict"]
    after = Action.objects.get(pk=action.pk)
    assert (after.owner, after.due) in [(cast.bradford_spoc, first), (cast.leeds_spoc, second)]
    assert after.original_due == after.due
    assert whole(cast)


def test_two_new_actions_never_share_a_reference(cast: Cast) -> None:
    def create(ref: str) -> Callable[[], Any]:
        return lambda: create_action(
            actor=cast.manager, plan=cast.plan, pillar=cast.identify, ref=ref, title="Brief them", at=AT
        )

    (refused,) = refusals(at_once(create("WY20-50"), create("wy20-50")))
    assert "already in use" in str(refused)
    assert Action.objects.count() == 1
    assert whole(cast)


def test_two_accounts_for_one_address(cast: Cast) -> None:
    def create(email: str) -> Callable[[], Any]:
        return lambda: create_user(actor=cast.administrator, email=email, name="Silver", at=AT)

    (refused,) = refusals(at_once(create("silver@example.org"), create("SILVER@example.org")))
    assert "already an account with this email address" in str(refused)
    assert User.objects.filter(email="silver@example.org").count() == 1
    assert whole(cast)


def test_two_auditors_send_their_forms_at_once(cast: Cast, signed_in: Any) -> None:
    """As people meet it: one is thanked, the other is shown what happened meanwhile."""
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    second = second_auditor(cast)
    other = Client()
    other.force_login(second, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("actions:assurance-give", args=[action.pk])
    form = {"opinion": "assured", "note": "Seen.", "version": action.version}
    clients = [signed_in("auditor"), other]
    outcomes = at_once(*(lambda client=client: client.post(address, form).status_code for client in clients))
    assert sorted(outcomes) == [302, 409]
    assert Assurance.objects.count() == 1
    assert whole(cast)


def test_two_board_members_decide_on_one_proposal(cast: Cast) -> None:
    second = create_user(actor=cast.administrator, email="silver@example.org", name="Silver", at=AT)
    grant_membership(
        actor=cast.administrator,
        user=second,
        partnership=cast.yorkshire,
        organisation=cast.police,
        role=Role.BOARD_MEMBER,
        starts_on=SINCE,
        at=AT,
    )
    action = ActionFactory(cast=cast, by_districts=True)
    proposal = ClosureProposalFactory(cast=cast, action=action)

    def decide(actor: User, approve: bool) -> Callable[[], Any]:
        arguments = {"approve": approve, "reason": "So decided.", "minute": board_minute(cast), "at": AT}
        return lambda: decide_closure(actor=actor, proposal=proposal, **arguments)

    (refused,) = refusals(at_once(decide(cast.gold, True), decide(second, False)))
    proposal.refresh_from_db()
    assert refused.code == "conflict"
    assert f"by {proposal.decided_by} on 19 June 2020 at 10:00am" in refused.messages[0]
    states = set(Action.objects.values_list("state", flat=True))
    assert states == ({State.WITHDRAWN} if proposal.state == "approved" else {State.NOT_STARTED})
    assert whole(cast)


def test_two_divisions_of_one_action(cast: Cast) -> None:
    action = ActionFactory(cast=cast, unallocated=True)

    def divide() -> Any:
        return split_by_district(
            actor=cast.manager, action=action, parts=district_parts(cast), version=action.version, at=AT
        )

    assert [refused.code for refused in refusals(at_once(divide, divide))] == ["conflict"]
    assert Action.objects.filter(parent=action).count() == 2
    assert whole(cast)
