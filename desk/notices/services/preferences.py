"""When a person is sent a digest, and the signed link that stops it without signing in."""

from datetime import date, datetime, timedelta

from django.core.signing import BadSignature, Signer

from audit.actors import Actor, account_of
from audit.policies import forbid, why_not_person
from audit.services import append, system_ledger, writing
from audit.state import state_of
from desk.notices.models import Frequency, NoticePreference
from partners.models import User

FIELDS = ("frequency", "weekday", "first_reminder", "last_reminder")
SATURDAY = 5


def preference_of(*, user: User) -> NoticePreference:
    """Return the person's settings, or the defaults as an unsaved row."""
    if "notice_preference" in user._state.fields_cache:
        return user.notice_preference if hasattr(user, "notice_preference") else NoticePreference(user=user)
    return NoticePreference.objects.filter(user=user).first() or NoticePreference(user=user)


def save_preference(
    *,
    actor: Actor,
    frequency: str,
    at: datetime,
    weekday: int | None = None,
    first_reminder: int | None = None,
    last_reminder: int | None = None,
) -> NoticePreference:
    """Set when the actor is sent a digest and reminders; omitted settings stay as they are.

    Args:
        weekday: the day of a weekly digest, Monday is 0.
        first_reminder: days before a due date; `last_reminder` must be fewer.

    Raises:
        PermissionDenied: unless the actor is a person.
        ValidationError: keyed by field.
    """
    forbid(why_not_person(actor))
    settings = zip(FIELDS, (frequency, weekday, first_reminder, last_reminder), strict=True)
    with writing(system_ledger().pk) as ledger:
        row = preference_of(user=account_of(actor))
        before = state_of(row) if row.pk else None
        for name, value in settings:
            if value is not None:
                setattr(row, name, value)
        row.full_clean(exclude=["user"])
        if before is not None and before == state_of(row):
            return row
        row.save()
        append(actor=actor, ledger=ledger, at=at, verb="notice_preference.set", target=row, before=before)
    return row


def stop_digests(*, actor: Actor, at: datetime) -> NoticePreference:
    """Send the actor no more digests.

    Raises:
        PermissionDenied: unless the actor is a person.
    """
    return save_preference(actor=actor, frequency=Frequency.NEVER, at=at)


def person_in_link(*, token: str) -> User | None:
    """Return the person in an unsubscribe link; None when it is forged or the account is closed."""
    try:
        pk = _signer().unsign(token)
    except BadSignature:
        return None
    return User.objects.filter(pk=pk, kind=User.Kind.USER, is_active=True).first()


def token_for(user: User) -> str:
    return _signer().sign(str(user.pk))


def is_mail_day(preference: NoticePreference, day: date) -> bool:
    """Say whether the person wants a digest on the day."""
    match preference.frequency:
        case Frequency.DAILY:
            return True
        case Frequency.WEEKDAYS:
            return day.weekday() < SATURDAY
        case Frequency.WEEKLY:
            return day.weekday() == preference.weekday
        case _:
            return False


def may_go_out(preference: NoticePreference, day: date) -> bool:
    """Say whether a digest may be sent on the day, also to replace a weekly one that may be lost."""
    return is_mail_day(preference, day) or (
        preference.frequency == Frequency.WEEKLY and day.weekday() < SATURDAY
    )


def next_mail_day(preference: NoticePreference, day: date) -> date:
    """Return the first mail day after a day; without any, the day after."""
    following = (day + timedelta(days=ahead) for ahead in range(1, 8))
    return next((one for one in following if is_mail_day(preference, one)), day + timedelta(days=1))


def _signer() -> Signer:
    return Signer(salt="desk.notices.unsubscribe")
