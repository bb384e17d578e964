"""Sessions in the database that end when they are not used, and in any case some hours after the sign-in.

`SESSION_ENGINE` names this module.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.utils import timezone

# Seconds of the clock that sessions use, which a demonstration does not shift.
STARTED_AT, EXTENDED_AT = "started_at", "extended_at"


def start(session: SessionBase, now: datetime) -> None:
    """Note in a session that somebody signs in."""
    session[STARTED_AT] = session[EXTENDED_AT] = int(now.timestamp())


class SessionStore(DatabaseSessions):
    """A session that no use extends beyond `SESSION_HOURS` after its sign-in."""

    @property
    def last_end(self) -> datetime | None:
        """When the session ends however much it is used; None before a sign-in."""
        started = self.get(STARTED_AT)
        if started is None:
            return None
        return datetime.fromtimestamp(started, timezone.get_current_timezone()) + timedelta(
            hours=settings.SESSION_HOURS
        )

    def get_expiry_age(self, **kwargs: Any) -> int:
        age = super().get_expiry_age(**kwargs)
        end = self.last_end
        return age if end is None else max(0, min(age, int((end - timezone.now()).total_seconds())))

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        date: datetime = super().get_expiry_date(**kwargs)
        end = self.last_end
        return date if end is None else min(date, end)
