"""What the desk keeps: what people set for themselves, what they were told, and what climbed."""

from desk.models.calendar import CalendarLink
from desk.models.escalations import Acknowledgement, Escalation, Step
from desk.models.jobs import JobRun
from desk.models.notices import Digest, DigestLine, Frequency, NoticePreference, Weekday

__all__ = [
    "Acknowledgement",
    "CalendarLink",
    "Digest",
    "DigestLine",
    "Escalation",
    "Frequency",
    "JobRun",
    "NoticePreference",
    "Step",
    "Weekday",
]
