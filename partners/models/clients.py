from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from oauth2_provider.models import AbstractApplication

from audit.models import Tracked
from partners.models.organisations import Organisation
from partners.models.partnerships import Partnership
from partners.querysets import ReferenceQuerySet


class ApiClient(AbstractApplication, Tracked):
    """A partner's system. It acts through an account of its own (`user`) with a partner contact's membership."""

    ledger_path = "partnership__ledger"
    # The secret's hash is nobody's business, and the library touches `updated` on its own.
    ledger_exclude: ClassVar[frozenset[str]] = frozenset({"client_secret", "created", "updated"})

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="api_clients")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="api_clients")
    scopes = models.CharField(
        max_length=255, help_text="Scopes this client may ask for, separated by spaces."
    )
    is_active = models.BooleanField("active", default=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta(AbstractApplication.Meta):
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"
        ordering = ["name"]
        verbose_name = "API client"

    def clean(self) -> None:
        super().clean()
        if self.organisation.partnership_id != self.partnership_id:
            raise ValidationError({"organisation": "This organisation belongs to another partnership."})

    def is_usable(self, request: object) -> bool:
        return self.is_active and self.user is not None and self.user.is_active
