"""The administrators' site writes through services, and never fails where a service refuses."""

from datetime import date
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from audit.services import system_ledger, verify
from partners.clients.services.clients import create_client
from partners.models import Membership, Organisation, Partnership, User
from partners.organisations.services import save_reference
from tests import cast as stage
from tests.cast import AT, Cast
from tests.factories import ActionFactory


@pytest.fixture
def admin(signed_in: Any) -> Client:
    client: Client = signed_in("administrator")
    return client


def add(name: str) -> str:
    return reverse(f"admin:partners_{name}_add")


def change(row: Any) -> str:
    return reverse(f"admin:partners_{row._meta.model_name}_change", args=[row.pk])


def delete(row: Any) -> str:
    return reverse(f"admin:partners_{row._meta.model_name}_delete", args=[row.pk])


def last(cast: Cast) -> Entry:
    return Entry.objects.filter(ledger=cast.yorkshire.ledger_id).latest("sequence")


def organisation(cast: Cast, **fields: Any) -> dict[str, Any]:
    form_data = {"partnership": cast.yorkshire.pk, "name": "Kirklees Council", "kind": "council"}
    return form_data | {"short_name": "", "schedule_6_sector": "", "parent": "", "area": ""} | fields


def messages_of(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


# Reference data ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["organisation", "board", "membership", "responsibility", "organisationalias"]
)
def test_every_select_begins_with_words(admin: Client, name: str) -> None:
    page = admin.get(add(name)).content.decode()
    assert "Choose " in page
    assert "---------" not in page


def test_an_organisation_is_added_and_the_ledger_names_the_actor(cast: Cast, admin: Client) -> None:
    assert admin.post(add("organisation"), organisation(cast)).status_code == 302
    made = Organisation.objects.get(name="Kirklees Council")
    entry = last(cast)
    assert (entry.verb, entry.target_id) == ("organisation.created", str(made.pk))
    assert (entry.actor_id, entry.actor_label) == (str(cast.administrator.pk), "Administrator")
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_a_change_is_recorded_and_an_unchanged_form_writes_nothing(cast: Cast, admin: Client) -> None:
    council = cast.wakefield_council
    same = organisation(cast, name=council.name)
    before = last(cast).sequence
    assert admin.post(change(council), same).status_code == 302
    assert last(cast).sequence == before
    assert admin.post(change(council), same | {"short_name": "WMDC"}).status_code == 302
    assert last(cast).changes == {"short_name": ["", "WMDC"]}


def test_personal_data_in_a_name_needs_a_reason(cast: Cast, admin: Client) -> None:
    form_data = organisation(cast, name="Mosque at WF99 9ZZ")
    response = admin.post(add("organisation"), form_data)
    assert response.status_code == 200
    assert "“Name” contains a full postcode: WF99 9ZZ" in response.content.decode()
    with_reason = form_data | {"keep_personal_data_reason": "Two of that name."}
    assert admin.post(add("organisation"), with_reason).status_code == 302
    assert last(cast).note == "Kept a full postcode (8 characters) in name: Two of that name."


def test_a_row_stays_in_its_partnership(cast: Cast, admin: Client) -> None:
    council = cast.wakefield_council
    moved = organisation(cast, name=council.name, partnership=cast.leicestershire.pk)
    admin.post(change(council), moved)
    assert Organisation.objects.get(pk=council.pk).partnership == cast.yorkshire


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 161}, "name"),
        ({"kind": "circus"}, "kind"),
        ({"parent": "999999"}, "parent"),
        ({"parent": "city_council"}, "parent"),
        ({"partnership": "x"}, "partnership"),
        ({"name": "WAKEFIELD council"}, "__all__"),
    ],
)
def test_a_wrong_field_is_shown_on_the_form(
    cast: Cast, admin: Client, wrong: dict[str, Any], field: str
) -> None:
    before = last(cast).sequence
    if wrong.get("parent") == "city_council":
        wrong = {"parent": cast.city_council.pk}
    response = admin.post(add("organisation"), organisation(cast, **wrong))
    assert response.status_code == 200
    assert set(response.context["adminform"].form.errors) == {field}
    assert last(cast).sequence == before


