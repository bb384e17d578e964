from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from audit.actors import Reader
from audit.models import Tracked
from meetings.meetings import states
from meetings.minutes.models import Minute
from web.text import LongText


class DecisionQuerySet(QuerySet["Decision"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(minute__in=Minute.objects.visible_to(user, on))


class Decision(Tracked):
    """What a board decided, in a minute, and what the decision acts on."""

    class Effect(models.TextChoices):
        NOTE = "note", gettext_lazy("Note")
        APPROVE = "approve", gettext_lazy("Approve")
        REJECT = "reject", gettext_lazy("Reject")
        REQUEST = "request", gettext_lazy("Request a report or work")

    Subject = states.Subject

    ledger_path = "minute__item__meeting__board__partnership__ledger"
    constraint_fields = {"decision_subject_is_whole": "subject_ref"}

    minute = models.ForeignKey(Minute, on_delete=models.PROTECT, related_name="decisions")
    effect = models.CharField(max_length=10, choices=Effect)
    wording = LongText(max_length=2000)
    subject = models.CharField(gettext_lazy("acts on"), max_length=14, choices=states.Subject, blank=True)
    subject_ref = models.CharField(gettext_lazy("reference"), max_length=24, blank=True)
    conditions = LongText(max_length=1000, blank=True)
    report_back_on = models.DateField(gettext_lazy("report back by"), null=True, blank=True)
    applied = models.BooleanField(
        default=False,
        editable=False,
        help_text=gettext_lazy("Whether the decision was carried out on what it acts on."),
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["minute", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject="", subject_ref="") | ~Q(subject="") & ~Q(subject_ref=""),
                name="decision_subject_is_whole",
                violation_error_message=gettext_lazy("Enter the reference of what the decision acts on."),
            ),
            models.CheckConstraint(
                condition=Q(applied=False) | ~Q(subject=""), name="decision_applied_to_something"
            ),
        ]

    def __str__(self) -> str:
        of = f" ({self.subject_ref})" if self.subject_ref else ""
        return f"{self.minute}: {self.get_effect_display().lower()}{of}"
