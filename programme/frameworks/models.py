"""Frameworks that a plan is measured by: versions, items, grades, measures and readings; never joined across versions."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from actions.core.models import Action
from programme.frameworks.policies import why_not_moderate
from programme.records.constraints import known_unless_unknown, one_current, one_each
from programme.records.models import InDistrict, PeriodFact, QualifierField, Record, RecordQuerySet
from standards.quantities import Qualifier
from web.text import LongText
from web.wording import quantity_text

MAPPED = gettext_lazy("This action is recorded under this item already.")


class Framework(Record):
    """One version of a framework. Another version is another framework."""

    class Status(models.TextChoices):
        CURRENT = "current", gettext_lazy("Current")
        HISTORICAL = "historical", gettext_lazy("Historical")

    name = models.CharField(max_length=200)
    edition = models.CharField(
        gettext_lazy("framework version"), max_length=40, help_text=gettext_lazy("As printed, such as 1.7.")
    )
    issued_on = models.DateField(null=True, blank=True)
    publisher = models.CharField(max_length=200)
    printed_marking = models.CharField(
        gettext_lazy("marking as printed"),
        max_length=200,
        blank=True,
        help_text=gettext_lazy("In the document's own words. It is not the marking of this record."),
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.CURRENT)

    objects = RecordQuerySet["Framework"].as_manager()

    class Meta(Record.Meta):
        ordering: ClassVar = ["-issued_on", "name"]
        constraints: ClassVar = [
            *Record.Meta.constraints,
            one_each(
                "partnership",
                "name",
                "edition",
                message=gettext_lazy("This version of the framework is recorded already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.edition}"


class FrameworkItem(Record):
    """An objective, tier, benchmark or outcome of a framework."""

    class Kind(models.TextChoices):
        OBJECTIVE = "objective", gettext_lazy("Objective")
        ENABLING = "enabling", gettext_lazy("Enabling objective")
        TIER = "tier", gettext_lazy("Tier")
        BENCHMARK = "benchmark", gettext_lazy("Benchmark")
        OUTCOME = "outcome", gettext_lazy("Outcome")

    belongs_to = ("framework",)

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField(max_length=500)
    order = models.PositiveSmallIntegerField(default=0)

    objects = RecordQuerySet["FrameworkItem"].as_manager()

    class Meta(Record.Meta):
        ordering: ClassVar = ["framework", "order", "code"]
        verbose_name = gettext_lazy("item")
        constraints: ClassVar = [
            *Record.Meta.constraints,
            one_each(
                "framework",
                "code",
                message=gettext_lazy("This framework already has an item with this code."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class Grade(Record):
    """A word of a framework's scale. Scales are data: no two versions need the same."""

    belongs_to = ("framework",)

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="grades")
    name = models.CharField(max_length=60)
    order = models.PositiveSmallIntegerField(default=0, help_text=gettext_lazy("1 is the lowest."))

    objects = RecordQuerySet["Grade"].as_manager()

    class Meta(Record.Meta):
        ordering: ClassVar = ["framework", "order"]
        constraints: ClassVar = [
            *Record.Meta.constraints,
            one_each("framework", "name", message=gettext_lazy("This framework already has this grade.")),
        ]

    def __str__(self) -> str:
        return self.name


