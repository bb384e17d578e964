from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from actions.core.models import Action, ActionChildQuerySet
from audit.models import Tracked
from web.text import LongText


class Milestone(Tracked):
    """A step towards an action's due date. It is reached or dropped, never deleted."""

    ledger_path = "action__partnership__ledger"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="milestones")
    title = models.CharField(max_length=200)
    original_due = models.DateField(gettext_lazy("original date"), editable=False)
    due = models.DateField(gettext_lazy("date"))
    reached_on = models.DateField(null=True, blank=True)
    dropped_on = models.DateField(null=True, blank=True, editable=False)
    note = LongText(
        max_length=1000,
        blank=True,
        help_text=gettext_lazy("Reason for the latest change of date, or for dropping it."),
    )

    objects = ActionChildQuerySet["Milestone"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["due", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reached_on=None) | Q(dropped_on=None), name="milestone_reached_or_dropped"
            ),
            models.CheckConstraint(
                condition=Q(dropped_on=None, due=F("original_due")) | ~Q(note=""),
                name="milestone_moved_has_reason",
                violation_error_message=gettext_lazy("Give the reason for moving or dropping the milestone."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action.ref}: {self.title}"

    @property
    def is_open(self) -> bool:
        return self.reached_on is None and self.dropped_on is None
