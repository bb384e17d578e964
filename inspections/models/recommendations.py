from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from actions.models import Action
from audit.models import Tracked
from inspections.models.inspections import Inspection
from inspections.querysets import LinkQuerySet, OfRecommendation, RecommendationQuerySet
from inspections.states import CLOSED, RegisterState, State
from partners.models import Organisation
from web.text import LongText


class Recommendation(Tracked):
    """A finding of an inspection: a cause of concern, a recommendation, an area for improvement, an audit's point."""

    State = State

    class Kind(models.TextChoices):
        CAUSE_OF_CONCERN = "cause_of_concern", "Cause of concern"
        RECOMMENDATION = "recommendation", "Recommendation"
        AREA_FOR_IMPROVEMENT = "afi", "Area for improvement"
        AUDIT = "audit", "Audit recommendation"

    ledger_path = "inspection__partnership__ledger"

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="recommendations")
    kind = models.CharField(max_length=20, choices=Kind)
    number = models.CharField(max_length=20, blank=True, help_text="As printed in the report.")
    cause = models.ForeignKey(
        "self",
        verbose_name="cause of concern",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
    )
    text = LongText(max_length=4000)
    paraphrased = models.BooleanField(
        "illustrative, paraphrased", default=False, help_text="The words are not those of the report."
    )
    addressee = models.CharField(
        max_length=200, blank=True, help_text="Whom the report asks, like all forces."
    )
    deadline_phrase = models.CharField("deadline as printed", max_length=200, blank=True)
    due = models.DateField("deadline", null=True, blank=True)
    priority = models.CharField(max_length=60, blank=True, help_text="In the source's own scheme.")
    lead = models.ForeignKey(
        Organisation,
        verbose_name="lead organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="led_recommendations",
    )
    actions: Any = models.ManyToManyField(
        Action, through="ActionLink", related_name="recommendations", editable=False
    )
    state = models.CharField(max_length=20, choices=State, default=State.REGISTERED, editable=False)
    closed_on = models.DateField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["inspection", "pk"]
        indexes = [models.Index(fields=["inspection", "state"]), models.Index(fields=["lead", "state"])]
        constraints = [
            models.UniqueConstraint(
                "inspection",
                "kind",
                "number",
                condition=~Q(number=""),
                name="recommendation_number_unique",
                violation_error_message="This inspection already has a finding of this kind with this number.",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="recommendation_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=CLOSED, closed_on__isnull=False)
                | ~Q(state__in=CLOSED) & Q(closed_on=None),
                name="recommendation_closed_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(cause=None) | Q(kind="recommendation"),
                name="recommendation_only_under_a_cause",
                violation_error_message="Only a recommendation stands under a cause of concern.",
            ),
        ]

    def __str__(self) -> str:
        name = f"{self.get_kind_display()} {self.number}".strip()
        return f"{self.inspection}: {name}"

    def clean(self) -> None:
        errors: dict[str, Any] = {}
        if self.cause is not None and (
            self.cause.inspection_id != self.inspection_id or self.cause.kind != self.Kind.CAUSE_OF_CONCERN
        ):
            errors["cause"] = "Choose a cause of concern of this inspection."
        if self.lead is not None and self.lead.partnership_id != self.inspection.partnership_id:
            errors["lead"] = "This organisation belongs to another partnership."
        if self.priority and self.priority not in self.inspection.priorities:
            grades = ", ".join(self.inspection.priorities) or "none"
            errors["priority"] = f"The source's scheme has: {grades}."
        if errors:
            raise ValidationError(errors)

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED

    @property
    def needs_response(self) -> bool:
        """Section 55 speaks of recommendations; on an area for improvement a response is optional."""
        return self.kind == self.Kind.RECOMMENDATION


class OwnStatus(Tracked):
    """What the force said of a recommendation, on a day: the first of its two histories."""

    ledger_path = "recommendation__inspection__partnership__ledger"

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="own_statuses")
    state = models.CharField(max_length=20, choices=State)
    reason = LongText(max_length=2000, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    objects = OfRecommendation["OwnStatus"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-set_at", "-pk"]
        verbose_name_plural = "own statuses"

    def __str__(self) -> str:
        return f"{self.recommendation}: {self.get_state_display()}"


class RegisterStatus(Tracked):
    """What the register of the body that recommended was seen to say, on a day: the second history."""

    ledger_path = "recommendation__inspection__partnership__ledger"

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="register_statuses"
    )
    on = models.DateField("as at")
    state = models.CharField(max_length=24, choices=RegisterState)
    comment = LongText(max_length=2000, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = OfRecommendation["RegisterStatus"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-on", "-pk"]
        verbose_name_plural = "register statuses"

    def __str__(self) -> str:
        return f"{self.recommendation}: {self.get_state_display()} in the register"


class ActionLink(Tracked):
    """An action that answers a recommendation, and which part of it."""

    ledger_path = "recommendation__inspection__partnership__ledger"

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="links")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="recommendation_links")
    answers = models.CharField(
        "what it answers",
        max_length=300,
        blank=True,
        help_text="Which part of the finding the action answers.",
    )
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["recommendation", "action__ref"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "action"],
                name="actionlink_once",
                violation_error_message="This action is linked to the recommendation already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.recommendation}, {self.action.ref}"

    def clean(self) -> None:
        if self.action.partnership_id != self.recommendation.inspection.partnership_id:
            raise ValidationError({"action": "This action belongs to another partnership."})
