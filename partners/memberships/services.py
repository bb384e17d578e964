from datetime import date, datetime

from django.core.exceptions import ValidationError

from audit.actors import Actor
from audit.clock import london_date
from audit.policies import forbid
from audit.services import append, writing
from audit.state import state_of
from partners import policies
from partners.accounts.models import User
from partners.accounts.services.users import create_user
from partners.memberships.models import Membership
from partners.organisations.models import Organisation
from partners.partnerships.models import Partnership
from partners.policies import Role


def grant_membership(
    *,
    actor: Actor,
    user: User,
    partnership: Partnership,
    organisation: Organisation,
    role: str,
    starts_on: date,
    at: datetime,
    ends_on: date | None = None,
    alternate: bool = False,
) -> Membership:
    """Give a user one role for one organisation, from a given day.

    Args:
        alternate: the user covers for the organisation's main SPOC.

    Raises:
        PermissionDenied: unless the actor may edit the partnership's reference data; nobody grants their own.
        ValidationError: keyed by field: an organisation of another partnership, a period that ends before it starts,
            a second main SPOC on any day.
    """
    membership = Membership(
        user=user,
        partnership=partnership,
        organisation=organisation,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        alternate=alternate,
    )
    forbid(policies.why_not_grant(actor, membership, london_date(at)))
    with writing(partnership.ledger_id) as ledger:
        membership.full_clean()
        _require_one_main_spoc(membership, field="alternate")
        membership.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="membership.granted", target=membership)
    return membership


def add_person(
    *,
    actor: Actor,
    partnership: Partnership,
    email: str,
    organisation: Organisation,
    role: str,
    starts_on: date,
    at: datetime,
    alternate: bool = False,
    name: str = "",
) -> Membership:
    """Give the person with an email address a role, and open their account when they have none: both, or neither.

    Args:
        name: the job title of a new account.

    Raises:
        PermissionDenied: as `grant_membership`.
        ValidationError: keyed by field: no account, and the actor may not open one; a new account without a job title;
            and as `grant_membership`.
    """
    with writing(partnership.ledger_id):
        user = User.objects.filter(email__iexact=email.strip(), kind=User.Kind.USER).first()
        if user is None:
            if reason := policies.why_not_administer(actor, "open an account"):
                raise ValidationError({"email": f"Nobody has an account with this address. {reason}"})
            if not name.strip():
                raise ValidationError({"name": "Enter the job title of the new account"})
            user = create_user(actor=actor, email=email, name=name.strip(), at=at)
        return grant_membership(
            actor=actor,
            user=user,
            partnership=partnership,
            organisation=organisation,
            role=role,
            alternate=alternate,
            starts_on=starts_on,
            at=at,
        )


def end_membership(*, actor: Actor, membership: Membership, ends_on: date, at: datetime) -> Membership:
    """Set the last day of a membership. Only undoing an import removes one.

    Raises:
        PermissionDenied: unless the actor may edit the partnership's reference data; nobody ends their own.
        ValidationError: the last day is before the first, the membership has already ended, or it would overlap with
            another main SPOC's.
    """
    forbid(policies.why_not_grant(actor, membership, london_date(at)))
    with writing(membership.partnership.ledger_id) as ledger:
        membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
        if membership.ends_on is not None and membership.ends_on < london_date(at):
            raise ValidationError({"ends_on": f"This membership ended on {membership.ends_on:%-d %B %Y}"})
        before = state_of(membership)
        membership.ends_on = ends_on
        membership.full_clean()
        _require_one_main_spoc(membership, field="ends_on")
        membership.save(update_fields=["ends_on"])
        append(actor=actor, ledger=ledger, at=at, verb="membership.ended", target=membership, before=before)
    return membership


def _require_one_main_spoc(membership: Membership, *, field: str) -> None:
    """Raise ValidationError if the organisation would have two main SPOCs on any day. The ledger is locked."""
    if membership.role != Role.SPOC or membership.alternate:
        return
    others = Membership.objects.filter(
        policies.running_within(membership.starts_on, membership.ends_on),
        organisation=membership.organisation_id,
        role=Role.SPOC,
        alternate=False,
    ).exclude(pk=membership.pk)
    other = others.select_related("user", "organisation").order_by("starts_on").first()
    if other is None:
        return
    until = f"until {other.ends_on:%-d %B %Y}" if other.ends_on else "with no last day set"
    raise ValidationError(
        {
            field: f"{other.user} is the main SPOC of {other.organisation} from {other.starts_on:%-d %B %Y} {until}. "
            "Make this person an alternate, or end the other membership first"
        }
    )
