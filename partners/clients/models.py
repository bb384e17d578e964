from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Max, Q, QuerySet
from django.urls import reverse
from oauth2_provider.models import AbstractApplication

from audit.clock import london_date
from audit.models import Tracked
from partners import policies
from partners.organisations.models import Organisation
from partners.partnerships.models import Partnership


class ApiClientQuerySet(QuerySet["ApiClient"]):
    def visible_to(self, user: Any, on: date) -> Self:
        return self.filter(policies.visible_clients(policies.rights_of(user, on)))

    def with_last_use(self) -> Self:
        """Add `used_last`, the moment a token was last given to each; none where none ever was."""
        return self.annotate(used_last=Max("secrets__last_used_at"))


class ClientSecretQuerySet(QuerySet["ClientSecret"]):
    def visible_to(self, user: Any, on: date) -> Self:
        rights = policies.rights_of(user, on)
        return self.filter(policies.visible_clients(rights, "client__partnership"))

    def running(self, at: datetime) -> Self:
        """Keep the secrets that open something at that moment."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at))


class ApiClient(AbstractApplication, Tracked):
    """A partner's system. It acts through an account of its own (`user`) with a partner contact's membership.

    The library's one secret is left to chance and opens nothing: a client proves itself by one of its `secrets`.
    """

    ledger_path = "partnership__ledger"
    # Nobody knows the library's own secret, and the library touches `updated` on its own.
    ledger_exclude: ClassVar[frozenset[str]] = frozenset({"client_secret", "created", "updated"})

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="api_clients")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="api_clients")
    scopes = models.CharField(
        max_length=1000, help_text="Scopes this client may ask for, separated by spaces."
    )
    is_active = models.BooleanField("active", default=True)

    objects = ApiClientQuerySet.as_manager()

    class Meta(AbstractApplication.Meta):
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"
        ordering = ["name"]
        verbose_name = "API client"

    def clean(self) -> None:
        super().clean()
        if self.organisation.partnership_id != self.partnership_id:
            raise ValidationError({"organisation": "This organisation belongs to another partnership."})

    def get_absolute_url(self) -> str:
        """Return the client's own page: the library's pages, which it would name, are not served."""
        return reverse("partners:client", args=[self.pk])

    def is_usable(self, request: object) -> bool:
        return self.is_active and self.user is not None and self.user.is_active


class ClientSecret(Tracked):
    """One of a client's secrets. It is shown once, when it is made, and only its checksum is stored.

    While a secret is being replaced two of them run side by side.
    """

    ledger_path = "client__partnership__ledger"
    # The checksum is nobody's business, and to be used is no change that somebody decides.
    ledger_exclude: ClassVar[frozenset[str]] = frozenset({"digest", "last_used_at"})

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="secrets")
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the secret.")
    created_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="From this moment on it opens nothing."
    )
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ClientSecretQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("created_at")),
                name="clientsecret_ends_after_creation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client}: secret {self.pk or 'not yet stored'}"

    @property
    def last_day(self) -> date | None:
        """The last day on which it works, of one whose end is set."""
        return london_date(self.ends_at - timedelta(microseconds=1)) if self.ends_at else None
