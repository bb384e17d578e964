from datetime import date

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from audit.actors import Reader
from audit.models import Ledger, Tracked
from partners import policies


class PartnershipQuerySet(QuerySet["Partnership"]):
    def visible_to(self, user: Reader, on: date) -> "PartnershipQuerySet":
        return self.filter(pk__in=policies.rights_of(user, on).partnerships())

    def editable_by(self, user: Reader, on: date) -> "PartnershipQuerySet":
        """Keep the partnerships whose reference data and people the user may change."""
        if not policies.why_not_administer(user):
            return self.all()
        return self.filter(pk__in=policies.rights_of(user, on).partnerships(policies.Role.PROGRAMME_MANAGER))

    def sandboxes(self) -> "PartnershipQuerySet":
        return self.filter(is_sandbox=True)

    def audited_by(self, user: Reader, on: date) -> "PartnershipQuerySet":
        """Keep the partnerships whose ledger the user may read."""
        return self.filter(pk__in=policies.audited_partnerships(policies.rights_of(user, on)))


class Partnership(Tracked):
    """The tenant: a police force and the bodies it delivers Prevent with. Nothing crosses partnerships."""

    is_dated = False
    ledger_path = "ledger"

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(unique=True)
    is_sandbox = models.BooleanField(
        gettext_lazy("sandbox"),
        default=False,
        editable=False,
        help_text=gettext_lazy("For testing with made-up data. No email is sent about it."),
    )
    ledger = models.OneToOneField(
        Ledger, on_delete=models.PROTECT, related_name="partnership", editable=False
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
