"""The register of Counter-Terrorism Local Profiles: that they exist, how old they are and who was briefed. Never their content."""

import re
import unicodedata
from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_lazy

from actions.plans.models import Plan
from partners.models import Organisation
from programme.records.constraints import in_order, one_current
from programme.records.models import InDistrict, OrganisationFact, Record, RecordQuerySet
from web.language import lazy_text

# Words that only begin like it, such as secretariat, are none; a letter is what neither a figure nor "_" is.
TOO_SECRET = re.compile(r"(?:(?<![^\W\d_])|TOP)SECRET(?![^\W\d_])", re.IGNORECASE)
NOT_HERE = lazy_text(
    "A profile marked SECRET or above must not be entered, not even by its title. Record that the district has none here."
)


def secret_errors(record: Record) -> dict[str, str]:
    """Return the texts of a record that say SECRET; whatever else they say, a marking of that word is looked for."""
    texts = {
        field.name: unicodedata.normalize("NFKC", getattr(record, field.name))
        for field in record._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices
    }
    return {name: NOT_HERE for name, text in texts.items() if TOO_SECRET.search(text)}


class LocalProfile(InDistrict, Record):
    """One version of a local profile. It has no file, no summary and no content."""

    class Level(models.TextChoices):
        FORCE = "force", gettext_lazy("Force")
        DISTRICT = "district", gettext_lazy("District")
        NEIGHBOURHOOD = "neighbourhood", gettext_lazy("Neighbourhood")

    class State(models.TextChoices):
        COMMISSIONED = "commissioned", gettext_lazy("Commissioned")
        IN_PRODUCTION = "in_production", gettext_lazy("In production")
        ISSUED = "issued", gettext_lazy("Issued")
        BRIEFED = "briefed", gettext_lazy("Briefed")
        SUPERSEDED = "superseded", gettext_lazy("Superseded")

    organisation_paths = ("owner",)
    belongs_to = ("replaces",)
    CURRENT = (State.ISSUED, State.BRIEFED)

    title = models.CharField(max_length=200, help_text=gettext_lazy("A title that discloses nothing."))
    level = models.CharField(max_length=14, choices=Level)
    owner = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=gettext_lazy("The organisation that produces it."),
    )
    version_date = models.DateField(
        gettext_lazy("date of this version"),
        null=True,
        blank=True,
        help_text=gettext_lazy("Leave empty if no source gives it."),
    )
    period_from = models.DateField(gettext_lazy("covers from"), null=True, blank=True)
    period_to = models.DateField(gettext_lazy("covers to"), null=True, blank=True)
    state = models.CharField(gettext_lazy("status"), max_length=14, choices=State, default=State.COMMISSIONED)
    review_due = models.DateField(gettext_lazy("review due"), null=True, blank=True)
    document_marking = models.CharField(
        gettext_lazy("marking of the document"),
        max_length=60,
        blank=True,
        help_text=gettext_lazy("As printed on the document. SECRET and above must not be entered."),
    )
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        help_text=gettext_lazy("The version before this one."),
    )

    objects = RecordQuerySet["LocalProfile"].as_manager()

    class Meta(Record.Meta):
        ordering: ClassVar = ["level", "area", F("version_date").desc(nulls_last=True), "-pk"]
        constraints: ClassVar = [
            *Record.Meta.constraints,
            in_order("period_from", "period_to"),
            models.CheckConstraint(
                condition=~Q(level="district") | Q(area__isnull=False),
                name="local_profile_district_has_area",
                violation_error_message=gettext_lazy("Choose the district of a district's profile."),
            ),
            models.UniqueConstraint(
                fields=["area"],
                condition=Q(level="district", state__in=["issued", "briefed"]),
                name="local_profile_one_current",
                violation_error_message=gettext_lazy(
                    "This district has a current profile. Mark that one as superseded first."
                ),
            ),
        ]

    constraint_fields: ClassVar = {
        "%(class)s_period_to_in_order": "period_to",
        "local_profile_district_has_area": "area",
    }

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        errors = secret_errors(self)
        if self.pk is not None and self.pk in self._versions_before():
            errors["replaces"] = gettext("A profile cannot replace itself, or a version that came after it.")
        if errors:
            raise ValidationError(errors)
        super().clean()

    def _versions_before(self) -> set[int]:
        """Return the ids of the versions that this one replaces, and that those replaced."""
        ids: set[int] = set()
        before = self.replaces
        while before is not None and before.pk not in ids:
            ids.add(before.pk)
            before = before.replaces
        return ids

    def age_in_months(self, on: date) -> int | None:
        """Return the whole months since the date of this version; None if no source gives it."""
        if self.version_date is None:
            return None
        months = (on.year - self.version_date.year) * 12 + on.month - self.version_date.month
        return months - (on.day < self.version_date.day)


class AboutProfile(OrganisationFact):
    """What an organisation did with a profile."""

    class Meta(OrganisationFact.Meta):
        abstract = True

    def clean(self) -> None:
        errors = secret_errors(self)
        if errors:
            raise ValidationError(errors)
        super().clean()


class ProfileBriefing(AboutProfile):
    """That an organisation was briefed on a profile."""

    belongs_to = ("profile",)

    profile = models.ForeignKey(LocalProfile, on_delete=models.PROTECT, related_name="briefings")
    audience = models.CharField(
        max_length=120, blank=True, help_text=gettext_lazy("For example, neighbourhood teams.")
    )
    briefed_on = models.DateField(
        null=True, blank=True, help_text=gettext_lazy("Leave empty if no source gives the day.")
    )

    objects = RecordQuerySet["ProfileBriefing"].as_manager()

    class Meta(OrganisationFact.Meta):
        ordering: ClassVar = ["profile", "-briefed_on", "organisation__name"]

    def __str__(self) -> str:
        return f"{self.profile}: {self.organisation}"


class PlanAlignment(AboutProfile):
    """Which version of a profile a district's part of a plan was aligned to, and when."""

    reported = True
    belongs_to = ("profile",)
    shows = ("plan",)

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    profile = models.ForeignKey(LocalProfile, on_delete=models.PROTECT, related_name="alignments")
    aligned_on = models.DateField()

    objects = RecordQuerySet["PlanAlignment"].as_manager()

    class Meta(OrganisationFact.Meta):
        ordering: ClassVar = ["plan", "organisation__name", "-aligned_on"]
        constraints: ClassVar = [
            *OrganisationFact.Meta.constraints,
            one_current(
                "plan", "organisation", "profile", message=gettext_lazy("This alignment is recorded already.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {self.organisation}"