def test_an_unused_row_is_removed_and_a_used_one_is_not(cast: Cast, admin: Client) -> None:
    unused = Organisation(partnership=cast.yorkshire, name="Entered twice", kind="other")
    save_reference(actor=cast.administrator, row=unused, at=AT)
    assert admin.post(delete(unused), {"post": "yes"}).status_code == 302
    assert last(cast).verb == "organisation.removed"
    before = last(cast).sequence
    used = admin.post(delete(cast.bradford_district), {"post": "yes"})
    assert used.status_code in {200, 302}
    assert Organisation.objects.filter(pk=cast.bradford_district.pk).exists()
    assert last(cast).sequence == before


def test_an_organisation_that_only_supports_an_action_is_kept(cast: Cast, admin: Client) -> None:
    partner = Organisation(partnership=cast.yorkshire, name="Kirklees College", kind="education")
    save_reference(actor=cast.manager, row=partner, at=AT)
    ActionFactory(cast=cast, unallocated=True, supporting=[partner])
    response = admin.post(delete(partner), {"post": "yes"})
    assert response.status_code in {200, 302}
    assert "other records use it" in messages_of(response) or response.status_code == 200
    assert Organisation.objects.filter(pk=partner.pk).exists()
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_no_list_deletes_in_bulk(cast: Cast, admin: Client) -> None:
    for name in ("organisation", "area", "user", "membership", "partnership"):
        address = reverse(f"admin:partners_{name}_changelist")
        pk = {"organisation": cast.opcc.pk, "area": cast.leeds.pk}.get(name, 1)
        admin.post(address, {"action": "delete_selected", "_selected_action": [pk], "post": "yes"})
        assert b"delete_selected" not in admin.get(address).content
    assert Organisation.objects.filter(pk=cast.opcc.pk).exists()


# Partnerships ------------------------------------------------------------------------------------------------


def test_a_partnership_is_opened_with_its_ledger(cast: Cast, admin: Client) -> None:
    assert admin.post(add("partnership"), {"name": "Kent", "slug": "kent"}).status_code == 302
    made = Partnership.objects.get(slug="kent")
    assert verify(ledger=made.ledger).entries == 1


def test_an_error_of_the_service_is_shown(cast: Cast, admin: Client) -> None:
    response = admin.post(add("partnership"), {"name": system_ledger().name, "slug": "kent"})
    assert response.status_code == 302
    assert "already exists" in messages_of(response)
    assert not Partnership.objects.filter(slug="kent").exists()


# Accounts ----------------------------------------------------------------------------------------------------


def test_an_account_is_opened_and_changed(cast: Cast, admin: Client) -> None:
    form_data = {"email": "Silver@Example.org", "name": "Silver chair"}
    assert admin.post(add("user"), form_data).status_code == 302
    made = User.objects.get(email="silver@example.org")
    assert (made.is_active, made.is_staff, made.has_usable_password()) == (True, False, False)
    assert admin.post(change(made), form_data | {"name": "Silver", "is_active": "on"}).status_code == 302
    entry = Entry.objects.filter(ledger=system_ledger()).latest("sequence")
    assert (entry.verb, entry.actor_label) == ("user.changed", "Administrator")
    assert entry.changes == {"name": ["Silver chair", "Silver"]}
    assert verify(ledger=system_ledger()).ok


def test_an_address_in_use_is_shown_on_the_form(cast: Cast, admin: Client) -> None:
    response = admin.post(add("user"), {"email": "MANAGER@example.org", "name": "Again"})
    assert response.status_code == 200
    assert "already an account" in str(response.context["adminform"].form.errors)


@pytest.mark.parametrize("dropped", ["is_staff", "is_active"])
def test_administrators_cannot_change_their_own_access(cast: Cast, admin: Client, dropped: str) -> None:
    form_data = {
        "email": cast.administrator.email,
        "name": "Administrator",
        "is_staff": "on",
        "is_active": "on",
    }
    del form_data[dropped]
    assert admin.post(change(cast.administrator), form_data).status_code == 403
    cast.administrator.refresh_from_db()
    assert (cast.administrator.is_staff, cast.administrator.is_active) == (True, True)


# Memberships -------------------------------------------------------------------------------------------------


def membership(cast: Cast, **fields: Any) -> dict[str, Any]:
    form_data = {
        "user": cast.stranger.pk,
        "partnership": cast.yorkshire.pk,
        "organisation": cast.wakefield_council.pk,
        "role": "partner_contact",
        "starts_on": "2020-06-19",
        "ends_on": "",
    }
    return form_data | fields


