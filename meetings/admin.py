"""Meetings and minutes in the admin site: read only, and only with a membership that allows it."""

from django.contrib import admin

from meetings.arisings.models import Arising
from meetings.attendance.models import Attendance
from meetings.decisions.models import Decision
from meetings.meetings.models import AgendaItem, Meeting
from meetings.minutes.models import Minute
from partners.admin_site.admin import BusinessAdmin


@admin.register(Meeting)
class MeetingAdmin(BusinessAdmin):
    list_display = ["board", "day", "state", "basis"]
    list_filter = ["state", "basis"]
    list_select_related = ["board"]
    search_fields = ["board__name"]


@admin.register(AgendaItem)
class AgendaItemAdmin(BusinessAdmin):
    list_display = ["meeting", "number", "title", "purpose", "is_private"]
    list_select_related = ["meeting__board"]
    search_fields = ["title"]


@admin.register(Attendance)
class AttendanceAdmin(BusinessAdmin):
    list_display = ["meeting", "organisation", "post", "kind"]
    list_filter = ["kind"]
    list_select_related = ["meeting__board", "organisation"]


@admin.register(Minute)
class MinuteAdmin(BusinessAdmin):
    list_display = ["reference", "board", "kind"]
    list_filter = ["kind"]
    list_select_related = ["board"]
    search_fields = ["reference", "text"]


@admin.register(Decision)
class DecisionAdmin(BusinessAdmin):
    list_display = ["minute", "effect", "subject", "subject_ref", "applied"]
    list_filter = ["effect", "subject"]
    list_select_related = ["minute"]
    search_fields = ["subject_ref"]


@admin.register(Arising)
class ArisingAdmin(BusinessAdmin):
    list_display = ["number", "board", "due", "state"]
    list_filter = ["state"]
    list_select_related = ["board"]
    search_fields = ["text"]
