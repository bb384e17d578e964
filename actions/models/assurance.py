from typing import ClassVar

from django.conf import settings
from django.db import models

from actions.models.actions import Action
from actions.querysets import AssuranceQuerySet
from audit.models import Tracked
from web.text import LongText


class Assurance(Tracked):
    """An auditor's judgement of an action, and the version of the action that was judged."""

    class Opinion(models.TextChoices):
        ASSURED = "assured", "Assured"
        RETURNED = "returned", "Returned"
        CONFIRMED = "confirmed", "Confirmed by a re-test"
        REOPENED = "reopened", "Reopened"

    ledger_path = "action__partnership__ledger"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="assurances")
    opinion = models.CharField(max_length=10, choices=Opinion)
    note = LongText(max_length=2000)
    action_version = models.PositiveIntegerField()
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assurances"
    )
    given_at = models.DateTimeField()
    retest_on = models.DateField(
        "re-test on", null=True, blank=True, help_text="The day on which completion is tested again."
    )

    objects = AssuranceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-given_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.action.ref}: {self.get_opinion_display()}"
