"""Two contacts of one partner answer in the same moment, each on a connection of their own: one is told who was first."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from actions.models import Dependency
from actions.waits.services import answer_dependency, close_dependency
from audit.models import Entry
from partners.accounts.services.users import create_user
from partners.memberships.services import grant_membership
from partners.models import Role, User
from tests.actions.core.test_races import at_once, refusals, whole
from tests.actions.waits.waiting import fresh, supported, waits
from tests.cast import AT, SINCE, Cast

pytestmark = pytest.mark.django_db(transaction=True)


def second_contact(cast: Cast) -> User:
    other = create_user(
        actor=cast.administrator, email="second.contact@example.org", name="Second contact", at=AT
    )
    grant_membership(
        actor=cast.administrator,
        user=other,
        partnership=cast.yorkshire,
        organisation=cast.wakefield_council,
        role=Role.PARTNER_CONTACT,
        starts_on=SINCE,
        at=AT,
    )
    return other


def answering(row: Dependency, actor: User, accept: bool) -> Callable[[], Any]:
    return lambda: answer_dependency(actor=actor, dependency=row, accept=accept, answer="So we say.", at=AT)


def test_two_contacts_acknowledge_at_once(cast: Cast) -> None:
    row, second = waits(cast, supported(cast)), second_contact(cast)
    outcomes = at_once(answering(row, cast.wakefield_contact, True), answering(row, second, True))
    (refused,) = refusals(outcomes)
    assert refused.code == "conflict"
    first = fresh(row)
    assert f"acknowledged by {first.answered_by} on 19 June 2020 at 10:00am" in refused.messages[0]
    assert Entry.objects.filter(verb="dependency.acknowledged").count() == 1
    assert whole(cast)


def test_two_contacts_decline_at_once(cast: Cast) -> None:
    row, second = waits(cast, supported(cast)), second_contact(cast)
    (refused,) = refusals(
        at_once(answering(row, cast.wakefield_contact, False), answering(row, second, False))
    )
    assert refused.code == "conflict"
    assert fresh(row).state == "declined"
    assert fresh(row.action).waiting_since is None
    assert whole(cast)


def test_an_answer_and_an_ending_at_once(cast: Cast) -> None:
    """Whichever is first, what came is not declined afterwards."""
    row = waits(cast, supported(cast))
    outcomes = at_once(
        answering(row, cast.wakefield_contact, True),
        lambda: close_dependency(actor=cast.bradford_spoc, dependency=row, met=True, ending="", at=AT),
    )
    assert [refused.code for refused in refusals(outcomes)] in ([], ["conflict"])
    assert fresh(row).state == "met"
    assert fresh(row.action).waiting_since is None
    assert whole(cast)


def test_two_contacts_press_the_button_at_once(cast: Cast) -> None:
    row, second = waits(cast, supported(cast)), second_contact(cast)
    address = reverse("actions:dependency-answer", args=[row.action_id, row.pk])
    clients = []
    for person in (cast.wakefield_contact, second):
        clients.append(Client())
        clients[-1].force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    outcomes = at_once(
        *(lambda client=client: client.post(address, {"accept": "yes"}).status_code for client in clients)
    )
    assert sorted(outcomes) == [302, 409]
    assert whole(cast)
