from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from actions.models import Action
from audit.models import Tracked
from partners.models import Partnership
from returns.models import Return
from web.text import LongText


class Reminder(Tracked):
    """A programme manager's reminder of a return, or of an update to an action.

    It is mailed once with the next digest, and marks the task in My work until the return or the update comes.
    """

    ledger_path = "partnership__ledger"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+", editable=False)
    action = models.ForeignKey(
        Action, on_delete=models.PROTECT, null=True, blank=True, related_name="reminders"
    )
    report = models.ForeignKey(
        Return, on_delete=models.PROTECT, null=True, blank=True, related_name="reminders"
    )
    message = LongText(max_length=1000, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(action__isnull=False, report=None) | Q(report__isnull=False, action=None),
                name="reminder_about_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Reminder {pk}: {subject}").format(pk=self.pk, subject=self.subject)

    @property
    def subject(self) -> Action | Return:
        subject = self.action or self.report
        assert subject is not None  # the constraint `reminder_about_one_thing`
        return subject
