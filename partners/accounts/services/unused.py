"""Accounts that nobody uses: announced by email, suspended a week later."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Max

from audit.actors import Actor
from audit.clock import london_date
from audit.policies import forbid, why_not_system
from audit.services import append, system_ledger, writing
from audit.state import state_of
from partners import tasks
from partners.accounts.models import User
from partners.accounts.services.access import end_access

NOTICE = timedelta(days=7)


@dataclass
class Suspensions:
    """How many people were told of their suspension, and how many were suspended."""

    announced: int = 0
    suspended: int = 0


def suspend_unused(*, actor: Actor, at: datetime) -> Suspensions:
    """Suspend the people who have not used their account for `UNUSED_ACCOUNT_DAYS`, and tell them a week before.

    Signing in and using an access token count as use. The last administrator and the emergency
    accounts are never suspended.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    outcome = Suspensions()
    if not settings.UNUSED_ACCOUNT_DAYS:
        return outcome
    on = london_date(at)
    people = User.objects.filter(kind=User.Kind.USER, is_active=True).order_by("pk")
    token_days = dict(people.values_list("pk").annotate(day=Max("personal_tokens__uses__on")))
    for user in people:
        due = _unused_from(user, token_days.get(user.pk))
        if user.suspend_on is None and on >= due - NOTICE:
            _announce(user, max(due, on + NOTICE), actor, at)
            outcome.announced += 1
        elif user.suspend_on is not None and on < due - NOTICE:
            _record(user, "user.suspension_cancelled", actor, at, suspend_on=None)
        elif user.suspend_on is not None and user.suspend_on <= on and not _is_exempt(user):
            _record(user, "user.suspended", actor, at, suspend_on=None, is_active=False)
            tasks.queue_mail(tasks.SUSPENDED, user.pk, at)
            outcome.suspended += 1
    return outcome


def _unused_from(user: User, token_used_on: date | None) -> date:
    """Return the day on which the account counts as unused."""
    signed_in = london_date(user.last_login) if user.last_login else None
    days = (london_date(user.joined_at), signed_in, user.reopened_on, token_used_on)
    return max(day for day in days if day) + timedelta(days=settings.UNUSED_ACCOUNT_DAYS)


def _is_exempt(user: User) -> bool:
    """Return whether the service could not be entered without the account: an emergency account, the last administrator."""
    if user.email.lower() in settings.EMERGENCY_ACCOUNTS:
        return True
    administrators = User.objects.filter(is_staff=True, is_active=True)
    return user.is_staff and not administrators.exclude(pk=user.pk).exists()


def _announce(user: User, day: date, actor: Actor, at: datetime) -> None:
    _record(user, "user.suspension_announced", actor, at, suspend_on=day)
    tasks.queue_mail(tasks.SUSPENSION_ANNOUNCED, user.pk, at)


def _record(user: User, verb: str, actor: Actor, at: datetime, **fields: date | bool | None) -> None:
    with writing(system_ledger().pk) as ledger:
        row = User.objects.select_for_update().get(pk=user.pk)
        before = state_of(row)
        for name, value in fields.items():
            setattr(row, name, value)
        row.save(update_fields=sorted(fields))
        if not row.is_active:
            end_access(actor=actor, user=row)
        append(actor=actor, ledger=ledger, at=at, verb=verb, target=row, before=before)