def test_a_membership_is_granted_and_ended(cast: Cast, admin: Client) -> None:
    assert admin.post(add("membership"), membership(cast)).status_code == 302
    made = Membership.objects.get(user=cast.stranger)
    assert last(cast).verb == "membership.granted"
    assert admin.post(change(made), {"ends_on": "2020-12-31"}).status_code == 302
    assert last(cast).changes == {"ends_on": [None, "2020-12-31"]}


def test_an_alternate_is_granted_and_stays_one(cast: Cast, admin: Client) -> None:
    form_data = membership(cast, role="spoc", organisation=cast.bradford_district.pk)
    refused = admin.post(add("membership"), form_data)
    assert refused.status_code == 302
    assert "Bradford spoc is the main SPOC of Bradford District" in messages_of(refused)
    assert not Membership.objects.filter(user=cast.stranger).exists()
    assert admin.post(add("membership"), form_data | {"alternate": "on"}).status_code == 302
    made = Membership.objects.get(user=cast.stranger)
    assert made.alternate
    admin.post(change(made), {"ends_on": "2020-12-31"})
    made.refresh_from_db()
    assert (made.alternate, made.ends_on) == (True, date(2020, 12, 31))


def test_only_a_spoc_is_an_alternate(cast: Cast, admin: Client) -> None:
    response = admin.post(add("membership"), membership(cast, alternate="on"))
    assert "Only a SPOC can be an alternate" in str(response.context["adminform"].form.errors)


def test_fields_fixed_by_a_grant_cannot_be_posted(cast: Cast, admin: Client) -> None:
    granted = cast.observer.memberships.get()
    admin.post(change(granted), membership(cast, role="auditor", ends_on="2020-12-31"))
    granted.refresh_from_db()
    assert (granted.role, granted.user) == ("observer", cast.observer)


def test_an_administrator_grants_themselves_nothing(cast: Cast, admin: Client) -> None:
    form_data = membership(cast, user=cast.administrator.pk)
    assert admin.post(add("membership"), form_data).status_code == 403
    assert not Membership.objects.filter(user=cast.administrator).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "chief"},
        {"ends_on": "2020-06-18"},
        {"ends_on": "31st of never"},
        {"organisation": "city_council"},
        {"user": "999999"},
    ],
)
def test_an_impossible_grant_is_an_error_of_the_form(
    cast: Cast, admin: Client, wrong: dict[str, Any]
) -> None:
    if "organisation" in wrong:
        wrong = {"organisation": cast.city_council.pk}
    response = admin.post(add("membership"), membership(cast, **wrong))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors
    assert not Membership.objects.filter(user=cast.stranger).exists()


def test_a_membership_that_ended_stays_ended(cast: Cast, admin: Client) -> None:
    over = cast.former_spoc.memberships.get()
    response = admin.post(change(over), {"ends_on": "2021-03-31"})
    assert response.status_code == 302
    assert "ended on 31 March 2020" in messages_of(response)
    over.refresh_from_db()
    assert str(over.ends_on) == "2020-03-31"


# Clients, and what is only read -------------------------------------------------------------------------------


def test_a_client_is_stopped_from_its_list(cast: Cast, admin: Client) -> None:
    client, _ = create_client(
        actor=cast.manager,
        organisation=cast.wakefield_council,
        name="Case system",
        scopes=["actions:read"],
        at=AT,
    )
    address = reverse("admin:partners_apiclient_changelist")
    admin.post(address, {"action": "stop", "_selected_action": [client.pk]})
    client.refresh_from_db()
    assert not client.is_active
    assert (last(cast).verb, last(cast).actor_label) == ("client.deactivated", "Administrator")
    assert client.client_secret not in admin.get(change(client)).content.decode()


def test_staff_who_are_members_read_what_their_membership_opens_and_change_none_of_it(
    cast: Cast, admin: Client
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    listing = reverse("admin:actions_action_changelist")
    assert action.ref not in admin.get(listing).content.decode()
    assert admin.get(reverse("admin:actions_action_change", args=[action.pk])).status_code == 302
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


def test_a_password_is_not_changed_past_the_ledger(cast: Cast, admin: Client) -> None:
    """The admin site's own password page saves without a service; it leads to the one that records it."""
    response = admin.get("/admin/password_change/")
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/password/change/")
    before = User.objects.get(pk=cast.administrator.pk).password
    admin.post("/admin/password_change/", {"old_password": "x", "new_password1": "y", "new_password2": "y"})
    assert User.objects.get(pk=cast.administrator.pk).password == before
