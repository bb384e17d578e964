"""Recommendations, their histories and their links to actions."""

from datetime import date
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, gettext_lazy

from actions.core.states import OPEN as OPEN_ACTION
from actions.core.states import REPORTABLE
from actions.core.states import State as ActionState
from actions.models import Action
from audit.actors import Reader
from audit.models import Tracked
from inspections.core import policies
from inspections.core.states import CLOSED, OPEN, REGISTER_CLOSED, REGISTER_OPEN, RegisterState, State
from partners.models import Organisation
from partners.policies import rights_of
from web.text import LongText

# An action that is being done, or was done: withdrawn and superseded ones answer nothing.
LIVE_ACTION = (*REPORTABLE, ActionState.AWAITING_ASSURANCE, ActionState.COMPLETE)


def overdue_on(on: date) -> Q:
    """Match open findings whose deadline has passed."""
    return Q(due__lt=on, state__in=OPEN)


def _answers() -> Q:
    """Match links to the outer row, or to recommendations under it if it is a cause of concern."""
    return Q(recommendation=OuterRef("pk")) | Q(recommendation__cause=OuterRef("pk"))


def _visible_links(user: Reader, on: date) -> "LinkQuerySet":
    return ActionLink.objects.filter(action__in=Action.objects.visible_to(user, on))


