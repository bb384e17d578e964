from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower

from audit.models import Tracked
from partners.organisations.models import Organisation
from partners.organisations.querysets import ReferenceQuerySet
from partners.partnerships.models import Partnership


class Board(Tracked):
    """A body that meets and receives reports. Tier names are local, so they are data."""

    class Cadence(models.TextChoices):
        MONTHLY = "monthly", "Monthly"
        QUARTERLY = "quarterly", "Quarterly"
        TWICE_A_YEAR = "twice_a_year", "Twice a year"
        ANNUALLY = "annually", "Annually"
        AS_NEEDED = "as_needed", "As needed"

    ledger_path = "partnership__ledger"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="boards")
    name = models.CharField(max_length=120)
    tier = models.CharField(
        max_length=40, help_text="The local name, for example Gold, Silver, Bronze or Public scrutiny."
    )
    cadence = models.CharField(max_length=16, choices=Cadence, default=Cadence.QUARTERLY)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "name"]
        constraints = [models.UniqueConstraint("partnership", Lower("name"), name="board_name_unique")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.parent is not None and self.parent.partnership_id != self.partnership_id:
            raise ValidationError({"parent": "Select a board in this partnership"})
        above = self.parent
        while above is not None:
            if self.pk is not None and above.pk == self.pk:
                raise ValidationError({"parent": "A board cannot report to itself, directly or indirectly"})
            above = above.parent


class MouArea(Tracked):
    """An area of responsibility that the memorandum of understanding divides between organisations."""

    ledger_path = "partnership__ledger"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="mou_areas")
    name = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField(default=0)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "order", "name"]
        verbose_name = "MOU area"
        constraints = [models.UniqueConstraint("partnership", Lower("name"), name="mou_area_name_unique")]

    def __str__(self) -> str:
        return self.name


class Responsibility(Tracked):
    class Kind(models.TextChoices):
        LEADS = "leads", "Leads"
        SUPPORTS = "supports", "Supports"

    ledger_path = "mou_area__partnership__ledger"
    partnership_path = "mou_area__partnership"

    mou_area = models.ForeignKey(MouArea, on_delete=models.PROTECT, related_name="responsibilities")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="responsibilities")
    kind = models.CharField(max_length=10, choices=Kind)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["mou_area", "kind", "organisation"]
        verbose_name_plural = "responsibilities"
        constraints = [
            models.UniqueConstraint(fields=["mou_area", "organisation"], name="responsibility_unique")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.kind} {self.mou_area}"

    @property
    def partnership_id(self) -> int:
        return self.mou_area.partnership_id

    def clean(self) -> None:
        if self.organisation.partnership_id != self.mou_area.partnership_id:
            raise ValidationError({"organisation": "Select an organisation in this partnership"})
