"""An identity provider creates and deactivates accounts by SCIM 2.0, and can do nothing else."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from audit.models import Entry
from audit.services import system_ledger, verify
from partners.accounts.services.users import change_user
from partners.clients.services.clients import change_scopes, create_client
from partners.models import Membership, ProvisionedAccount, User
from partners.policies import rights_of
from partners.tokens.services import create_token
from tests.cast import AT, TODAY, Cast
from tests.factories import MembershipFactory
from tests.partners.scim.clients import TYPE, USER, Provider, provider_of

OFF = {"op": "Replace", "path": "active", "value": "False"}


def test_a_person_is_created_without_a_role_found_changed_and_deactivated(
    cast: Cast, provider: Provider
) -> None:
    made = provider.create("new.spoc@example.org", title="New SPOC", externalId="00u1", password="x" * 20)
    assert (made.status_code, made["Content-Type"]) == (201, f"{TYPE}; charset=utf-8")
    person = made.json()
    assert person["schemas"] == [USER]
    assert "password" not in person
    user = User.objects.get(pk=person["id"])
    assert (user.email, user.name, user.is_staff) == ("new.spoc@example.org", "New SPOC", False)
    assert not user.has_usable_password()
    assert rights_of(user, TODAY).grants == ()
    for text in ('userName eq "NEW.spoc@example.org"', 'externalId eq "00u1"'):
        listed = provider.http.get("/scim/v2/Users", {"filter": text}, headers=provider.headers()).json()
        assert [row["id"] for row in listed["Resources"]] == [person["id"]]
    replaced = provider.send("put", f"Users/{user.pk}", person | {"title": "Leeds SPOC"})
    assert replaced.json()["title"] == "Leeds SPOC"
    assert provider.patch_user(user.pk, OFF).json()["active"] is False
    user.refresh_from_db()
    assert (user.is_active, user.name) == (False, "Leeds SPOC")
    assert provider.patch_user(user.pk, OFF | {"value": True}).json()["active"] is True
    assert provider.send("delete", f"Users/{user.pk}").status_code == 204
    assert provider.send("get", f"Users/{user.pk}").status_code == 404
    user.refresh_from_db()
    assert not user.is_active
    entries = Entry.objects.filter(ledger=cast.yorkshire.ledger_id, verb__startswith="provisioned_account.")
    assert {entry.actor_label for entry in entries} == {"Entra ID (API client)"}
    first, last = entries.order_by("sequence").first(), entries.order_by("sequence").last()
    assert first is not None
    assert last is not None
    assert (first.verb, last.verb) == ("provisioned_account.created", "provisioned_account.removed")
    assert Entry.objects.filter(ledger=system_ledger(), act=first.act, verb="user.created").exists()
    assert verify(ledger=cast.yorkshire.ledger).ok
    assert verify(ledger=system_ledger()).ok


def test_a_leaver_loses_all_access_and_reopening_revives_nothing(cast: Cast, provider: Provider) -> None:
    spoc = cast.bradford_spoc
    _, token = create_token(actor=spoc, name="Excel", scopes=["actions:read"], expires_on=TODAY, at=AT)
    browser, bearer = Client(), {"authorization": f"Bearer {token}"}
    browser.force_login(spoc)
    assert browser.get("/account/tokens/").status_code == 200
    assert Client().get("/api/v1/plans/", headers=bearer).status_code == 200
    assert provider.patch_user(spoc.pk, OFF).status_code == 200
    for _ in range(2):
        assert browser.get("/account/tokens/").status_code == 302
        assert Client().get("/api/v1/plans/", headers=bearer).status_code == 401
        provider.patch_user(spoc.pk, OFF | {"value": True})


def test_who_was_suspended_here_is_not_opened_by_the_provider(cast: Cast, provider: Provider) -> None:
    made = provider.create("new.spoc@example.org").json()
    user = User.objects.get(pk=made["id"])
    change_user(actor=cast.administrator, user=user, is_active=False, at=AT)
    refused = provider.patch_user(user.pk, OFF | {"value": True})
    assert (refused.status_code, refused.json()["scimType"]) == (400, "mutability")
    assert not User.objects.get(pk=user.pk).is_active


def test_administrators_clients_and_other_partnerships_do_not_exist(cast: Cast, provider: Provider) -> None:
    MembershipFactory(user=cast.administrator, organisation=cast.opcc, role="auditor")
    MembershipFactory(user=cast.gold, organisation=cast.city_council, role="partner_contact")
    assert provider.client.user is not None
    strangers = (
        *(cast.administrator, cast.leicestershire_manager, cast.gold, cast.stranger),
        provider.client.user,
    )
    for user in strangers:
        assert provider.send("get", f"Users/{user.pk}").status_code == 404
        assert provider.patch_user(user.pk, OFF).status_code == 404
        assert provider.send("delete", f"Users/{user.pk}").status_code == 404
        assert provider.create(user.email).status_code == 409
        assert User.objects.get(pk=user.pk).is_active
    listed = {int(row["id"]) for row in provider.send("get", "Users").json()["Resources"]}
    assert cast.bradford_spoc.pk in listed
    assert not listed & {user.pk for user in strangers}
    made = provider.create("new@example.org").json()
    change_user(actor=cast.administrator, user=User.objects.get(pk=made["id"]), is_staff=True, at=AT)
    assert provider.patch_user(made["id"], OFF).status_code == 404


def test_no_message_gives_a_role_an_address_or_the_rights_of_an_administrator(
    cast: Cast, provider: Provider
) -> None:
    spoc = cast.bradford_spoc
    before = list(Membership.objects.order_by("pk").values())
    made = provider.create(
        "new@example.org", roles=[{"value": "auditor"}], userType="administrator", is_staff=True
    )
    assert made.status_code in {201, 400}
    refused = provider.patch_user(
        spoc.pk, {"op": "replace", "path": "userName", "value": "thief@example.org"}
    )
    assert (refused.status_code, refused.json()["scimType"]) == (400, "mutability")
    provider.patch_user(spoc.pk, {"op": "add", "path": "roles", "value": [{"value": "auditor"}]})
    assert list(Membership.objects.order_by("pk").values()) == before
    assert not User.objects.filter(is_staff=True).exclude(pk=cast.administrator.pk).exists()
    assert User.objects.get(pk=spoc.pk).email == "bradford.spoc@example.org"


def test_only_a_client_with_the_scope_gets_in_and_only_an_administrator_gives_it(
    cast: Cast, signed_in: Any
) -> None:
    anonymous = Client().get("/scim/v2/Users")
    assert (anonymous.status_code, anonymous.json()["status"]) == (401, "401")
    assert anonymous.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert signed_in("administrator").get("/scim/v2/Users").status_code == 401
    other = provider_of(cast, "actions:read")
    assert other.send("get", "Users").status_code == 403
    with pytest.raises(ValidationError):
        create_client(actor=cast.manager, organisation=cast.police, name="Mine", scopes=["scim:write"], at=AT)
    with pytest.raises(ValidationError):
        change_scopes(actor=cast.manager, client=other.client, scopes=["scim:write"], at=AT)
    with pytest.raises(ValidationError):
        create_token(actor=cast.manager, name="Mine", scopes=["scim:write"], expires_on=TODAY, at=AT)


def test_a_stale_version_is_refused(cast: Cast, provider: Provider) -> None:
    made = provider.create("new@example.org", title="Lead")
    pk, tag = made.json()["id"], made["ETag"]
    assert tag == made.json()["meta"]["version"]
    rename = {"op": "replace", "path": "title", "value": "Head"}
    assert provider.patch_user(pk, rename, **{"if-match": tag}).status_code == 200
    for refused in (
        provider.patch_user(pk, OFF, **{"if-match": tag}),
        provider.send("delete", f"Users/{pk}", **{"if-match": tag}),
    ):
        assert (refused.status_code, refused.json()["status"]) == (412, "412")
    assert User.objects.get(pk=pk).is_active


@pytest.mark.parametrize(
    ("request_parts", "kind"),
    [
        (("get", "Users?filter=title co %22x%22"), "invalidFilter"),
        (("get", "Users?startIndex=one"), "invalidValue"),
        (("post", "Users", {"schemas": [USER]}), "invalidValue"),
        (("post", "Users", {"schemas": [USER], "userName": "no address"}), "invalidValue"),
        (("post", "Users", "{"), "invalidSyntax"),
        (("post", "Users", []), "invalidValue"),
    ],
)
def test_bad_input_is_named_in_scim_errors(
    cast: Cast, provider: Provider, request_parts: tuple[Any, ...], kind: str
) -> None:
    refused = provider.send(*request_parts)
    assert (refused.status_code, refused.json().get("scimType")) == (400, kind), refused.content
    assert refused.json()["detail"]
    assert not ProvisionedAccount.objects.exists()


def test_lists_have_pages_and_an_external_id_belongs_to_one_person(cast: Cast, provider: Provider) -> None:
    everybody = provider.send("get", "Users").json()
    page = provider.send("get", "Users?startIndex=2&count=1").json()
    assert page["totalResults"] == everybody["totalResults"] > 3
    assert page["Resources"] == everybody["Resources"][1:2]
    assert provider.create("one@example.org", externalId="7").status_code == 201
    assert provider.create("two@example.org", externalId="7").status_code == 409
    assert not User.objects.filter(email="two@example.org").exists()


def test_the_service_describes_itself(cast: Cast, provider: Provider) -> None:
    configuration = provider.send("get", "ServiceProviderConfig").json()
    assert configuration["patch"]["supported"]
    assert not configuration["bulk"]["supported"]
    (kind,) = provider.send("get", "ResourceTypes").json()["Resources"]
    assert kind == provider.send("get", "ResourceTypes/User").json()
    schema = provider.send("get", f"Schemas/{USER}").json()
    assert {each["name"] for each in schema["attributes"]} == {
        *("userName", "title", "displayName", "active", "emails")
    }
    assert provider.send("get", "ResourceTypes/Group").status_code == 404
