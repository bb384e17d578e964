import secrets
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.text import slugify

from audit.actors import SYSTEM
from audit.clock import london_date
from audit.services import append, writing
from audit.state import state_of
from partners import policies
from partners.accounts.models import User
from partners.accounts.services.users import create_user
from partners.clients.models import ApiClient
from partners.clients.services.secrets import add_secret, drop_tokens
from partners.memberships.services import grant_membership
from partners.organisations.models import Organisation
from partners.policies import Role
from partners.scopes import SCOPES

LONGEST_NAME = 100


def create_client(
    *, actor: Any, organisation: Organisation, name: str, scopes: list[str], at: datetime
) -> tuple[ApiClient, str]:
    """Register a partner's system and return it with its secret, which is stored hashed and shown only here.

    The client acts through an account of its own that holds a partner contact's membership for the organisation,
    so a system and a person of that organisation have the same reach.

    Raises:
        PermissionDenied: unless the actor is an administrator or the partnership's programme manager.
        ValidationError: keyed by field: a scope that does not exist, no name or one already taken in the organisation.
    """
    on = london_date(at)
    if not policies.may_edit_reference(actor, organisation.partnership_id, on):
        raise PermissionDenied("Only an administrator or the programme manager can register an API client.")
    name = name.strip()
    if not name:
        raise ValidationError({"name": "Enter a name for the system."})
    _require_scopes(scopes)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise ValidationError({"name": f"Give the system a name of up to {LONGEST_NAME} characters."})
    with writing(organisation.partnership.ledger_id) as ledger:
        if ApiClient.objects.filter(organisation=organisation, name=name).exists():
            raise ValidationError({"name": f"{organisation} already has an API client called “{name}”."})
        account = _open_account(organisation, name, at)
        client = ApiClient(
            name=name,
            partnership=organisation.partnership,
            organisation=organisation,
            user=account,
            scopes=" ".join(sorted(set(scopes))),
            client_type=ApiClient.CLIENT_CONFIDENTIAL,
            authorization_grant_type=ApiClient.GRANT_CLIENT_CREDENTIALS,
        )
        client.full_clean()
        client.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="client.created", target=client)
        _, secret = add_secret(actor=actor, client=client, ledger=ledger, at=at)
    return client, secret


def change_scopes(
    *, actor: Any, client: ApiClient, scopes: list[str], at: datetime, note: str = ""
) -> ApiClient:
    """Set what a client may ask for. Where that takes a scope away, its tokens end at once.

    Raises:
        PermissionDenied: unless the actor is an administrator or the partnership's programme manager.
        ValidationError: keyed by field: a scope that does not exist; code `state` where the client is stopped.
    """
    if not policies.may_edit_reference(actor, client.partnership_id, london_date(at)):
        raise PermissionDenied(
            "Only an administrator or the programme manager can change what an API client may do."
        )
    _require_scopes(scopes)
    with writing(client.partnership.ledger_id) as ledger:
        client = ApiClient.objects.select_for_update(of=("self",)).get(pk=client.pk)
        _require_running(client)
        before, had = state_of(client), set(client.scopes.split())
        if had == set(scopes):
            return client
        client.scopes = " ".join(sorted(set(scopes)))
        client.save(update_fields=["scopes", "updated"])
        if not had <= set(scopes):
            drop_tokens(actor=actor, client=client)
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb="client.scopes_changed",
            target=client,
            before=before,
            note=note,
        )
    return client


def deactivate_client(*, actor: Any, client: ApiClient, at: datetime, note: str = "") -> ApiClient:
    """Stop a client for good: it gets no token, and those it has end at once.

    Raises:
        PermissionDenied: unless the actor is an administrator or the partnership's programme manager.
        ValidationError: code `state`, where it is stopped already.
    """
    if not policies.may_edit_reference(actor, client.partnership_id, london_date(at)):
        raise PermissionDenied("Only an administrator or the programme manager can stop an API client.")
    with writing(client.partnership.ledger_id) as ledger:
        client = ApiClient.objects.select_for_update(of=("self",)).get(pk=client.pk)
        _require_running(client)
        before = state_of(client)
        client.is_active = False
        client.save(update_fields=["is_active", "updated"])
        drop_tokens(actor=actor, client=client)
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb="client.deactivated",
            target=client,
            before=before,
            note=note,
        )
    return client


def _require_scopes(scopes: list[str]) -> None:
    if not scopes or not set(scopes) <= SCOPES.keys():
        raise ValidationError({"scopes": f"Choose from: {', '.join(SCOPES)}."})


def _require_running(client: ApiClient) -> None:
    if not client.is_active:
        raise ValidationError(
            "This client is stopped already. A system that comes back is registered again.", code="state"
        )


def _open_account(organisation: Organisation, name: str, at: datetime) -> User:
    """Open the account the client acts through; the system does, on the strength of the registration."""
    address = f"{slugify(name)[:40] or 'client'}.{secrets.token_hex(6)}@clients.invalid"
    account = create_user(
        actor=SYSTEM, email=address, name=f"{name} (API client)", at=at, kind=User.Kind.CLIENT
    )
    grant_membership(
        actor=SYSTEM,
        user=account,
        partnership=organisation.partnership,
        organisation=organisation,
        role=Role.PARTNER_CONTACT,
        starts_on=london_date(at),
        at=at,
    )
    return account
