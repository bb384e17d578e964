from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from actions.core.models import Action, ActionChildQuerySet
from actions.core.states import State
from audit.models import Tracked
from standards import rag as ratings
from web.language import month_text, period_text
from web.text import LongText
from web.wording import RATING_CHOICES


class ProgressUpdate(Tracked):
    """A progress update for a reporting period. It never changes; a later one may correct it."""

    ledger_path = "action__partnership__ledger"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="updates")
    period = models.DateField(help_text=gettext_lazy("First day of the reporting period."))
    state = models.CharField(gettext_lazy("status"), max_length=20, choices=State)
    narrative = LongText(gettext_lazy("what was done"), max_length=4000)
    next_steps = LongText(gettext_lazy("what happens next"), max_length=2000, blank=True)
    rag = models.CharField(gettext_lazy("RAG"), max_length=10, choices=RATING_CHOICES, blank=True)
    reason = LongText(gettext_lazy("reason for red or amber"), max_length=2000, blank=True)
    path_to_green = LongText(max_length=2000, blank=True)
    percent = models.PositiveSmallIntegerField(
        gettext_lazy("percent done"), default=0, validators=[MaxValueValidator(100)]
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="updates")
    submitted_at = models.DateTimeField()
    imported = models.BooleanField(default=False, help_text=gettext_lazy("Came with an imported plan."))
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )

    objects = ActionChildQuerySet["ProgressUpdate"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-submitted_at", "-pk"]
        indexes = [models.Index(fields=["action", "-submitted_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="update_percent_range"),
            models.CheckConstraint(
                condition=~Q(rag__in=[rating.value for rating in ratings.NEEDS_REASON])
                | (~Q(reason="") & ~Q(path_to_green="")),
                name="update_red_amber_explained",
                violation_error_message=gettext_lazy("Red and amber need a reason and a path to green."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action.ref}, {month_text(self.period)}"

    @property
    def period_label(self) -> str:
        """`May 2020`, or `April to June 2020` in a plan that reports each quarter."""
        return period_text(self.action.plan.period_containing(self.period))

    def carried_over(self) -> Iterator[Tracked]:
        """An update often repeats the last one, or the draft in a return."""
        yield from self.action.updates.exclude(pk=self.pk)
        yield from self.action.return_rows.all()
