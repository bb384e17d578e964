import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext

from audit.actors import SYSTEM, Actor, account_of
from audit.clock import london_date
from audit.policies import forbid
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
from partners.scopes import PROVISIONING, SCOPES

LONGEST_NAME = 100


def create_client(
    *, actor: Actor, organisation: Organisation, name: str, scopes: list[str], at: datetime
) -> tuple[ApiClient, str]:
    """Register a partner's system and return it with a secret, which the actor then knows.

    For commands on the server. On the pages nobody but the organisation sees its secret: see `send_link`.

    Raises:
        PermissionDenied, ValidationError: as `register_client`.
    """
    with writing(organisation.partnership.ledger_id) as ledger:
        client = register_client(actor=actor, organisation=organisation, name=name, scopes=scopes, at=at)
        holder = account_of(actor) if actor.actor_type != "system" else None
        _, secret = add_secret(actor=actor, client=client, ledger=ledger, at=at, created_by=holder)
    return client, secret


def register_client(
    *, actor: Actor, organisation: Organisation, name: str, scopes: list[str], at: datetime
) -> ApiClient:
    """Register a partner's system. It has no secret yet.

    The client acts through its own account, which has a partner contact's membership for the organisation. So it
    sees what a partner contact there sees.

    Raises:
        PermissionDenied: unless the actor is an administrator or the partnership's programme manager.
        ValidationError: keyed by field: a scope that does not exist, no name or one already taken in the organisation.
    """
    on = london_date(at)
    forbid(
        policies.why_not_edit_reference(
            actor, organisation.partnership_id, on, gettext("register an API client")
        )
    )
    name = name.strip()
    if not name:
        raise ValidationError({"name": gettext("Enter the name of the system")})
    _require_scopes(actor, scopes)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise ValidationError(
            {
                "name": gettext("Name of the system must be {longest_name} characters or fewer").format(
                    longest_name=LONGEST_NAME
                )
            }
        )
    with writing(organisation.partnership.ledger_id) as ledger:
        if ApiClient.objects.filter(organisation=organisation, name=name).exists():
            raise ValidationError(
                {
                    "name": gettext(
                        "{organisation} already has an API client called “{name}”. Choose another name"
                    ).format(organisation=organisation, name=name)
                }
            )
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
    return client


def change_scopes(
    *, actor: Actor, client: ApiClient, scopes: list[str], at: datetime, note: str = ""
) -> ApiClient:
    """Set the scopes a client can request. Removing one also deletes the client's tokens.

    Raises:
        PermissionDenied: unless the actor is an administrator or the partnership's programme manager.
        ValidationError: keyed by field: a scope that does not exist; code `state` if the client is stopped.
    """
    forbid(policies.why_not_change_client(actor, client, london_date(at)))
    _require_scopes(actor, scopes)
    with writing(client.partnership.ledger_id) as ledger:
        client = ApiClient.objects.select_for_update(of=("self",)).get(pk=client.pk)
        _require_running(client)
        before, current = state_of(client), set(client.scopes.split())
        if current == set(scopes):
            return client
        client.scopes = " ".join(sorted(set(scopes)))
        client.save(update_fields=["scopes", "updated"])
        if not current <= set(scopes):
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


def deactivate_client(*, actor: Actor, client: ApiClient, at: datetime, note: str = "") -> ApiClient:
    """Stop a client permanently: it gets no more tokens, and its current ones are deleted.

    Raises:
        PermissionDenied: unless the actor is an administrator or the partnership's programme manager.
        ValidationError: code `state`, if it is already stopped.
    """
    forbid(policies.why_not_change_client(actor, client, london_date(at)))
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


def _require_scopes(actor: Actor, scopes: list[str]) -> None:
    """Raise ValidationError for a scope that does not exist, or that the actor may not give."""
    scopes_to_give = {*SCOPES, PROVISIONING} if not policies.why_not_administer(actor) else SCOPES.keys()
    if not scopes or not set(scopes) <= scopes_to_give:
        raise ValidationError({"scopes": gettext("Choose from: {scopes}").format(scopes=", ".join(SCOPES))})


def _require_running(client: ApiClient) -> None:
    if not client.is_active:
        raise ValidationError(
            gettext("This client is already stopped. To use the system again, register it again"),
            code="state",
        )


def _open_account(organisation: Organisation, name: str, at: datetime) -> User:
    """Create the client's account. The actor is the system: a programme manager cannot create accounts."""
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
