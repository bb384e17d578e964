"""Request, approve, reject and withdraw a change to somebody's access."""

from contextlib import ExitStack
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext

from audit.actors import Actor, account_of
from audit.clock import london_date
from audit.policies import forbid
from audit.services import append, system_ledger, writing
from audit.state import state_of
from partners import policies
from partners.accounts.four_eyes import FACTOR, SIGN_ON, ApprovalRequired
from partners.accounts.models import User
from partners.accounts.services.users import change_user
from partners.approvals.models import ChangeRequest
from partners.approvals.queries import last_day, why_mutual
from partners.memberships.models import Membership
from partners.memberships.services import end_membership, grant_membership
from partners.organisations.models import Organisation
from partners.second_factor.services import reset_factor
from partners.single_sign_on.services import link_identity
from web.language import day_text

Kind, State = ChangeRequest.Kind, ChangeRequest.State


def request_change(
    *, actor: Actor, needed: ApprovalRequired, at: datetime, reason: str = ""
) -> ChangeRequest:
    """Record a change that waits for a second administrator.

    Args:
        needed: the change, as the service that refused to make it described it.

    Raises:
        PermissionDenied: the actor may not even request it.
        ValidationError: it waits already.
    """
    on = london_date(at)
    forbid(_why_not_request(actor, needed, on))
    change = ChangeRequest(
        kind=needed.kind,
        user=needed.user,
        partnership=needed.partnership,
        values=needed.values,
        reason=reason.strip(),
        requested_by=account_of(actor),
        requested_at=at,
        lapses_on=last_day(on),
    )
    with writing(system_ledger().pk) as ledger:
        # One that lapsed makes room for the same request again.
        for lapsed in ChangeRequest.objects.filter(user=needed.user, state=State.WAITING, lapses_on__lt=on):
            _decide(actor, lapsed, State.WITHDRAWN, gettext("It lapsed"), at)
        change.full_clean()
        change.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="change.requested", target=change, note=change.reason)
    return change


def request_access(
    *, actor: Actor, kind: str, email: str, reason: str, at: datetime, subject: str = ""
) -> ChangeRequest:
    """Request the reset of a person's second factor, or a link of their account to the identity provider.

    Args:
        kind: FACTOR or SIGN_ON.
        email: of the person's account.
        subject: the provider's id of the person, for SIGN_ON.

    Raises:
        PermissionDenied: unless the actor is an administrator; also for their own account.
        ValidationError: keyed by field.
    """
    forbid(policies.why_not_administer(actor, gettext("request this")))
    user = User.objects.filter(email__iexact=email.strip(), kind=User.Kind.USER, is_active=True).first()
    if user is None:
        raise ValidationError({"email": gettext("There is no active account with this email address")})
    values: dict[str, Any] = {}
    if kind == SIGN_ON:
        if not subject.strip():
            raise ValidationError({"subject": gettext("Enter the provider's id of the person")})
        values = {"issuer": settings.OIDC_ISSUER, "subject": subject.strip()}
    needed = ApprovalRequired(kind=kind, user=user, values=values)
    return request_change(actor=actor, needed=needed, at=at, reason=reason)


def approve_change(*, actor: Actor, change: ChangeRequest, at: datetime, reason: str = "") -> ChangeRequest:
    """Approve a change and make it, in the name of whoever requested it.

    Raises:
        PermissionDenied: unless the actor is an administrator who neither requested it nor is it about.
        ValidationError: it was decided or has lapsed, is mutual, or is no longer possible.
    """
    with ExitStack() as stack:
        if change.partnership is not None:
            # The order in which an import of people takes the two ledgers.
            stack.enter_context(writing(change.partnership.ledger_id))
        stack.enter_context(writing(system_ledger().pk))
        change = _open_change(actor, change, at)
        change = _decide(actor, change, State.APPROVED, reason, at)
        try:
            _make(change, account_of(actor), at)
        except PermissionDenied as error:
            raise ValidationError(str(error), code="state") from error
    return change


