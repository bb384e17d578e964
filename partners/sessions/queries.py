"""A person's sessions, as they are shown to them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from partners.accounts.models import User
from web.browsers import browser_name
from web.sessions import EXTENDED_AT


@dataclass(frozen=True)
class OpenSession:
    """Where and since when somebody is signed in."""

    pk: int
    since: datetime
    last_seen: datetime
    address: str
    browser: str
    is_current: bool


def open_sessions(user: User, current_key: str | None) -> list[OpenSession]:
    """Return the user's sessions that have not ended, the latest used first.

    Args:
        current_key: the key of the session in which they are shown.
    """
    rows = {row.session_key: row for row in UserSession.objects.filter(user=user)}
    stored = Session.objects.filter(pk__in=rows, expire_date__gt=timezone.now())
    sessions = [_shown(rows[session.pk], session, session.pk == current_key) for session in stored]
    return sorted(sessions, key=lambda session: (session.is_current, session.last_seen), reverse=True)


def _shown(row: UserSession, session: Session, is_current: bool) -> OpenSession:
    extended = session.get_decoded().get(EXTENDED_AT)
    return OpenSession(
        pk=row.pk,
        since=row.created_at,
        last_seen=datetime.fromtimestamp(extended, UTC) if extended else row.last_seen_at,
        address=row.ip,
        browser=browser_name(row.user_agent),
        is_current=is_current,
    )
