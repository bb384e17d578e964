"""Training and Champions as counts: programmes, events, attendance and completions. Never the names of learners."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_lazy

from partners.models import Organisation
from programme.records.constraints import (
    LAST_AFTER_FIRST,
    in_order,
    known_unless_unknown,
    one_current,
    one_each,
)
from programme.records.models import (
    InDistrict,
    OrganisationFact,
    PeriodFact,
    QualifierField,
    Record,
    RecordQuerySet,
)
from standards.quantities import total
from web.language import day_text, month_text
from web.text import LongText


class TrainingProgramme(Record):
    """A course or package that people are trained with."""

    name = models.CharField(max_length=160)
    audience = models.CharField(
        max_length=160, help_text=gettext_lazy("For example, all officers and staff.")
    )
    required = models.BooleanField(
        default=False, help_text=gettext_lazy("Whether the audience must complete it.")
    )
    provider = models.CharField(max_length=160, blank=True)
    validity_months = models.PositiveSmallIntegerField(
        gettext_lazy("valid for months"),
        null=True,
        blank=True,
        help_text=gettext_lazy("Leave empty if it does not expire."),
    )

    objects = RecordQuerySet["TrainingProgramme"].as_manager()

    class Meta(Record.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            *Record.Meta.constraints,
            one_each(
                "partnership",
                "name",
                message=gettext_lazy("This partnership already has a training programme with this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TrainingEvent(InDistrict, Record):
    """A course, conference, workshop, forum or exercise."""

    class Kind(models.TextChoices):
        COURSE = "course", gettext_lazy("Course")
        CONFERENCE = "conference", gettext_lazy("Conference")
        WORKSHOP = "workshop", gettext_lazy("Workshop")
        FORUM = "forum", gettext_lazy("Forum or network")
        EXERCISE = "exercise", gettext_lazy("Exercise")

    class Precision(models.TextChoices):
        DAY = "day", gettext_lazy("Day")
        MONTH = "month", gettext_lazy("Month")
        YEAR = "year", gettext_lazy("Year")
        UNKNOWN = "unknown", gettext_lazy("Not stated")

    class State(models.TextChoices):
        PLANNED = "planned", gettext_lazy("Planned")
        HELD = "held", gettext_lazy("Held")
        CANCELLED = "cancelled", gettext_lazy("Cancelled")

    organisation_paths = ("host",)
    reported = True
    belongs_to = ("programme", "may_include")
    quantities = ("attended", "number_held")

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind)
    programme = models.ForeignKey(
        TrainingProgramme, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    starts_on = models.DateField(
        gettext_lazy("date"),
        null=True,
        blank=True,
        help_text=gettext_lazy("The first day that the date as stated allows."),
    )
    ends_on = models.DateField(gettext_lazy("last day"), null=True, blank=True)
    precision = models.CharField(
        gettext_lazy("date is exact to the"),
        max_length=8,
        choices=Precision,
        default=Precision.DAY,
        help_text=gettext_lazy("Choose “Not stated” if the source gives no date."),
    )
    place = models.CharField(max_length=160, blank=True)
    host = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    regional = models.BooleanField(
        default=False, help_text=gettext_lazy("Whether other force areas took part.")
    )
    state = models.CharField(gettext_lazy("status"), max_length=10, choices=State, default=State.PLANNED)
    number_held = models.PositiveIntegerField(
        gettext_lazy("number of events"),
        null=True,
        blank=True,
        default=1,
        help_text=gettext_lazy("More than 1 for a series recorded as one."),
    )
    number_held_qualifier = QualifierField(gettext_lazy("number of events: how exact"))
    attended = models.PositiveIntegerField(
        gettext_lazy("people attended"),
        null=True,
        blank=True,
        help_text=gettext_lazy("As the source states it. Leave empty while it is unknown."),
    )
    attended_qualifier = QualifierField(gettext_lazy("people attended: how exact"), default="unknown")
    contributors = LongText(
        max_length=1000,
        blank=True,
        help_text=gettext_lazy("Organisations that spoke or contributed. No names of people."),
    )
    may_include = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="may_be_in",
        verbose_name=gettext_lazy("may be one of"),
        help_text=gettext_lazy("A series that this event may be part of. The two are never added together."),
    )

    objects = RecordQuerySet["TrainingEvent"].as_manager()

    class Meta(Record.Meta):
        ordering: ClassVar = [F("starts_on").desc(nulls_last=True), "title"]
        constraints: ClassVar = [
            *Record.Meta.constraints,
            known_unless_unknown("attended"),
            known_unless_unknown("number_held"),
            in_order("starts_on", "ends_on", message=LAST_AFTER_FIRST),
            models.CheckConstraint(
                condition=Q(precision="unknown") | Q(starts_on__isnull=False),
                name="training_event_has_date",
                violation_error_message=gettext_lazy("Enter the date, or choose “Not stated”."),
            ),
        ]

    constraint_fields: ClassVar = {
        "%(class)s_ends_on_in_order": "ends_on",
        "training_event_has_date": "starts_on",
    }

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.pk is not None:
            self._require_fits_attendance()

    def _require_fits_attendance(self) -> None:
        """Raise ValidationError if its organisations together have more people than the event."""
        people = total(row.quantity("people") for row in self.attendances.filter(is_current=True))
        whole = self.quantity("attended")
        if people.is_surely_more_than(whole):
            text = gettext(
                "Its organisations have {people} people, and the event would have {whole} in all."
            ).format(people=people, whole=whole)
            raise ValidationError(
                {"attended": gettext("{text} Correct one of the numbers.").format(text=text)}
            )

    @property
    def when(self) -> str:
        """The date as exactly as it is known."""
        if self.starts_on is None or self.precision == self.Precision.UNKNOWN:
            return gettext("Date not stated")
        if self.precision == self.Precision.YEAR:
            return f"{self.starts_on.year}"
        if self.precision == self.Precision.MONTH:
            return month_text(self.starts_on)
        first = day_text(self.starts_on)
        if self.ends_on is None or self.ends_on == self.starts_on:
            return first
        return gettext("{first} to {ends_on}").format(first=first, ends_on=day_text(self.ends_on))


class Attendance(OrganisationFact):
    """How many people of an organisation attended an event."""

    organisation_paths = ("organisation", "event__host")
    reported = True
    belongs_to = ("event", "event__programme", "event__may_include")
    quantities = ("people",)

    event = models.ForeignKey(TrainingEvent, on_delete=models.PROTECT, related_name="attendances")
    audience = models.CharField(
        max_length=120, blank=True, help_text=gettext_lazy("For example, neighbourhood teams.")
    )
    people = models.PositiveIntegerField(
        null=True, blank=True, help_text=gettext_lazy("A number only, never names.")
    )
    people_qualifier = QualifierField(gettext_lazy("people: how exact"))

    objects = RecordQuerySet["Attendance"].as_manager()

    class Meta(OrganisationFact.Meta):
        ordering: ClassVar = ["-event", "organisation__name", "audience"]
        verbose_name_plural = gettext_lazy("attendance")
        constraints: ClassVar = [
            *OrganisationFact.Meta.constraints,
            known_unless_unknown("people"),
            one_current(
                "event",
                "organisation",
                "audience",
                message=gettext_lazy("The attendance of this organisation is recorded already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.organisation}"

    def clean(self) -> None:
        super().clean()
        if self.event_id is not None:
            self._require_fits_event()

    def _require_fits_event(self) -> None:
        """Raise ValidationError if the organisations together have more people than the event, where both are known."""
        whole = self.event.quantity("attended")
        others = self.event.attendances.filter(is_current=True).exclude(pk=self.pk)
        people = total(row.quantity("people") for row in (*others, self))
        if people.is_surely_more_than(whole):
            text = gettext(
                "The event had {whole} people in all, and its organisations would have {people}."
            ).format(whole=whole, people=people)
            raise ValidationError({"people": gettext("{text} Correct one of the numbers.").format(text=text)})


class Completion(PeriodFact):
    """How many of an organisation's eligible people completed a programme in a period."""

    reported = True
    belongs_to = ("programme",)
    quantities = ("eligible", "completed")

    programme = models.ForeignKey(TrainingProgramme, on_delete=models.PROTECT, related_name="completions")
    eligible = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text=gettext_lazy("How many people should complete it. Leave empty while it is unknown."),
    )
    eligible_qualifier = QualifierField(gettext_lazy("eligible: how exact"))
    completed = models.PositiveIntegerField(
        null=True, blank=True, help_text=gettext_lazy("How many of them have.")
    )
    completed_qualifier = QualifierField(gettext_lazy("completed: how exact"))

    objects = RecordQuerySet["Completion"].as_manager()

    class Meta(PeriodFact.Meta):
        ordering: ClassVar = ["programme", "-period_from", "organisation__name"]
        constraints: ClassVar = [
            *PeriodFact.Meta.constraints,
            known_unless_unknown("eligible"),
            known_unless_unknown("completed"),
            models.CheckConstraint(
                condition=Q(eligible=None)
                | Q(completed=None)
                | ~Q(completed_qualifier__in=["exactly", "at_least"])
                | ~Q(eligible_qualifier__in=["exactly", "up_to"])
                | Q(completed__lte=F("eligible")),
                name="completion_within_eligible",
                violation_error_message=gettext_lazy(
                    "More people completed this than were eligible. Correct one of the two numbers."
                ),
            ),
            one_current(
                "programme",
                "organisation",
                "period_from",
                "period_to",
                message=gettext_lazy("The completions of this period are recorded already."),
            ),
        ]

    constraint_fields: ClassVar = {
        **PeriodFact.constraint_fields,
        "completion_within_eligible": "completed",
    }

    def __str__(self) -> str:
        return gettext("{programme}: {organisation}, {period_from} to {period_to}").format(
            programme=self.programme,
            organisation=self.organisation,
            period_from=month_text(self.period_from),
            period_to=month_text(self.period_to),
        )


