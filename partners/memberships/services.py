from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from audit.actors import Actor, Reader
from audit.clock import london_date
from audit.policies import forbid
from audit.services import append, writing
from audit.state import state_of
from partners import policies
from partners.accounts.four_eyes import (
    LAST_DAY,
    MEMBERSHIP,
    ApprovalRequired,
    approval_note,
    is_bound,
    require_approval,
)
from partners.accounts.models import User
from partners.memberships.models import Membership
from partners.organisations.models import Organisation
from partners.partnerships.models import Partnership
from partners.policies import Role
from web.language import day_text

REVIEW_EVERY = timedelta(days=365)


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
    approved_by: Reader | None = None,
) -> Membership:
    """Give a user one role for one organisation, from a given day.

    Args:
        alternate: the user covers for the organisation's main SPOC.
        approved_by: the second administrator, without whom nobody becomes a manager, auditor or board member, and no
            membership begins in the past.

    Raises:
        ApprovalRequired: a second administrator must approve it.
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
        # The first day may be missing until the row is validated.
        review_by=max(filter(None, (starts_on, london_date(at)))) + REVIEW_EVERY,
    )
    on = london_date(at)
    forbid(policies.why_not_grant(actor, membership, on))
    with writing(partnership.ledger_id) as ledger:
        membership.full_clean()
        _require_one_main_spoc(membership, field="alternate")
        _require_separate_auditor(membership)
        if policies.waits_for_approval(role, starts_on, on) and is_bound():
            require_approval(actor, approved_by, _as_request(membership))
        membership.save(force_insert=True)
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb="membership.granted",
            target=membership,
            note=approval_note(approved_by),
        )
    return membership


def end_membership(
    *,
    actor: Actor,
    membership: Membership,
    ends_on: date | None,
    at: datetime,
    approved_by: Reader | None = None,
) -> Membership:
    """Set the last day of a membership, or remove it again. Only undoing an import removes a membership.

    Args:
        ends_on: None for no last day.
        approved_by: the second administrator, without whom a manager, auditor or board member does not stay longer.

    Raises:
        ApprovalRequired: a second administrator must approve it.
        PermissionDenied: unless the actor may edit the partnership's reference data; nobody ends their own.
        ValidationError: the last day is before the first, the membership has already ended, or it would overlap with
            another main SPOC's.
    """
    forbid(policies.why_not_grant(actor, membership, london_date(at)))
    with writing(membership.partnership.ledger_id) as ledger:
        membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
        if membership.ends_on is not None and membership.ends_on < london_date(at):
            raise ValidationError(
                {
                    "ends_on": gettext("This membership ended on {ends_on}").format(
                        ends_on=day_text(membership.ends_on)
                    )
                }
            )
        before, former = state_of(membership), membership.ends_on
        membership.ends_on = ends_on
        membership.full_clean()
        _require_one_main_spoc(membership, field="ends_on")
        _require_separate_auditor(membership)
        if membership.role in policies.NEEDS_APPROVAL and _lasts_longer(former, ends_on) and is_bound():
            require_approval(actor, approved_by, _as_later_day(membership))
        membership.save(update_fields=["ends_on"])
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb="membership.ended",
            target=membership,
            before=before,
            note=approval_note(approved_by),
        )
    return membership


def review_membership(*, actor: Actor, membership: Membership, at: datetime) -> Membership:
    """Record that somebody confirmed that the person still needs the membership. It is due again in a year.

    Raises:
        PermissionDenied: unless the actor may review it.
    """
    forbid(policies.why_not_review(actor, membership, london_date(at)))
    with writing(membership.partnership.ledger_id) as ledger:
        membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
        before = state_of(membership)
        membership.reviewed_on = london_date(at)
        membership.review_by = membership.reviewed_on + REVIEW_EVERY
        membership.review_announced_on = None
        membership.save(update_fields=["reviewed_on", "review_by", "review_announced_on"])
        append(
            actor=actor, ledger=ledger, at=at, verb="membership.reviewed", target=membership, before=before
        )
    return membership


def _lasts_longer(former: date | None, ends_on: date | None) -> bool:
    return former is not None and (ends_on is None or ends_on > former)


def _as_request(membership: Membership) -> ApprovalRequired:
    values = {
        "organisation": membership.organisation_id,
        "role": str(membership.role),
        "alternate": membership.alternate,
        "starts_on": membership.starts_on.isoformat(),
        "ends_on": membership.ends_on.isoformat() if membership.ends_on else None,
    }
    return ApprovalRequired(
        kind=MEMBERSHIP, user=membership.user, values=values, partnership=membership.partnership
    )


def _as_later_day(membership: Membership) -> ApprovalRequired:
    values = {
        "membership": membership.pk,
        "ends_on": membership.ends_on.isoformat() if membership.ends_on else None,
    }
    return ApprovalRequired(
        kind=LAST_DAY, user=membership.user, values=values, partnership=membership.partnership
    )


def _require_separate_auditor(membership: Membership) -> None:
    """Raise ValidationError if the user would be auditor beside another role in the partnership on any day."""
    others = Membership.objects.filter(
        policies.running_within(membership.starts_on, membership.ends_on),
        user=membership.user_id,
        partnership=membership.partnership_id,
    ).exclude(pk=membership.pk)
    others = (
        others.exclude(role=Role.AUDITOR)
        if membership.role == Role.AUDITOR
        else others.filter(role=Role.AUDITOR)
    )
    other = others.first()
    if other is not None:
        raise ValidationError(
            {
                "role": gettext(
                    "{user} is {capacity} in this partnership on some of these days. Nobody is auditor "
                    "beside another role: they would check their own work"
                ).format(user=membership.user, capacity=other.capacity)
            }
        )


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
    until = (
        gettext("until {day}").format(day=day_text(other.ends_on))
        if other.ends_on
        else gettext("with no last day set")
    )
    raise ValidationError(
        {
            field: gettext(
                "{user} is the main SPOC of {organisation} from {starts_on} {until}. Make "
                "this person an alternate, or end the other membership first"
            ).format(
                user=other.user,
                organisation=other.organisation,
                starts_on=day_text(other.starts_on),
                until=until,
            )
        }
    )
