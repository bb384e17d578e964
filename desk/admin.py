"""Jobs and emails for operators: their results, never their contents."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from desk.jobs.models import Heartbeat, JobRun
from desk.notices.models import Digest
from partners.admin_site.admin import ReadOnlyAdmin
from partners.admin_site.queries import chosen_partnership
from partners.models import Membership


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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Digest]:
        """Return the emails to people who have or had a role in the partnership that the administrator chose."""
        people = Membership.objects.filter(partnership=chosen_partnership(request)).values("user")
        return Digest.objects.filter(user__in=people)
