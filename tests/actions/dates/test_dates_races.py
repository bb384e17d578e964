"""Two people decide on the same date in the same moment, each on a connection of their own."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from actions.dates.services import withdraw_date_change
from actions.models import Action, DateChange
from partners.accounts.services.users import create_user
from partners.models import User
from tests.actions.core.test_races import at_once, refusals, whole
from tests.actions.dates.dates import LATER, LATEST, ask, concern, decide, give
from tests.cast import AT, Cast
from tests.factories import ActionFactory

pytestmark = pytest.mark.django_db(transaction=True)


def second_manager(cast: Cast) -> User:
    other = create_user(actor=cast.administrator, email="second@example.org", name="Second manager", at=AT)
    give(cast, other, "programme_manager", cast.police)
    return other


@pytest.mark.parametrize("other_says", [True, False], ids=["both approve", "one refuses"])
def test_two_managers_decide_on_one_request(cast: Cast, other_says: bool) -> None:
    row, second = (
        ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True)),
        second_manager(cast),
    )
    outcomes = at_once(
        lambda: decide(actor=cast.manager, date_change=row),
        lambda: decide(actor=second, date_change=row, approve=other_says),
    )
    (refused,) = refusals(outcomes)
    row.refresh_from_db()
    action = Action.objects.get()
    assert refused.code == "conflict"
    assert f"by {row.decided_by} on 19 June 2020 at 10:00am" in refused.messages[0]
    assert (action.due, action.moves) == ((LATER, 1) if row.state == "approved" else (row.old_due, 0))
    assert whole(cast)


def test_two_managers_send_their_forms_at_once(cast: Cast, signed_in: Any) -> None:
    """As people meet it: one is thanked, the other is told who decided."""
    row, other = ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True)), Client()
    other.force_login(second_manager(cast), backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("actions:date-change-decide", args=[row.action_id, row.pk])
    form = {"approve": "approve", "reason": "Agreed."}
    clients = [signed_in("manager"), other]
    answers = at_once(*(lambda client=client: client.post(address, form) for client in clients))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    row.refresh_from_db()
    (conflict,) = [answer.content.decode() for answer in answers if answer.status_code == 409]
    assert f"approved by {row.decided_by} on 19 June 2020 at 10:00am" in conflict
    assert whole(cast)


def test_two_requests_for_one_action(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    outcomes = at_once(
        lambda: ask(actor=cast.bradford_spoc, action=action),
        lambda: ask(actor=cast.manager, action=action, new_due=LATEST),
    )
    (refused,) = refusals(outcomes)
    assert "has already requested" in refused.messages[0]
    assert DateChange.objects.count() == 1
    assert whole(cast)


def test_a_decision_and_its_withdrawal(cast: Cast) -> None:
    row = ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True))
    outcomes = at_once(
        lambda: decide(actor=cast.manager, date_change=row),
        lambda: withdraw_date_change(actor=cast.bradford_spoc, date_change=row, reason="No.", at=AT),
    )
    (refused,) = refusals(outcomes)
    row.refresh_from_db()
    assert (refused.code, row.is_open) == ("conflict", False)
    assert whole(cast)


def test_a_managers_approval_and_a_cause_of_concern(cast: Cast) -> None:
    """Whichever is first: the date moved before, or the board decides."""
    row = ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True))
    other = second_manager(cast)

    def approve() -> Any:
        try:
            return decide(actor=cast.manager, date_change=row)
        except PermissionDenied as denied:
            return denied

    outcomes = at_once(approve, lambda: concern(cast, row.action, actor=other))
    row.refresh_from_db()
    denied = any(isinstance(outcome, PermissionDenied) for outcome in outcomes)
    assert (row.level, row.is_open) == (("board", True) if denied else ("manager", False))
    assert Action.objects.get().under_cause_of_concern
    assert whole(cast)
