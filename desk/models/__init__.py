"""What the desk keeps: what people set for themselves, what they were told, what climbed, and the words of search."""

from desk.models.calendar import CalendarLink
from desk.models.escalations import Acknowledgement, Escalation, Step
from desk.models.jobs import JobRun
from desk.models.notices import Digest, DigestLine, Frequency, NoticePreference, Weekday
from desk.models.search import SearchWord

__all__ = [
    "Acknowledgement",
    "CalendarLink",
    "Digest",
    "DigestLine",
    "Escalation",
    "Frequency",
    "JobRun",
    "NoticePreference",
    "SearchWord",
    "Step",
    "Weekday",
]
