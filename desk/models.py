"""The models of the desk: calendar links, notices, escalations, reminders, daily jobs and search words."""

from desk.calendar.models import CalendarLink
from desk.escalations.models import Acknowledgement, Escalation, Step
from desk.jobs.models import Heartbeat, JobRun
from desk.my_work.models import LastLook
from desk.notices.models import Digest, DigestLine, Frequency, NoticePreference, Weekday
from desk.reminders.models import Reminder
from desk.search.models import SearchWord

__all__ = [
    "Acknowledgement",
    "CalendarLink",
    "Digest",
    "DigestLine",
    "Escalation",
    "Frequency",
    "Heartbeat",
    "JobRun",
    "LastLook",
    "NoticePreference",
    "Reminder",
    "SearchWord",
    "Step",
    "Weekday",
]
