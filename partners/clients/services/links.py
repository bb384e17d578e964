"""One-time links to the secrets of API clients: sent by the manager, used by the organisation.

The secret is created when the link is used, so that nobody else ever sees it.
"""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext

from audit.actors import Actor, account_of
from audit.clock import LONDON, london_date
from audit.models import Ledger
from audit.policies import forbid
from audit.services import append, writing
from audit.state import state_of
from partners import policies
from partners.accounts.models import User
from partners.clients.models import ApiClient, ClientSecret, SecretLink
from partners.clients.policies import why_not_receive_secret
from partners.clients.services.secrets import add_secret, drop_tokens, expire_secret
from partners.clients.tasks import send_secret_link
from partners.memberships.models import Membership
from web.language import day_text, lazy_text

# Enough time to roll out a new setting; an old secret must not work for ever.
LONGEST_OVERLAP_DAYS = 90
# The current secret and its replacement.
MOST_RUNNING = 2
ASK_AGAIN = lazy_text("Ask the programme manager for a new link.")


def send_link(
    *,
    actor: Actor,
    client: ApiClient,
    email: str,
    at: datetime,
    former_until: date | None = None,
    note: str = "",
) -> SecretLink:
    """Mail a link by which somebody at the organisation creates a secret. It ends an earlier link.

    Args:
        email: of a person of the organisation. Any other address is allowed, but then the actor counts among those
            who have seen the secret.
        former_until: the last day on which the present secret works too. Without a day it expires now, and the
            client's tokens with it.

    Raises:
        PermissionDenied: unless the actor is an administrator or the partnership's programme manager.
        ValidationError: keyed by field: an address of somebody who decides on requests, a day in the past or more
            than 90 days ahead; code `state` if the client is stopped or two secrets already work.
    """
    on = london_date(at)
    forbid(policies.why_not_change_client(actor, client, on))
    if former_until is not None:
        _require_near(former_until, on)
    with writing(client.partnership.ledger_id) as ledger:
        client = ApiClient.objects.select_for_update(of=("self",)).get(pk=client.pk)
        if not client.is_active:
            raise ValidationError(gettext("You cannot create a secret for a stopped client"), code="state")
        holder = _person_with(email)
        if holder is not None and (reason := why_not_receive_secret(holder, client.partnership_id, on)):
            raise ValidationError({"email": reason})
        running = list(client.secrets.running(at).select_for_update(of=("self",)))
        if former_until is None:
            for former in running:
                expire_secret(actor=actor, secret=former, ends_at=at, ledger=ledger, at=at, note=note)
            drop_tokens(actor=actor, client=client)
        elif len(running) >= MOST_RUNNING:
            raise ValidationError(
                gettext("This client already has {number} active secrets. Revoke one of them first").format(
                    number=len(running)
                ),
                code="state",
            )
        for earlier in client.secret_links.open():
            _end_link(actor, earlier, "client.secret_link_withdrawn", ledger, at, withdrawn_at=at)
        link = SecretLink(
            client=client,
            email=email.strip(),
            recipient=people_of(client=client, on=on).filter(pk=holder.pk).first() if holder else None,
            created_at=at,
            created_by=account_of(actor),
            ends_at=at + timedelta(hours=settings.SECRET_LINK_HOURS),
            former_until=former_until,
            access_version=User.objects.access_version(client.user_id),
        )
        link.full_clean()
        link.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="client.secret_link_sent", target=link, note=note)
        send_secret_link.enqueue(link_id=link.pk)
    return link


def withdraw_link(*, actor: Actor, link: SecretLink, at: datetime) -> SecretLink:
    """Withdraw a link that nobody has used.

    Raises:
        PermissionDenied: unless the actor is an administrator or the partnership's programme manager.
        ValidationError: code `state`, if it was used or withdrawn already.
    """
    forbid(policies.why_not_change_client(actor, link.client, london_date(at)))
    with writing(link.client.partnership.ledger_id) as ledger:
        link = SecretLink.objects.select_for_update().get(pk=link.pk)
        if link.claimed_at or link.withdrawn_at:
            raise ValidationError(gettext("This link has already been used or withdrawn"), code="state")
        return _end_link(actor, link, "client.secret_link_withdrawn", ledger, at, withdrawn_at=at)


