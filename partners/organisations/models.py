from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext, gettext_lazy

from audit.models import Tracked
from partners.organisations.querysets import ReferenceQuerySet
from partners.partnerships.models import Partnership


class Area(Tracked):
    """A district of the force."""

    ledger_path = "partnership__ledger"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="areas")
    name = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "order", "name"]
        constraints = [models.UniqueConstraint("partnership", Lower("name"), name="area_name_unique")]

    def __str__(self) -> str:
        return self.name


class Organisation(Tracked):
    class Kind(models.TextChoices):
        POLICE_FORCE = "police_force", gettext_lazy("Police force")
        POLICE_DISTRICT = "police_district", gettext_lazy("Police district")
        COUNTER_TERRORISM = "counter_terrorism", gettext_lazy("Counter terrorism policing")
        LOCAL_POLICING_BODY = "local_policing_body", gettext_lazy("Local policing body")
        COUNCIL = "council", gettext_lazy("Council")
        COUNCIL_SERVICE = "council_service", gettext_lazy("Council service")
        GOVERNMENT = "government", gettext_lazy("Government department or agency")
        INSPECTORATE = "inspectorate", gettext_lazy("Inspectorate")
        ARMED_FORCES = "armed_forces", gettext_lazy("Armed forces")
        EDUCATION = "education", gettext_lazy("Education")
        HEALTH = "health", gettext_lazy("Health")
        COMMUNITY = "community", gettext_lazy("Community or faith body")
        RESEARCH = "research", gettext_lazy("Research")
        OTHER = "other", gettext_lazy("Other")

    class Schedule6Sector(models.TextChoices):
        """Sectors of the specified authorities, Counter-Terrorism and Security Act 2015, Schedule 6."""

        NONE = "", gettext_lazy("Not a specified authority")
        LOCAL_GOVERNMENT = "local_government", gettext_lazy("Local government")
        CRIMINAL_JUSTICE = "criminal_justice", gettext_lazy("Criminal justice")
        EDUCATION = "education", gettext_lazy("Education, child care etc.")
        HEALTH = "health_and_social_care", gettext_lazy("Health and social care")
        POLICE = "police", gettext_lazy("Police")

    ledger_path = "partnership__ledger"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="organisations")
    name = models.CharField(max_length=160)
    short_name = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=24, choices=Kind)
    schedule_6_sector = models.CharField(
        gettext_lazy("Schedule 6 sector"),
        max_length=24,
        choices=Schedule6Sector,
        blank=True,
        help_text=gettext_lazy("Counter-Terrorism and Security Act 2015, Schedule 6."),
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations"
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("partnership", Lower("name"), name="organisation_name_unique")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        for field in ("parent", "area"):
            other = getattr(self, field)
            if other is not None and other.partnership_id != self.partnership_id:
                raise ValidationError({field: gettext("Select one in this partnership")})
        ancestor = self.parent
        while ancestor is not None:
            if self.pk is not None and ancestor.pk == self.pk:
                raise ValidationError(
                    {"parent": gettext("An organisation cannot be its own parent, directly or indirectly")}
                )
            ancestor = ancestor.parent


class OrganisationAlias(Tracked):
    """Another name for an organisation, used in plans and reports."""

    ledger_path = "partnership__ledger"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=160)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = gettext_lazy("organisation aliases")
        constraints = [
            models.UniqueConstraint("partnership", Lower("name"), name="organisation_alias_unique")
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.organisation_id and self.organisation.partnership_id != self.partnership_id:
            raise ValidationError({"organisation": gettext("Select one in this partnership")})
