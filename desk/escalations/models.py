from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_lazy

from actions.models import Action
from audit.models import Tracked
from inspections.models import Inspection
from partners.models import Partnership
from programme.models import PanelMonth
from returns.models import Return
from web.language import day_text
from web.text import LongText


class Step(models.IntegerChoices):
    """Who receives an escalation. The first step goes to the people who have to settle it."""

    OWNER = 1, gettext_lazy("Owner")
    MANAGER = 2, gettext_lazy("Programme manager")
    BOARD = 3, gettext_lazy("Board")


# One column for each kind of escalation.
SUBJECT_FIELDS = ("action", "report", "inspection", "panel_month")
Escalated = Action | Return | Inspection | PanelMonth


def _only(name: str) -> Q:
    others = sorted(set(SUBJECT_FIELDS) - {name})
    return Q(**{f"{name}__isnull": False}, **dict.fromkeys(others))


class Escalation(Tracked):
    """One step of an escalation: an action, a return or a response is late, and these people are responsible now.

    It is over when its subject is no longer late for that due date.
    """

    is_dated = False
    ledger_path = "partnership__ledger"
    # The partnership is the subject's.
    ledger_exclude: ClassVar[frozenset[str]] = frozenset({"partnership"})

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+", editable=False)
    action = models.ForeignKey(
        Action, on_delete=models.PROTECT, null=True, blank=True, related_name="escalations"
    )
    report = models.ForeignKey(
        Return, on_delete=models.PROTECT, null=True, blank=True, related_name="late_escalations"
    )
    inspection = models.ForeignKey(
        Inspection,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="late_escalations",
        help_text=gettext_lazy("The inspection whose section 55 response is late."),
    )
    panel_month = models.ForeignKey(
        PanelMonth,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="escalations",
        help_text=gettext_lazy("The month of a Channel panel that neither police side attended."),
    )
    due = models.DateField(help_text=gettext_lazy("The due date that passed."))
    step = models.PositiveSmallIntegerField(choices=Step)
    raised_on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["due", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=_only("action") | _only("report") | _only("inspection") | _only("panel_month"),
                name="escalation_about_one_thing",
            ),
            models.UniqueConstraint(fields=["action", "due", "step"], name="escalation_step_once"),
            models.UniqueConstraint(fields=["report", "due", "step"], name="escalation_return_step_once"),
            models.UniqueConstraint(fields=["inspection", "due", "step"], name="escalation_answer_step_once"),
            models.UniqueConstraint(fields=["panel_month", "due", "step"], name="escalation_panel_step_once"),
            models.CheckConstraint(condition=Q(step__in=Step.values), name="escalation_step_known"),
            models.CheckConstraint(condition=Q(raised_on__gt=F("due")), name="escalation_after_the_day"),
        ]

    def __str__(self) -> str:
        return gettext("Escalation {pk}, to the {label}").format(
            pk=self.pk, label=Step(self.step).label.lower()
        )

    @property
    def subject(self) -> Escalated:
        """The row that is late, or that the board is told of."""
        subject = self.action or self.report or self.inspection or self.panel_month
        assert subject is not None  # the constraint `escalation_about_one_thing`
        return subject


class Acknowledgement(Tracked):
    """A recipient's word on when it will be done, or why not; nothing is escalated further until its last day has passed."""

    is_dated = False
    ledger_path = "escalation__partnership__ledger"

    escalation = models.ForeignKey(Escalation, on_delete=models.PROTECT, related_name="acknowledgements")
    words = LongText(gettext_lazy("when it will be done, or why not"), max_length=1000)
    until = models.DateField(gettext_lazy("pause further escalation until"))
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["acknowledged_at", "pk"]

    def __str__(self) -> str:
        return gettext("{escalation}, acknowledged until {until}").format(
            escalation=self.escalation, until=day_text(self.until)
        )
