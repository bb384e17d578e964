"""What the desk keeps: what people set for themselves, what they were told, what climbed, and the words of search."""

from desk.calendar.models import CalendarLink
from desk.escalations.models import Acknowledgement, Escalation, Step
from desk.jobs.models import JobRun
from desk.notices.models import Digest, DigestLine, Frequency, NoticePreference, Weekday
from desk.search.models import SearchWord

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
