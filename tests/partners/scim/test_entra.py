"""What Entra ID sends, from its own documentation.

Sources: "Use SCIM to provision users and groups" (its examples of requests) and "Known issues and resolutions with SCIM
2.0 protocol compliance" (the forms with and without `aadOptscim062020`), learn.microsoft.com/entra/identity/app-provisioning.
"""

from typing import Any

import pytest

from partners.models import User
from tests.cast import Cast
from tests.partners.scim.clients import PATCH, USER, Provider

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
DISABLED = {
    "before the flag": [{"op": "Replace", "path": "active", "value": "False"}],
    "with the flag": [{"op": "replace", "path": "active", "value": False}],
    "without a path": [{"op": "replace", "value": {"active": False}}],
    "among attributes that are ignored": [
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "other@example.org"},
        {"op": "Replace", "path": "name.familyName", "value": "Other"},
        {"op": "Add", "path": 'addresses[type eq "work"].country', "value": "GB"},
        {"op": "Replace", "path": f"{ENTERPRISE}:employeeNumber", "value": "7"},
        {"op": "Replace", "path": "urn:example:custom:2.0:User:site", "value": "7"},
        {"op": "replace", "value": {"name.givenName": "Other", f"{ENTERPRISE}:department": "Prevent"}},
        {"op": "Replace", "path": "active", "value": "False"},
    ],
    "with an address that changed elsewhere": [
        {"op": "Replace", "path": "userName", "value": "married@example.org"},
        {"op": "Replace", "path": "active", "value": "False"},
    ],
}


@pytest.mark.parametrize("operations", DISABLED.values(), ids=DISABLED)
def test_a_leaver_is_disabled_in_each_form(
    cast: Cast, provider: Provider, operations: list[dict[str, Any]]
) -> None:
    answer = provider.patch_user(cast.bradford_spoc.pk, *operations)
    assert (answer.status_code, answer.json()["active"]) == (200, False)
    assert answer.json()["userName"] == "bradford.spoc@example.org"
    user = User.objects.get(pk=cast.bradford_spoc.pk)
    assert (user.is_active, user.email) == (False, "bradford.spoc@example.org")


def test_a_person_is_created_queried_disabled_and_restored(cast: Cast, provider: Provider) -> None:
    filters = {"filter": 'userName eq "new.spoc@example.org"'}
    nobody = provider.http.get("/scim/v2/Users", filters, headers=provider.headers())
    assert (nobody.status_code, nobody.json()["totalResults"]) == (200, 0)
    assert nobody.json()["Resources"] == []
    message = {
        "schemas": [USER, ENTERPRISE],
        "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
        "userName": "new.spoc@example.org",
        "active": True,
        "displayName": "New SPOC",
        "emails": [{"primary": True, "type": "work", "value": "new.spoc@example.org"}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": "given family", "familyName": "family", "givenName": "given"},
        "roles": [],
        ENTERPRISE: {"department": "Prevent"},
    }
    created = provider.send("post", "Users", message)
    assert created.status_code == 201
    person = created.json()
    assert person["emails"] == [{"value": "new.spoc@example.org", "type": "work", "primary": True}]
    for active in (False, True):
        provider.patch_user(person["id"], {"op": "Replace", "path": "active", "value": str(active)})
        listed = provider.http.get("/scim/v2/Users", filters, headers=provider.headers()).json()
        assert [row["active"] for row in listed["Resources"]] == [active]
    assert provider.send("delete", f"Users/{person['id']}").status_code == 204


def test_what_a_message_leaves_out_or_removes_opens_no_account(cast: Cast, provider: Provider) -> None:
    person = provider.create("new.spoc@example.org", title="New SPOC").json()
    provider.patch_user(person["id"], {"op": "Replace", "path": "active", "value": "False"})
    del person["active"]
    assert provider.send("put", f"Users/{person['id']}", person).json()["active"] is False
    removed = provider.patch_user(
        person["id"], {"op": "Remove", "path": "active"}, {"op": "Remove", "path": "title"}
    )
    assert (removed.json()["active"], removed.json()["title"]) == (False, "New SPOC")


@pytest.mark.parametrize(
    "operations", [None, "Replace", ["Replace"], [{"op": "Replace", "path": "active", "value": "Gone"}]]
)
def test_a_change_that_nobody_can_read_is_refused(cast: Cast, provider: Provider, operations: Any) -> None:
    body = {"schemas": [PATCH], "Operations": operations}
    refused = provider.send("patch", f"Users/{cast.bradford_spoc.pk}", body)
    assert (refused.status_code, refused.json()["status"]) == (400, "400")
    assert User.objects.get(pk=cast.bradford_spoc.pk).is_active
