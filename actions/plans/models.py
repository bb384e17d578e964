from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext, gettext_lazy

from actions.core.models import Action
from actions.core.rating import CADENCE_DAYS
from actions.plans import policies
from audit.actors import Reader
from audit.models import Tracked
from partners.models import Organisation, Partnership
from partners.policies import rights_of
from standards import cadence as cadences
from standards import marking as markings
from web.markings import handling_column, marking_column
from web.text import LongText


class PlanQuerySet(QuerySet["Plan"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(policies.visible_plans(rights_of(user, on), Action.objects.visible_to(user, on)))


def validate_return_day(value: str) -> None:
    """Refuse a day that not every month has, in words."""
    try:
        cadences.Cadence.parse(f"{cadences.Frequency.MONTHLY} {value}")
    except ValueError as error:
        raise ValidationError(
            gettext("Choose a day that every month has, such as the fifth working day.")
        ) from error


class Plan(Tracked):
    """A partnership's Prevent business plan for a period."""

    class State(models.TextChoices):
        DRAFT = "draft", gettext_lazy("Draft")
        LIVE = "live", gettext_lazy("Live")
        CLOSED = "closed", gettext_lazy("Closed")

    class Cadence(models.TextChoices):
        MONTHLY = "monthly", gettext_lazy("Monthly")
        QUARTERLY = "quarterly", gettext_lazy("Quarterly")

    ledger_path = "partnership__ledger"
    constraint_fields = {
        "plan_title_unique": "title",
        "plan_ends_after_start": "ends_on",
        "plan_sensitive_has_handling": "handling_instruction",
    }

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="plans")
    title = models.CharField(max_length=160)
    starts_on = models.DateField(gettext_lazy("first day"))
    ends_on = models.DateField(gettext_lazy("last day"))
    marking = marking_column()
    handling_instruction = handling_column()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    evidence_required = models.BooleanField(
        gettext_lazy("evidence before assurance"),
        default=False,
        help_text=gettext_lazy(
            "An action needs evidence that has not expired before it can be submitted or assured."
        ),
    )
    cadence = models.CharField(
        gettext_lazy("reporting cadence"), max_length=10, choices=Cadence, default=Cadence.MONTHLY
    )

    return_day = models.CharField(
        gettext_lazy("day on which returns are due"),
        max_length=20,
        default="working_day 5",
        validators=[validate_return_day],
        help_text=gettext_lazy("Counted in the month after the period."),
    )
    return_grace = models.PositiveSmallIntegerField(
        gettext_lazy("working days until a return closes"),
        default=5,
        validators=[MaxValueValidator(20)],
        help_text=gettext_lazy("After the day it is due; 0 closes it on that day."),
    )
    returns_from = models.DateField(
        gettext_lazy("returns start on"),
        null=True,
        blank=True,
        help_text=gettext_lazy(
            "A day of the first period that organisations report on; empty while the plan does not use returns."
        ),
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "title"]
        constraints = [
            models.UniqueConstraint(
                "partnership",
                Lower("title"),
                name="plan_title_unique",
                violation_error_message=gettext_lazy("This partnership already has a plan with this title."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="plan_ends_after_start",
                violation_error_message=gettext_lazy("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(marking=markings.Marking.OFFICIAL.value) | ~Q(handling_instruction=""),
                name="plan_sensitive_has_handling",
                violation_error_message=gettext_lazy("OFFICIAL-SENSITIVE needs a handling instruction."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def returns_cadence(self) -> cadences.Cadence:
        """How often returns are due, and on which day."""
        return cadences.Cadence.parse(f"{self.cadence} {self.return_day}")

    @property
    def cadence_days(self) -> int:
        return CADENCE_DAYS[self.cadence]

    def period_of(self, day: date) -> date:
        """Return the first day of the reporting period that contains the day."""
        return self.period_containing(day).first_day

    def period_containing(self, day: date) -> cadences.Period:
        return cadences.Period.containing(day, cadences.Frequency(self.cadence))


class Pillar(Tracked):
    """A work-stream of a plan: Identify, Safeguard, Manage Risk."""

    ledger_path = "plan__partnership__ledger"
    constraint_fields = {
        "pillar_name_unique": "name",
    }

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="pillars")
    name = models.CharField(max_length=80)
    aim = LongText(max_length=1000, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["plan", "order", "name"]
        constraints = [
            models.UniqueConstraint(
                "plan",
                Lower("name"),
                name="pillar_name_unique",
                violation_error_message=gettext_lazy("This plan already has a pillar with this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.lead is not None and self.lead.partnership_id != self.plan.partnership_id:
            raise ValidationError({"lead": gettext("This organisation belongs to another partnership.")})
