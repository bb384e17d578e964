"""Sessions in the database that end when they are not used, and in any case some hours after the sign-in.

`SESSION_ENGINE` names this module.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.db import OperationalError
from django.utils import timezone

# Seconds of the clock that sessions use, which a demonstration does not shift.
STARTED_AT, EXTENDED_AT = "started_at", "extended_at"


def start(session: SessionBase, now: datetime) -> None:
    """Note in a session that somebody signs in."""
    session[STARTED_AT] = session[EXTENDED_AT] = int(now.timestamp())


def extend(session: Any, now: int) -> None:
    """Note in a session that it is used.

    Args:
        now: seconds of the clock that sessions use.
    """
    session.is_only_extended = not session.modified
    session[EXTENDED_AT] = now


class SessionStore(DatabaseSessions):
    """A session that no use extends beyond `SESSION_HOURS` after its sign-in.

    Attributes:
        is_only_extended: whether nothing in it changed but the time of its last use.
    """

    is_only_extended = False

    def save(self, must_create: bool = False) -> None:
        """Save the session. If it is only extended and the database is busy, leave that to its next use.

        Raises:
            UpdateError: the session was ended meanwhile.
            OperationalError: the database is busy or does not answer, which Django takes for an ended session.
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            fault = error.__context__
            if not isinstance(fault, OperationalError):
                raise
            if not self.is_only_extended:
                raise fault from fault.__cause__

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
