"""Partners' systems: registered with a scope, stopped, and never more than their organisation."""

from hashlib import sha256

import pytest
from django.contrib.auth.hashers import check_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from audit.models import Entry
from audit.services import system_ledger, verify
from partners.clients.services.clients import create_client, deactivate_client
from partners.models import ApiClient, Role, User
from partners.policies import rights_of
from tests.cast import AT, PEOPLE, TODAY, Cast

READ = ["actions:read"]


def test_a_client_has_the_reach_of_its_organisation_and_a_hashed_secret(cast: Cast) -> None:
    client, secret = create_client(
        actor=cast.manager, organisation=cast.wakefield_council, name="Case system", scopes=READ, at=AT
    )
    stored = ApiClient.objects.get(pk=client.pk)
    assert len(secret) >= 40
    assert client.secrets.get().digest == sha256(secret.encode()).hexdigest()
    assert not check_password(secret, stored.client_secret)
    assert stored.scopes == "actions:read"
    account = User.objects.get(pk=stored.user_id)
    assert (account.kind, account.has_usable_password(), account.is_staff) == ("client", False, False)
    grant = rights_of(account, TODAY).grants[0]
    assert (grant.role, grant.organisation_id) == (Role.PARTNER_CONTACT, cast.wakefield_council.pk)


def test_registration_is_recorded_without_the_secret(cast: Cast) -> None:
    client, secret = create_client(
        actor=cast.manager, organisation=cast.wakefield_council, name="Case system", scopes=READ, at=AT
    )
    entry = Entry.objects.get(verb="client.created")
    assert (entry.actor_label, entry.ledger_id) == ("Manager", cast.yorkshire.ledger_id)
    assert "client_secret" not in entry.state
    assert secret not in str(list(Entry.objects.values_list("state", "changes")))
    assert client.client_id in str(entry.state)
    assert verify(ledger=cast.yorkshire.ledger).ok
    assert verify(ledger=system_ledger()).ok


@pytest.mark.parametrize("scopes", [[], ["actions:delete"], ["actions:read", "admin"], ["ACTIONS:READ"]])
def test_an_unknown_scope_registers_nothing(cast: Cast, scopes: list[str]) -> None:
    users = User.objects.count()
    with pytest.raises(ValidationError) as refused:
        create_client(actor=cast.manager, organisation=cast.wakefield_council, name="X", scopes=scopes, at=AT)
    assert set(refused.value.message_dict) == {"scopes"}
    assert (ApiClient.objects.count(), User.objects.count()) == (0, users)


@pytest.mark.parametrize("name", ["Case system", ""])
def test_a_name_is_required_and_unique_in_an_organisation(cast: Cast, name: str) -> None:
    made = {"actor": cast.manager, "organisation": cast.wakefield_council, "scopes": READ, "at": AT}
    create_client(name="Case system", **made)
    users = User.objects.count()
    with pytest.raises(ValidationError) as refused:
        create_client(name=name, **made)
    assert set(refused.value.message_dict) == {"name"}
    assert (ApiClient.objects.count(), User.objects.count()) == (1, users)


@pytest.mark.parametrize("person", [name for name in PEOPLE if name not in {"manager", "administrator"}])
def test_others_cannot_register_or_stop_clients(cast: Cast, person: str) -> None:
    client, _ = create_client(
        actor=cast.manager, organisation=cast.wakefield_council, name="Case system", scopes=READ, at=AT
    )
    actor = cast.person(person)
    with pytest.raises(PermissionDenied):
        create_client(actor=actor, organisation=cast.wakefield_council, name="X", scopes=READ, at=AT)
    with pytest.raises(PermissionDenied):
        deactivate_client(actor=actor, client=client, at=AT)
    client.refresh_from_db()
    assert client.is_active


def test_stopping_is_recorded(cast: Cast) -> None:
    client, _ = create_client(
        actor=cast.manager, organisation=cast.wakefield_council, name="Case system", scopes=READ, at=AT
    )
    deactivate_client(actor=cast.administrator, client=client, at=AT, note="Contract ended")
    entry = Entry.objects.get(verb="client.deactivated")
    assert entry.changes == {"is_active": [True, False]}
    assert (entry.actor_label, entry.note) == ("Administrator", "Contract ended")
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_a_client_cannot_use_the_pages(cast: Cast) -> None:
    """The account it acts through has no password, and the sign-in page takes none for it."""
    client, secret = create_client(
        actor=cast.manager, organisation=cast.wakefield_council, name="Case system", scopes=READ, at=AT
    )
    assert client.user is not None
    client.user.set_password(secret)
    client.user.save()
    response = Client().post("/accounts/login/", {"login": client.user.email, "password": secret})
    assert response.status_code == 200
    assert "_auth_user_id" not in response.client.session
