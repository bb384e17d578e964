from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from actions.models import Action
from audit.models import Tracked
from inspections.models import Inspection
from partners.models import Partnership
from returns.models import Return
from web.text import LongText


class Step(models.IntegerChoices):
    """Who is told, in the order of the climb. The first are those whose it is to settle."""

    OWNER = 1, "Owner"
    MANAGER = 2, "Programme manager"
    BOARD = 3, "Board"


def _about(name: str) -> Q:
    others = [other for other in ("action", "inspection", "report") if other != name]
    return Q(**{f"{name}__isnull": False}, **dict.fromkeys(others))


class Escalation(Tracked):
    """That a day passed, and what was wanted by it climbed a step: an action, a return, or the answer to a report.

    It is over once that is no longer late for that day.
    """

    ledger_path = "partnership__ledger"
    # What it is about says whose it is.
    ledger_exclude: ClassVar[frozenset[str]] = frozenset({"partnership"})

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+", editable=False)
    action = models.ForeignKey(
        Action, on_delete=models.PROTECT, null=True, blank=True, related_name="escalations"
    )
    report = models.ForeignKey(
        Return, on_delete=models.PROTECT, null=True, blank=True, related_name="climbed"
    )
    inspection = models.ForeignKey(
        Inspection,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="climbed",
        help_text="Whose answer under section 55 is late.",
    )
    due = models.DateField(help_text="The day that passed.")
    step = models.PositiveSmallIntegerField(choices=Step)
    raised_on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["due", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=_about("action") | _about("report") | _about("inspection"),
                name="escalation_about_one_thing",
            ),
            models.UniqueConstraint(fields=["action", "due", "step"], name="escalation_step_once"),
            models.UniqueConstraint(fields=["report", "due", "step"], name="escalation_return_step_once"),
            models.UniqueConstraint(fields=["inspection", "due", "step"], name="escalation_answer_step_once"),
            models.CheckConstraint(condition=Q(step__in=Step.values), name="escalation_step_known"),
            models.CheckConstraint(condition=Q(raised_on__gt=F("due")), name="escalation_after_the_day"),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: escalated to the {self.told}"

    @property
    def about(self) -> Action | Return | Inspection:
        found = self.action or self.report or self.inspection
        assert found is not None
        return found

    @property
    def subject(self) -> str:
        """What it is about, in few words."""
        if self.action is not None:
            return self.action.ref
        return f"Return of {self.report}" if self.report is not None else f"Answer to {self.inspection}"

    @property
    def told(self) -> str:
        """Who is told, in words."""
        if self.step != Step.OWNER:
            return self.get_step_display().lower()
        if self.report is not None:
            return f"SPOCs and contacts of {self.report.organisation}"
        return "owner" if self.action is not None else "authors of the answer"


class Acknowledgement(Tracked):
    """Somebody to whom a step was taken says how it goes on; until the day they name it climbs no further."""

    ledger_path = "escalation__partnership__ledger"

    escalation = models.ForeignKey(Escalation, on_delete=models.PROTECT, related_name="acknowledgements")
    words = LongText("when it will be done, or why not", max_length=1000)
    until = models.DateField("until when this holds")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["given_at", "pk"]

    def __str__(self) -> str:
        return f"{self.escalation}, acknowledged until {self.until:%-d %B %Y}"
