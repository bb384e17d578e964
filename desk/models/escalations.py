from typing import ClassVar

from django.conf import settings
from django.db import models

from actions.models import Action
from audit.models import Tracked
from web.text import LongText


class Step(models.IntegerChoices):
    """Who is told, in the order of the climb."""

    OWNER = 1, "Owner"
    MANAGER = 2, "Programme manager"
    BOARD = 3, "Board"


class Escalation(Tracked):
    """That an action's due date passed and it climbed a step. It is over once the action is no longer late for that date."""

    ledger_path = "action__partnership__ledger"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="escalations")
    due = models.DateField(help_text="The day that passed.")
    step = models.PositiveSmallIntegerField(choices=Step)
    raised_on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["action", "due", "step"]
        constraints = [
            models.UniqueConstraint(fields=["action", "due", "step"], name="escalation_step_once"),
            models.CheckConstraint(condition=models.Q(step__in=Step.values), name="escalation_step_known"),
            models.CheckConstraint(
                condition=models.Q(raised_on__gt=models.F("due")), name="escalation_after_the_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action.ref}: escalated to the {self.get_step_display().lower()}"


class Acknowledgement(Tracked):
    """Somebody to whom a step was taken says how it goes on; until the day they name it climbs no further."""

    ledger_path = "escalation__action__partnership__ledger"

    escalation = models.ForeignKey(Escalation, on_delete=models.PROTECT, related_name="acknowledgements")
    words = LongText("when it will be done, or why not", max_length=1000)
    until = models.DateField("until when this holds")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["given_at", "pk"]

    def __str__(self) -> str:
        return f"{self.escalation}, acknowledged until {self.until:%-d %B %Y}"