def claim_secret(*, actor: Actor, link: SecretLink, at: datetime) -> tuple[ClientSecret, str]:
    """Use a link: create the client's secret and return it with its text, which is not stored.

    Args:
        actor: whoever is signed in, else the client's own account.

    Raises:
        PermissionDenied: the actor is a person who must not have the secret.
        ValidationError: code `state`, if the link was used, replaced or withdrawn, has expired, or its client is stopped.
    """
    is_person = actor.actor_type == User.Kind.USER
    if is_person:
        forbid(why_not_receive_secret(account_of(actor), link.client.partnership_id, london_date(at)))
    with writing(link.client.partnership.ledger_id) as ledger:
        link = (
            SecretLink.objects.select_for_update(of=("self",)).select_related("client__user").get(pk=link.pk)
        )
        if reason := why_not_claim(link=link, at=at):
            raise ValidationError(reason, code="state")
        link = _end_link(actor, link, "client.secret_link_used", ledger, at, claimed_at=at)
        # Whoever has the mailbox has seen the secret, even if they did not sign in.
        holder = account_of(actor) if is_person else _person_with(link.email)
        for former in link.client.secrets.running(at).select_for_update(of=("self",)):
            ends_at = max(at, _midnight_after(link.former_until)) if link.former_until else at
            expire_secret(actor=actor, secret=former, ends_at=ends_at, ledger=ledger, at=at)
        return add_secret(actor=actor, client=link.client, ledger=ledger, at=at, created_by=holder, link=link)


def why_not_claim(*, link: SecretLink, at: datetime) -> str:
    """Return why a link does not work, and what to do; empty if it does."""
    if link.claimed_at:
        return gettext(
            "This link has been used, and it works only once. If it was not you who used it, tell the programme manager "
            "now: somebody else may have the secret."
        )
    if link.withdrawn_at:
        return gettext(
            "This link was withdrawn. Use the link in a newer email, if you have one. {ask_again}"
        ).format(ask_again=ASK_AGAIN)
    if not link.client.is_active or link.access_version != User.objects.access_version(link.client.user_id):
        return gettext("The access of this system was stopped. Ask the programme manager.")
    return (
        gettext("This link has expired. {ask_again}").format(ask_again=ASK_AGAIN)
        if link.ends_at <= at
        else ""
    )


def people_of(*, client: ApiClient, on: date) -> QuerySet[User]:
    """Return the people of the client's organisation on a day, by name."""
    members = Membership.objects.running(on).filter(organisation=client.organisation_id)
    people = User.objects.filter(kind=User.Kind.USER, is_active=True, pk__in=members.values("user"))
    return people.order_by("name", "pk")


def _person_with(email: str) -> User | None:
    return User.objects.filter(kind=User.Kind.USER, email__iexact=email.strip()).first()


def _end_link(
    actor: Actor, link: SecretLink, verb: str, ledger: Ledger, at: datetime, **fields: datetime
) -> SecretLink:
    before = state_of(link)
    for name, value in fields.items():
        setattr(link, name, value)
    link.full_clean()
    link.save(update_fields=sorted(fields))
    append(actor=actor, ledger=ledger, at=at, verb=verb, target=link, before=before)
    return link


def _require_near(day: date, today: date) -> None:
    last = today + timedelta(days=LONGEST_OVERLAP_DAYS)
    if not today <= day <= last:
        raise ValidationError(
            {
                "former_until": gettext(
                    "Last day of the current secret must be between today and {last}"
                ).format(last=day_text(last))
            }
        )


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), LONDON)
