from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Self, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Upper
from django.utils.translation import gettext, gettext_lazy

from actions.core import rating as dates
from actions.core.querysets import ActionQuerySet
from actions.core.states import ALLOCATED, OPEN, RATED, REPORTABLE, UNDER_WAY, RequestState, State
from audit.actors import Reader
from audit.models import Tracked
from partners.models import Area, MouArea, Organisation, Partnership
from standards import marking as markings
from standards import references
from standards.rag import STEPS_TO_GREEN, Computed, Rag
from web.markings import handling_column, marking_column
from web.text import LongText
from web.wording import RATING_CHOICES, REFERENCE_RULE

Row_co = TypeVar("Row_co", bound=Model, covariant=True)


class ActionChildQuerySet(QuerySet[Row_co]):
    """Updates, evidence and assurances: whoever can view the action can view them."""

    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(action__in=Action.objects.visible_to(user, on))


class RequestQuerySet(ActionChildQuerySet[Row_co]):
    """Requests about an action, which somebody else decides."""

    def open(self) -> Self:
        return self.filter(state=RequestState.REQUESTED)


ref_is_plain = RegexValidator(references.PATTERN, REFERENCE_RULE)


class Action(Tracked):
    """One piece of work of a plan. Only undoing its import removes it; no other action gets its reference."""

    State = State

    class Tier(models.TextChoices):
        """Tiers of the 2008 ACPO Prevent strategy, still used to plan local delivery."""

        NONE = "", gettext_lazy("No tier")
        UNIVERSAL = "universal", gettext_lazy("1 Universal")
        TARGETED = "targeted", gettext_lazy("2 Targeted")
        INTERVENTIONIST = "interventionist", gettext_lazy("3 Interventionist")
        ENFORCEMENT = "enforcement", gettext_lazy("4 Enforcement")

    class Priority(models.TextChoices):
        HIGH = "high", gettext_lazy("High")
        MEDIUM = "medium", gettext_lazy("Medium")
        LOW = "low", gettext_lazy("Low")

    class Publication(models.TextChoices):
        UNDECIDED = "undecided", gettext_lazy("Not decided")
        PUBLISH = "publish", gettext_lazy("Publish")
        WITHHOLD = "withhold", gettext_lazy("Withhold")

    class Exemption(models.TextChoices):
        """Exemptions of the Freedom of Information Act 2000 that plans have been withheld under."""

        NONE = "", gettext_lazy("None")
        S24 = "s24", gettext_lazy("s.24 National security")
        S31 = "s31", gettext_lazy("s.31 Law enforcement")
        S38 = "s38", gettext_lazy("s.38 Health and safety")
        S40 = "s40", gettext_lazy("s.40 Personal information")

    ledger_path = "partnership__ledger"
    constraint_fields = {
        "action_ref_unique": "ref",
        "action_sensitive_has_handling": "handling_instruction",
        "action_withheld_has_exemption": "exemption",
        "action_alternate_is_another": "alternate",
        "action_due_after_start": "due",
        "action_part_has_area": "area",
    }

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="actions", editable=False
    )
    plan = models.ForeignKey("actions.Plan", on_delete=models.PROTECT, related_name="actions")
    pillar = models.ForeignKey("actions.Pillar", on_delete=models.PROTECT, related_name="actions")
    ref = models.CharField(gettext_lazy("reference"), max_length=24, validators=[ref_is_plain])
    title = models.CharField(max_length=200)
    description = LongText(max_length=4000, blank=True)
    success_measure = LongText(max_length=2000, blank=True)
    source = models.CharField(
        max_length=300, blank=True, help_text=gettext_lazy("Where the action came from.")
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    lead = models.ForeignKey(
        Organisation,
        verbose_name=gettext_lazy("lead organisation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="led_actions",
    )
    supporting = models.ManyToManyField(
        Organisation,
        verbose_name=gettext_lazy("supporting organisations"),
        blank=True,
        related_name="supported_actions",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_actions",
    )
    alternate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="alternate_actions",
    )
    mou_area = models.ForeignKey(
        MouArea,
        verbose_name=gettext_lazy("MOU area"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
    )
    tier = models.CharField(max_length=16, choices=Tier, blank=True)
    priority = models.CharField(max_length=10, choices=Priority, default=Priority.MEDIUM)
    state = models.CharField(max_length=20, choices=State, default=State.AWAITING_ALLOCATION)
    rag = models.CharField(gettext_lazy("declared RAG"), max_length=10, choices=RATING_CHOICES, blank=True)
    board_rag = models.CharField(
        gettext_lazy("board RAG"),
        max_length=10,
        choices=RATING_CHOICES,
        blank=True,
        editable=False,
        help_text=gettext_lazy("The rating that a board gave by a minute."),
    )
    board_rag_reference = models.CharField(
        gettext_lazy("minute of the board RAG"),
        max_length=200,
        blank=True,
        editable=False,
        help_text=gettext_lazy("As it was cited."),
    )
    percent = models.PositiveSmallIntegerField(
        gettext_lazy("percent done"), default=0, validators=[MaxValueValidator(100)]
    )
    starts_on = models.DateField(gettext_lazy("start"), null=True, blank=True)
    allocated_on = models.DateField(null=True, blank=True, editable=False)
    original_due = models.DateField(gettext_lazy("original due date"), null=True, blank=True, editable=False)
    due = models.DateField(gettext_lazy("due date"), null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True, editable=False)
    marking = marking_column()
    handling_instruction = handling_column()
    publication = models.CharField(
        gettext_lazy("publication decision"),
        max_length=10,
        choices=Publication,
        default=Publication.UNDECIDED,
    )
    exemption = models.CharField(
        max_length=8,
        choices=Exemption,
        blank=True,
        help_text=gettext_lazy("Freedom of Information Act 2000."),
    )
    board_reference = models.CharField(
        max_length=200,
        blank=True,
        help_text=gettext_lazy(
            "The minute of the board's decision to withdraw or supersede, as it was cited."
        ),
    )
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    last_reported_on = models.DateField(null=True, blank=True, editable=False)
    by_districts = models.BooleanField(
        gettext_lazy("delivered by districts"),
        default=False,
        editable=False,
        help_text=gettext_lazy("State, RAG, percent and dates follow the districts' parts."),
    )
    under_cause_of_concern = models.BooleanField(
        default=False,
        editable=False,
        help_text=gettext_lazy("Every later due date is the board's to decide."),
    )
    moves = models.PositiveSmallIntegerField(
        gettext_lazy("times the due date moved"),
        default=0,
        editable=False,
        help_text=gettext_lazy("Earlier and later."),
    )
    extensions = models.PositiveSmallIntegerField(
        gettext_lazy("times the due date moved later"), default=0, editable=False
    )
    waiting_since = models.DateField(
        gettext_lazy("waiting on a partner since"), null=True, blank=True, editable=False
    )
    retest_on = models.DateField(gettext_lazy("re-test on"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "ref"]
        indexes = [
            models.Index(fields=["partnership", "state", "due"]),
            models.Index(fields=["plan", "pillar", "state"]),
            models.Index(fields=["owner", "state"]),
            models.Index(fields=["lead", "state"]),
        ]
        constraints = [
            models.UniqueConstraint(
                "partnership",
                Upper("ref"),
                name="action_ref_unique",
                violation_error_message=gettext_lazy(
                    "This reference is already in use. References are never used twice."
                ),
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="action_state_known"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="action_percent_range"),
            models.CheckConstraint(
                condition=Q(rag="") | Q(rag__in=[rating.value for rating in Rag], state__in=RATED),
                name="action_rag_only_under_way",
            ),
            models.CheckConstraint(
                condition=Q(board_rag="", board_rag_reference="")
                | Q(board_rag__in=[rating.value for rating in Rag], state__in=UNDER_WAY)
                & ~Q(board_rag_reference=""),
                name="action_board_rag_has_minute",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ALLOCATED)
                | Q(by_districts=True)
                | Q(owner__isnull=False, due__isnull=False, lead__isnull=False, original_due__isnull=False),
                name="action_allocated_is_answered_for",
                violation_error_message=gettext_lazy(
                    "An allocated action has a lead organisation, an owner and a due date."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state=State.COMPLETE, closed_on__isnull=False) | ~Q(state=State.COMPLETE),
                name="action_complete_has_closing_day",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(due=None) | Q(due__gte=F("starts_on")),
                name="action_due_after_start",
                violation_error_message=gettext_lazy("The due date must not be before the start."),
            ),
            models.CheckConstraint(
                condition=Q(owner=None) | Q(alternate=None) | ~Q(owner=F("alternate")),
                name="action_alternate_is_another",
                violation_error_message=gettext_lazy("The alternate must be somebody other than the owner."),
            ),
            models.CheckConstraint(
                condition=Q(marking=markings.Marking.OFFICIAL.value) | ~Q(handling_instruction=""),
                name="action_sensitive_has_handling",
                violation_error_message=gettext_lazy("OFFICIAL-SENSITIVE needs a handling instruction."),
            ),
            models.CheckConstraint(
                condition=~Q(publication="withhold") | ~Q(exemption=""),
                name="action_withheld_has_exemption",
                violation_error_message=gettext_lazy("Say under which exemption the action is withheld."),
            ),
            models.CheckConstraint(
                condition=Q(publication="withhold") | Q(exemption=""),
                name="action_exemption_only_withheld",
                violation_error_message=gettext_lazy("An exemption is for an action that is withheld."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.WITHDRAWN, State.SUPERSEDED])
                | Q(closed_on__isnull=False) & ~Q(board_reference=""),
                name="action_closed_by_a_board",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SUPERSEDED, superseded_by__isnull=False)
                | ~Q(state=State.SUPERSEDED) & Q(superseded_by=None),
                name="action_superseded_has_successor",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by=None) | ~Q(superseded_by=F("id")),
                name="action_supersedes_another",
            ),
            models.CheckConstraint(
                condition=Q(by_districts=False) | Q(parent=None),
                name="action_part_has_no_parts",
                violation_error_message=gettext_lazy(
                    "An action that is a district's part is not itself delivered by districts."
                ),
            ),
            models.UniqueConstraint(
                fields=["parent", "area"],
                name="action_one_part_for_each_area",
                violation_error_message=gettext_lazy(
                    "This district already has a district action of that joint action."
                ),
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | Q(area__isnull=False),
                name="action_part_has_area",
                violation_error_message=gettext_lazy(
                    "A part of another action names the district that delivers it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(extensions__lte=F("moves")), name="action_extensions_are_moves"
            ),
            models.CheckConstraint(
                condition=Q(moves__gt=0)
                | Q(due=F("original_due"))
                | ~Q(state__in=ALLOCATED)
                | Q(by_districts=True),
                name="action_date_moves_are_counted",
            ),
            models.CheckConstraint(
                condition=Q(waiting_since=None) | Q(state__in=OPEN), name="action_waiting_is_open"
            ),
            models.CheckConstraint(
                condition=Q(retest_on=None) | Q(state=State.COMPLETE), name="action_retest_is_complete"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Also write the reference in its plain form: "REC  4" is REC 4."""
        self.ref = references.plain_reference(self.ref)
        super().clean_fields(exclude=exclude)

    def carried_over(self) -> Iterator[Tracked]:
        """A district's part says what its parent says."""
        if self.parent is not None:
            yield self.parent

    def clean(self) -> None:
        errors: dict[str, Any] = {}
        for field in ("plan", "area", "lead", "mou_area", "parent", "superseded_by"):
            other = getattr(self, field)
            if other is not None and other.partnership_id != self.partnership_id:
                errors[field] = gettext("This belongs to another partnership.")
        if self.pillar.plan_id != self.plan_id:
            errors["pillar"] = gettext("This pillar belongs to another plan.")
        if self.parent is not None and self.parent.plan_id != self.plan_id:
            errors["parent"] = gettext("The parent belongs to another plan.")
        elif self.parent is not None and self.parent.parent_id is not None:
            errors["parent"] = gettext("The parent is itself a part of another action.")
        if errors:
            raise ValidationError(errors)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_reportable(self) -> bool:
        return self.state in REPORTABLE

    @property
    def days_slipped(self) -> int:
        """Days from the original due date to the due date; negative when it is earlier."""
        return dates.days_slipped(self)

    def is_overdue(self, on: date) -> bool:
        return dates.is_overdue(self, on)

    def days_silent(self, on: date) -> int | None:
        """Return the days since the last report, or since allocation where none has come yet."""
        last_reported = dates.last_reported(self)
        return (on - last_reported).days if last_reported else None

    def rag_gap(self, on: date) -> int:
        """By how many steps the declared rating is better than the computed one; undeclared counts as green."""
        computed = self.computed_rag(on)
        if computed is None:
            return 0
        return STEPS_TO_GREEN[computed.rag] - STEPS_TO_GREEN[Rag(self.rag or Rag.GREEN)]

    def computed_rag(self, on: date) -> Computed | None:
        """Rate the action from its dates; nothing for one that is not under way, or that its districts deliver."""
        return dates.computed_rag(self, cadence_days=self.plan.cadence_days, on=on)
