"""The administrators' site stops API clients through a service, and shows what a role opens."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from partners.clients.services.clients import create_client
from partners.models import Membership, User
from tests import cast as stage
from tests.cast import AT, Cast
from tests.factories import ActionFactory


@pytest.fixture
def admin(signed_in: Any) -> Client:
    client: Client = signed_in("administrator")
    return client


def last(cast: Cast) -> Entry:
    return Entry.objects.filter(ledger=cast.yorkshire.ledger_id).latest("sequence")


def test_a_client_is_stopped_from_its_list(cast: Cast, admin: Client) -> None:
    client, _ = create_client(
        actor=cast.manager,
        organisation=cast.wakefield_council,
        name="Case system",
        scopes=["actions:read"],
        at=AT,
    )
    address = reverse("admin:partners_apiclient_changelist")
    admin.post(reverse("admin:partnership"), {"partnership": cast.yorkshire.pk})
    assert admin.get(address, {"q": "case"}).context["cl"].result_count == 1
    assert admin.get(address, {"q": "other"}).context["cl"].result_count == 0
    assert b'name="default"' not in admin.get(address).content
    nothing = admin.post(address, {"action": "stop"}, follow=True)
    assert "Select at least one record." in nothing.content.decode()
    admin.post(address, {"action": "stop", "_selected_action": [client.pk]})
    client.refresh_from_db()
    assert not client.is_active
    assert (last(cast).verb, last(cast).actor_label) == ("client.deactivated", "Administrator")
    assert (
        client.client_secret
        not in admin.get(reverse("admin:partners_apiclient_change", args=[client.pk])).content.decode()
    )


def test_staff_who_are_members_read_what_their_membership_opens_and_change_none_of_it(
    cast: Cast, admin: Client
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    listing = reverse("admin:actions_action_changelist")
    assert action.ref not in admin.get(listing).content.decode()
    assert admin.get(reverse("admin:actions_action_change", args=[action.pk])).status_code == 404
    Membership.objects.create(
        user=cast.administrator,
        partnership=cast.yorkshire,
        organisation=cast.opcc,
        role="auditor",
        starts_on=stage.SINCE,
        review_by=stage.TODAY,
    )
    assert action.ref in admin.get(listing).content.decode()
    page = reverse("admin:actions_action_change", args=[action.pk])
    assert admin.get(page).status_code == 200
    assert admin.post(page, {"title": "Mine now"}).status_code == 403
    action.refresh_from_db()
    assert action.title != "Mine now"


def test_the_front_page_lists_what_a_role_opens(cast: Cast, admin: Client) -> None:
    chosen = {"partnership": cast.yorkshire.pk}
    assert "API clients" in admin.post(reverse("admin:partnership"), chosen, follow=True).content.decode()
    listing, entries = reverse("admin:actions_action_changelist"), reverse("admin:audit_entry_changelist")
    links = {f'href="{listing}"', f'href="{entries}"'}
    assert not {link for link in links if link in admin.get("/admin/").content.decode()}
    Membership.objects.create(
        user=cast.administrator,
        partnership=cast.yorkshire,
        organisation=cast.opcc,
        role="auditor",
        starts_on=stage.SINCE,
        review_by=stage.TODAY,
    )
    assert {link for link in links if link in admin.get("/admin/").content.decode()} == links


def test_a_password_is_not_changed_past_the_ledger(cast: Cast, admin: Client) -> None:
    """The admin site's own password page would save without a service, so it is not there."""
    before = User.objects.get(pk=cast.administrator.pk).password
    typed = {"old_password": "x", "new_password1": "y", "new_password2": "y"}
    assert admin.post("/admin/password_change/", typed).status_code == 404
    assert User.objects.get(pk=cast.administrator.pk).password == before