class Measure(Record):
    """What is measured of an item, such as the number of people trained."""

    class Direction(models.TextChoices):
        MORE = "more", gettext_lazy("More is better")
        FEWER = "fewer", gettext_lazy("Fewer is better")
        NONE = "none", gettext_lazy("Neither")

    belongs_to = ("item", "item__framework")

    item = models.ForeignKey(FrameworkItem, on_delete=models.PROTECT, related_name="measures")
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=60, blank=True, help_text=gettext_lazy("Leave empty for a grade."))
    graded = models.BooleanField(
        default=False, help_text=gettext_lazy("Whether a reading is a grade and not a number.")
    )
    direction = models.CharField(max_length=6, choices=Direction, default=Direction.NONE)
    definition_version = models.PositiveSmallIntegerField(default=1)

    objects = RecordQuerySet["Measure"].as_manager()

    class Meta(Record.Meta):
        ordering: ClassVar = ["item", "name", "definition_version"]
        constraints: ClassVar = [
            *Record.Meta.constraints,
            one_each(
                "item",
                "name",
                "definition_version",
                message=gettext_lazy("This version of the measure is recorded already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.code}: {self.name}"


class Reading(InDistrict, PeriodFact):
    """A number or a grade that a measure had for an organisation on a day."""

    reported = True
    belongs_to = ("measure", "measure__item", "measure__item__framework")
    set_apart = frozenset({"moderated_on", "moderated_by"})

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="readings")
    number = models.PositiveIntegerField(
        null=True, blank=True, help_text=gettext_lazy("For a measure that is counted.")
    )
    number_qualifier = QualifierField(gettext_lazy("number: how exact"), default="unknown")
    grade = models.ForeignKey(
        Grade,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="readings",
        help_text=gettext_lazy("For a measure that is graded."),
    )
    evidence = LongText(max_length=2000, blank=True)
    moderated_on = models.DateField(
        null=True, blank=True, editable=False, help_text=gettext_lazy("When an auditor checked it.")
    )
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text=gettext_lazy("The auditor who checked it; never the person who recorded it."),
    )

    objects = RecordQuerySet["Reading"].as_manager()

    class Meta(PeriodFact.Meta):
        ordering: ClassVar = ["measure", "-period_from", "organisation__name"]
        constraints: ClassVar = [
            *PeriodFact.Meta.constraints,
            one_current(
                "measure",
                "organisation",
                "period_from",
                "period_to",
                message=gettext_lazy("The reading of this period is recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(moderated_on=None, moderated_by=None)
                | Q(moderated_on__isnull=False, moderated_by__isnull=False),
                name="reading_moderated_by_someone",
            ),
            known_unless_unknown("number"),
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.organisation}"

    def why_not_moderate(self, rights: Any, recorders: Collection[int]) -> str:
        """Object rule: who moderates this reading."""
        return why_not_moderate(rights, self.partnership_id, self.organisation_id, recorders)

    @property
    def framework(self) -> Framework:
        """The version of the framework that it belongs to, and no other."""
        framework: Framework = self.measure.item.framework
        return framework

    @property
    def value(self) -> str:
        """The reading in words."""
        return str(self.grade) if self.grade is not None else quantity_text(self.quantity("number"))

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = self._quantity_errors("number")
        if self.measure_id is not None:
            errors |= self._unfit()
        if errors:
            raise ValidationError(errors)

    def _unfit(self) -> dict[str, str]:
        graded = self.measure.graded
        if graded and self.grade is None:
            return {"grade": gettext("Choose a grade. This measure is graded.")}
        if not graded and self.grade is not None:
            return {"grade": gettext("Leave this empty. This measure is counted.")}
        if graded and self.number_qualifier != Qualifier.UNKNOWN:
            return {"number": gettext("Leave this empty. This measure is graded.")}
        if self.grade is not None and self.grade.framework_id != self.measure.item.framework_id:
            return {"grade": gettext("Choose a grade of the same version of the framework.")}
        return {}


class ActionMapping(Record):
    """That an action serves an item of a framework, in a tier where the framework has tiers."""

    belongs_to = ("item", "item__framework")
    shows = ("action",)

    item = models.ForeignKey(FrameworkItem, on_delete=models.PROTECT, related_name="mappings")
    tier = models.ForeignKey(
        FrameworkItem, on_delete=models.PROTECT, null=True, blank=True, related_name="tier_mappings"
    )
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="+")

    objects = RecordQuerySet["ActionMapping"].as_manager()

    class Meta(Record.Meta):
        ordering: ClassVar = ["item", "tier", "action"]
        verbose_name = gettext_lazy("action under an item")
        verbose_name_plural = gettext_lazy("actions by item")
        constraints: ClassVar = [
            *Record.Meta.constraints,
            one_each("item", "tier", "action", message=MAPPED),
            models.UniqueConstraint(
                fields=["item", "action"],
                condition=Q(tier=None),
                name="action_mapping_without_tier_unique",
                violation_error_message=MAPPED,
            ),
        ]

    def __str__(self) -> str:
        return gettext("{ref} under {code}").format(ref=self.action.ref, code=self.item.code)

    def clean(self) -> None:
        super().clean()
        if self.tier is None or self.item_id is None:
            return
        if self.tier.kind != FrameworkItem.Kind.TIER or self.tier.framework_id != self.item.framework_id:
            raise ValidationError({"tier": gettext("Choose a tier of the same framework.")})


class Term(Record):
    """A term of a framework's glossary."""

    belongs_to = ("framework",)

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="terms")
    name = models.CharField(max_length=60)
    meaning = LongText(max_length=1000)

    objects = RecordQuerySet["Term"].as_manager()

    class Meta(Record.Meta):
        ordering: ClassVar = ["framework", "name"]
        constraints: ClassVar = [
            *Record.Meta.constraints,
            one_each("framework", "name", message=gettext_lazy("This framework already has this term.")),
        ]

    def __str__(self) -> str:
        return self.name
