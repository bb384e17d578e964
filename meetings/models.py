"""Meetings of boards, their minutes and what was decided, for Django to find."""

from meetings.arisings.models import Arising
from meetings.attendance.models import Attendance
from meetings.decisions.models import Decision
from meetings.meetings.models import AgendaItem, Meeting
from meetings.minutes.models import Minute

__all__ = ["AgendaItem", "Arising", "Attendance", "Decision", "Meeting", "Minute"]
