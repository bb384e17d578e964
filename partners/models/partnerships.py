from django.db import models

from audit.models import Ledger, Tracked
from partners.querysets import PartnershipQuerySet


class Partnership(Tracked):
    """The tenant: a police force and the bodies it delivers Prevent with. Nothing crosses partnerships."""

    ledger_path = "ledger"

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(unique=True)
    is_sandbox = models.BooleanField(
        "sandbox",
        default=False,
        editable=False,
        help_text="Everything in it is made up, for programs to be tried against; nobody is written to about it.",
    )
    ledger = models.OneToOneField(
        Ledger, on_delete=models.PROTECT, related_name="partnership", editable=False
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
