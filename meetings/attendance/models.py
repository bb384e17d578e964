from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, gettext_lazy

from audit.actors import Reader
from audit.models import Tracked
from meetings.meetings.models import Meeting
from partners.models import Organisation


class AttendanceQuerySet(QuerySet["Attendance"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(meeting__in=Meeting.objects.visible_to(user, on))

    def counted(self) -> Self:
        """Keep those who count towards the quorum."""
        return self.filter(kind__in=Attendance.COUNTED)


class Attendance(Tracked):
    """Whether an organisation's post came to a meeting. No names of people."""

    class Kind(models.TextChoices):
        PRESENT = "present", gettext_lazy("Present")
        SUBSTITUTE = "substitute", gettext_lazy("Substitute came")
        APOLOGIES = "apologies", gettext_lazy("Apologies")
        ABSENT = "absent", gettext_lazy("Absent")
        IN_ATTENDANCE = "in_attendance", gettext_lazy("In attendance")

    COUNTED = (Kind.PRESENT, Kind.SUBSTITUTE)
    """Members who count towards the quorum; who is only in attendance does not."""

    ledger_path = "meeting__board__partnership__ledger"
    constraint_fields = {"attendance_substitute_named": "substitute"}

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=120, help_text=gettext_lazy("The post, not a name."))
    kind = models.CharField(gettext_lazy("attendance"), max_length=14, choices=Kind)
    substitute = models.CharField(
        gettext_lazy("post of the substitute"),
        max_length=120,
        blank=True,
        help_text=gettext_lazy("The post, not a name."),
    )

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "organisation__name", "post"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "organisation", "post"],
                name="attendance_once",
                violation_error_message=gettext_lazy("The attendance of this post is recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(kind="substitute") | Q(substitute=""),
                name="attendance_substitute_named",
                violation_error_message=gettext_lazy("Leave this empty unless a substitute came."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post}, {self.organisation}: {self.get_kind_display().lower()}"

    def clean(self) -> None:
        if self.organisation.partnership_id != self.meeting.partnership_id:
            raise ValidationError({"organisation": gettext("Select an organisation in this partnership")})