class RecommendationQuerySet(QuerySet["Recommendation"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        linked = _visible_links(user, on)
        return self.filter(policies.visible_recommendations(rights_of(user, on), linked, on))

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def overdue(self, on: date) -> Self:
        return self.filter(overdue_on(on))

    def with_register(self) -> Self:
        """Annotate `register_state`, the latest register status, or None."""
        latest = RegisterStatus.objects.filter(recommendation=OuterRef("pk")).order_by("-on", "-pk")
        return self.annotate(register_state=Subquery(latest.values("state")[:1]))

    def in_disagreement(self) -> Self:
        """Keep rows that only one of the force and the register counts as closed; annotates `register_state`."""
        return self.with_register().filter(_DISAGREEMENT)

    def without_live_action(self) -> Self:
        """Keep the open rows that need a live action and have none."""
        return self.filter(without_live_action())

    def in_question(self) -> Self:
        """Keep rows that are implemented or proposed for closure although a linked action is open."""
        return self.filter(_in_question())

    def closable(self) -> Self:
        """Keep rows in progress whose actions are all complete, so that closure can be proposed."""
        links = ActionLink.objects.filter(_answers())
        return self.filter(
            Exists(links.filter(action__state=ActionState.COMPLETE)),
            ~Exists(links.filter(action__state__in=OPEN_ACTION)),
            state__in=(State.IN_PROGRESS, State.REOPENED),
        )

    def with_unanswered(self) -> Self:
        """Annotate `unanswered`: no live action answers the row."""
        return self.annotate(unanswered=_flag(without_live_action()))

    def with_gaps(self) -> Self:
        """Annotate `unanswered`, `register_state`, and `disagrees`: only one of force and register counts it as closed."""
        return self.with_register().with_unanswered().annotate(disagrees=_flag(_DISAGREEMENT))

    def for_list(self, user: Reader, on: date) -> Self:
        """Annotate what a list shows of each row.

        `register_state`; `disagrees`; `unanswered`, no live action answers it; `questioned`, an action of it is open
        again; `number_of_actions`, those that the user sees.
        """
        visible = _visible_links(user, on).filter(_answers()).order_by().values(every=Value(1))
        number = visible.annotate(number=Count("action", distinct=True)).values("number")
        return (
            self.with_gaps()
            .annotate(
                questioned=_flag(_in_question()),
                number_of_actions=Coalesce(Subquery(number), 0),
            )
            .select_related("inspection", "lead", "cause")
        )

    def tally(self, on: date) -> list[dict[str, Any]]:
        """Count by inspection and state: `number` of rows, and how many of them are `late`."""
        late = Count("pk", filter=overdue_on(on))
        counted: Any = self.order_by().values("inspection", "state").annotate(number=Count("pk"), late=late)
        return list(counted)


# Of rows with `register_state`, which is empty where the register says nothing.
_DISAGREEMENT = Q(state__in=CLOSED, register_state__in=REGISTER_OPEN) | Q(
    state__in=OPEN, register_state__in=REGISTER_CLOSED
)


_TO_BE_DONE = (State.REGISTERED, State.ACCEPTED, State.PARTLY_ACCEPTED, State.IN_PROGRESS, State.REOPENED)


def without_live_action() -> Q:
    answering = ActionLink.objects.filter(_answers(), action__state__in=LIVE_ACTION)
    return Q(~Exists(answering), state__in=_TO_BE_DONE)


def _in_question() -> Q:
    reopened = ActionLink.objects.filter(_answers(), action__state__in=OPEN_ACTION)
    return Q(Exists(reopened), state__in=(State.PROPOSED, State.IMPLEMENTED))


def _flag(condition: Q) -> Case:
    """Return the condition as true or false, with false for NULL."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


Row_co = TypeVar("Row_co", bound=Model, covariant=True)


class OfRecommendation(QuerySet[Row_co]):
    """Statuses, visible to users who may view their recommendation."""

    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(recommendation__in=Recommendation.objects.visible_to(user, on))


class LinkQuerySet(QuerySet["ActionLink"]):
    """Links, visible to users who may view both ends."""

    def visible_to(self, user: Reader, on: date) -> Self:
        visible = Recommendation.objects.visible_to(user, on)
        return self.filter(recommendation__in=visible, action__in=Action.objects.visible_to(user, on))


class Recommendation(Tracked):
    """A finding of an inspection: a cause of concern, a recommendation, an area for improvement, an audit's point."""

    State = State

    class Kind(models.TextChoices):
        CAUSE_OF_CONCERN = "cause_of_concern", gettext_lazy("Cause of concern")
        RECOMMENDATION = "recommendation", gettext_lazy("Recommendation")
        AREA_FOR_IMPROVEMENT = "afi", gettext_lazy("Area for improvement")
        AUDIT = "audit", gettext_lazy("Audit recommendation")

    ledger_path = "inspection__partnership__ledger"
    constraint_fields = {
        "recommendation_number_unique": "number",
        "recommendation_only_under_a_cause": "cause",
    }

    inspection = models.ForeignKey(
        "inspections.Inspection", on_delete=models.PROTECT, related_name="recommendations"
    )
    kind = models.CharField(max_length=20, choices=Kind)
    number = models.CharField(max_length=20, blank=True, help_text=gettext_lazy("As printed in the report."))
    cause = models.ForeignKey(
        "self",
        verbose_name=gettext_lazy("cause of concern"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
    )
    text = LongText(max_length=4000)
    paraphrased = models.BooleanField(
        gettext_lazy("illustrative, paraphrased"),
        default=False,
        help_text=gettext_lazy("The words are not those of the report."),
    )
    addressee = models.CharField(
        max_length=200, blank=True, help_text=gettext_lazy("Whom the report asks, like all forces.")
    )
    deadline_phrase = models.CharField(gettext_lazy("deadline as printed"), max_length=200, blank=True)
    due = models.DateField(gettext_lazy("deadline"), null=True, blank=True)
    priority = models.CharField(
        max_length=60, blank=True, help_text=gettext_lazy("In the source's own scheme.")
    )
    lead = models.ForeignKey(
        Organisation,
        verbose_name=gettext_lazy("lead organisation"),
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
                violation_error_message=gettext_lazy(
                    "This inspection already has a finding of this kind with this number."
                ),
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
                violation_error_message=gettext_lazy(
                    "Only a recommendation can be under a cause of concern."
                ),
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
            errors["cause"] = gettext("Choose a cause of concern of this inspection.")
        if self.lead is not None and self.lead.partnership_id != self.inspection.partnership_id:
            errors["lead"] = gettext("This organisation belongs to another partnership.")
        if self.priority and self.priority not in self.inspection.priorities:
            grades = ", ".join(self.inspection.priorities) or "none"
            errors["priority"] = gettext("The source's scheme has: {grades}.").format(grades=grades)
        if errors:
            raise ValidationError(errors)

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED

    @property
    def needs_response(self) -> bool:
        """Whether section 55 requires a response; for an area for improvement it is optional."""
        return self.kind == self.Kind.RECOMMENDATION


class OwnStatus(Tracked):
    """A force status and the day it was set: the first of two histories of a recommendation."""

    ledger_path = "recommendation__inspection__partnership__ledger"

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="own_statuses")
    state = models.CharField(max_length=20, choices=State)
    reason = LongText(max_length=2000, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    objects = OfRecommendation["OwnStatus"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-set_at", "-pk"]
        verbose_name_plural = gettext_lazy("own statuses")

    def __str__(self) -> str:
        return f"{self.recommendation}: {self.get_state_display()}"


class RegisterStatus(Tracked):
    """A register status and the day it was checked: the second history of a recommendation."""

    ledger_path = "recommendation__inspection__partnership__ledger"

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="register_statuses"
    )
    on = models.DateField(gettext_lazy("as at"))
    state = models.CharField(max_length=24, choices=RegisterState)
    comment = LongText(max_length=2000, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = OfRecommendation["RegisterStatus"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-on", "-pk"]
        verbose_name_plural = gettext_lazy("register statuses")

    def __str__(self) -> str:
        return gettext("{recommendation}: {state} in the register").format(
            recommendation=self.recommendation, state=self.get_state_display()
        )


class ActionLink(Tracked):
    """An action that answers a recommendation, and which part of it."""

    ledger_path = "recommendation__inspection__partnership__ledger"
    constraint_fields = {
        "actionlink_once": "action",
    }

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="links")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="recommendation_links")
    answers = models.CharField(
        gettext_lazy("what it answers"),
        max_length=300,
        blank=True,
        help_text=gettext_lazy("Which part of the finding the action answers."),
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
                violation_error_message=gettext_lazy("This action is linked to the recommendation already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.recommendation}, {self.action.ref}"

    def clean(self) -> None:
        if self.action.partnership_id != self.recommendation.inspection.partnership_id:
            raise ValidationError({"action": gettext("This action belongs to another partnership.")})
