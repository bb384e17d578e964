from django.db import models

from audit.models import Ledger, Tracked
from partners.querysets import PartnershipQuerySet


class Partnership(Tracked):
    """The tenant: a police force and the bodies it delivers Prevent with. Nothing crosses partnerships."""

    ledger_path = "ledger"

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(unique=True)
    ledger = models.OneToOneField(
        Ledger, on_delete=models.PROTECT, related_name="partnership", editable=False
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
