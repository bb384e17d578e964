"""Jobs and emails for operators: their results, never their contents."""

from django.contrib import admin

from audit.admin import ReadOnlyAdmin
from desk.jobs.models import Heartbeat, JobRun
from desk.notices.models import Digest


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    list_display = ["day", "job", "state", "attempts", "queued_at", "finished_at", "result"]
    list_filter = ["state", "job"]


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ["kind", "name", "at"]


@admin.register(Digest)
class DigestAdmin(ReadOnlyAdmin):
    list_display = ["day", "user", "state", "attempts", "sending_at", "sent_at"]
    list_filter = ["state"]
    list_select_related = ["user"]
    exclude = ["subject"]