class ChampionsCount(OrganisationFact):
    """How many Prevent Champions an organisation has on a day."""

    class Level(models.TextChoices):
        DELIVERY = "delivery", gettext_lazy("Delivery")
        MANAGEMENT = "management", gettext_lazy("Management")

    reported = True
    quantities = ("people",)

    level = models.CharField(max_length=12, choices=Level)
    people = models.PositiveIntegerField(
        gettext_lazy("Champions"),
        null=True,
        blank=True,
        help_text=gettext_lazy("A number only, never names."),
    )
    people_qualifier = QualifierField(gettext_lazy("Champions: how exact"))

    objects = RecordQuerySet["ChampionsCount"].as_manager()

    class Meta(OrganisationFact.Meta):
        ordering: ClassVar = ["organisation__name", "level", "-as_at"]
        verbose_name = gettext_lazy("Champions count")
        verbose_name_plural = gettext_lazy("Champions")
        constraints: ClassVar = [
            *OrganisationFact.Meta.constraints,
            known_unless_unknown("people"),
            one_current(
                "organisation",
                "level",
                "as_at",
                message=gettext_lazy("The Champions of this day are recorded already."),
            ),
        ]

    def __str__(self) -> str:
        return gettext("{organisation}: Champions, {level}").format(
            organisation=self.organisation, level=self.get_level_display().lower()
        )