def reject_change(*, actor: Actor, change: ChangeRequest, at: datetime, reason: str) -> ChangeRequest:
    """Reject a change. Nothing is changed but the request.

    Raises:
        PermissionDenied: unless the actor is an administrator who neither requested it nor is it about.
        ValidationError: there is no reason, or it was decided or has lapsed.
    """
    if not reason.strip():
        raise ValidationError({"reason": gettext("Enter why you reject it")})
    with writing(system_ledger().pk):
        return _decide(actor, _open_change(actor, change, at), State.REJECTED, reason, at)


def withdraw_change(*, actor: Actor, change: ChangeRequest, at: datetime) -> ChangeRequest:
    """Withdraw a request.

    Raises:
        PermissionDenied: unless the actor requested it.
        ValidationError: code `state`, when it was decided.
    """
    forbid(policies.why_not_withdraw_change(actor, change))
    with writing(system_ledger().pk):
        change = ChangeRequest.objects.select_for_update(of=("self",)).get(pk=change.pk)
        _require_waiting(change)
        return _decide(actor, change, State.WITHDRAWN, "", at)


def _why_not_request(actor: Actor, needed: ApprovalRequired, on: date) -> str:
    if needed.kind in {Kind.MEMBERSHIP, Kind.LAST_DAY}:
        membership = Membership(user=needed.user, partnership=needed.partnership)
        return policies.why_not_grant(actor, membership, on)
    if needed.kind == Kind.ACCOUNT:
        return policies.why_not_change_account(actor, needed.user, needed.values)
    return policies.why_not_request_access(actor, needed.user)


def _membership(user: User, partnership: Any, values: dict[str, Any]) -> Membership:
    last = values["ends_on"]
    return Membership(
        user=user,
        partnership=partnership,
        organisation=Organisation.objects.get(pk=values["organisation"]),
        role=values["role"],
        alternate=values["alternate"],
        starts_on=date.fromisoformat(values["starts_on"]),
        ends_on=date.fromisoformat(last) if last else None,
    )


def _open_change(actor: Actor, change: ChangeRequest, at: datetime) -> ChangeRequest:
    """Lock a request that the actor may decide, and read it again."""
    rows = ChangeRequest.objects.select_for_update(of=("self",))
    change = rows.select_related("user", "requested_by", "partnership").get(pk=change.pk)
    forbid(policies.why_not_approve(actor, change.requested_by_id, change.user_id))
    _require_waiting(change)
    if change.is_lapsed(london_date(at)):
        raise ValidationError(
            gettext("This request lapsed after {lapses_on}. Request it again.").format(
                lapses_on=day_text(change.lapses_on)
            ),
            code="state",
        )
    if reason := why_mutual(actor, change):
        raise ValidationError(reason, code="state")
    return change


def _require_waiting(change: ChangeRequest) -> None:
    if change.state != State.WAITING:
        raise ValidationError(
            gettext("This request is {get_state_display} already.").format(
                get_state_display=change.get_state_display().lower()
            ),
            code="state",
        )


def _decide(actor: Actor, change: ChangeRequest, state: str, reason: str, at: datetime) -> ChangeRequest:
    before = state_of(change)
    change.state, change.decided_by, change.decided_at = state, account_of(actor), at
    change.decision_reason = reason.strip()
    change.full_clean()
    change.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    append(
        actor=actor,
        ledger=system_ledger(),
        at=at,
        verb=f"change.{state}",
        target=change,
        before=before,
        note=change.decision_reason,
    )
    return change


def _make(change: ChangeRequest, approver: User, at: datetime) -> None:
    how: dict[str, Any] = {"actor": change.requested_by, "approved_by": approver, "at": at}
    if change.kind == Kind.LAST_DAY:
        membership = Membership.objects.select_related("partnership", "user").get(
            pk=change.values["membership"]
        )
        last = change.values["ends_on"]
        end_membership(**how, membership=membership, ends_on=date.fromisoformat(last) if last else None)
        return
    who = how | {"user": change.user}
    if change.kind == Kind.ACCOUNT:
        change_user(**who, **change.values)
    elif change.kind == FACTOR:
        reset_factor(**who)
    elif change.kind == SIGN_ON:
        link_identity(**who, **change.values)
    else:
        membership = _membership(change.user, change.partnership, change.values)
        names = ("partnership", "organisation", "role", "alternate", "starts_on", "ends_on")
        grant_membership(**who, **{name: getattr(membership, name) for name in names})
