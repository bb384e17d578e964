"""Whoever has seen a client's secret does not decide on what that client requests."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from actions.models import Action
from desk.my_work.services.lists import my_tasks
from partners.accounts.models import User
from partners.clients.services.clients import create_client, register_client
from partners.models import ApiClient, Role
from tests.actions.dates.dates import ask, decide, give
from tests.api.clients import replace_secret
from tests.cast import AT, TODAY, Cast
from tests.factories import ActionFactory


@pytest.fixture
def client(cast: Cast) -> ApiClient:
    """The district's system, whose secret the manager created."""
    arguments = {"organisation": cast.bradford_district, "scopes": ["actions:read"], "at": AT}
    return create_client(actor=cast.manager, name="Case system", **arguments)[0]


def account_of(client: ApiClient) -> User:
    assert client.user is not None
    return client.user


def tasks_of(user: User, action: Action) -> list[str]:
    tasks = my_tasks(actor=user, on=TODAY)
    return [task.type for task in tasks if task.subject.id == action.pk and task.request]


def test_a_manager_does_not_approve_what_they_could_have_requested_through_a_client(
    cast: Cast, client: ApiClient
) -> None:
    """The attack: ask through a system whose secret one knows, and approve it oneself."""
    action = ActionFactory(cast=cast, in_progress=True)
    date_change = ask(actor=account_of(client), action=action)
    with pytest.raises(PermissionDenied, match="a secret of the system that asks"):
        decide(actor=cast.manager, date_change=date_change)
    assert tasks_of(cast.manager, action) == []
    give(cast, cast.stranger, Role.PROGRAMME_MANAGER, cast.police)
    assert tasks_of(cast.stranger, action) == ["date-change-decide"]
    decide(actor=cast.stranger, date_change=date_change)


def test_whoever_knows_only_a_secret_that_has_ended_decides(cast: Cast, client: ApiClient) -> None:
    replace_secret(actor=cast.administrator, client=client, at=AT)
    later = AT + timedelta(minutes=1)
    date_change = ask(actor=account_of(client), action=ActionFactory(cast=cast, in_progress=True), at=later)
    decide(actor=cast.manager, date_change=date_change, at=later)


def test_a_manager_who_sent_the_link_to_the_organisation_decides(cast: Cast) -> None:
    arguments = {"organisation": cast.bradford_district, "scopes": ["actions:read"], "at": AT}
    client = register_client(actor=cast.manager, name="Case system", **arguments)
    replace_secret(actor=cast.manager, client=client, email=cast.bradford_spoc.email, at=AT)
    date_change = ask(actor=account_of(client), action=ActionFactory(cast=cast, in_progress=True))
    decide(actor=cast.manager, date_change=date_change)
