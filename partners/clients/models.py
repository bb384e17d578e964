from datetime import date, datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from oauth2_provider.models import AbstractApplication

from audit.actors import Reader
from audit.clock import london_date
from audit.models import Tracked
from partners import policies
from partners.organisations.models import Organisation
from partners.partnerships.models import Partnership


class ApiClientQuerySet(QuerySet["ApiClient"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(policies.visible_clients(policies.rights_of(user, on)))

    def with_last_use(self) -> Self:
        """Add `last_used_at`, when each client last got a token; None if it never has."""
        return self.annotate(last_used_at=Max("secrets__last_used_at"))


class ClientSecretQuerySet(QuerySet["ClientSecret"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        rights = policies.rights_of(user, on)
        return self.filter(policies.visible_clients(rights, "client__partnership"))

    def unexpired(self, at: datetime) -> Self:
        """Return the secrets without an end before that moment."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at))

    def creators(self, account_id: int, at: datetime) -> frozenset[int]:
        """Return the people who have, or may have, seen a secret with which the client of that account could act then.

        Whoever sent its link to an address of nobody in the organisation counts: the address may be their own.
        """
        rows = self.unexpired(at).filter(client__user=account_id)
        people: set[int | None] = set()
        for link, recipient, sender, creator in rows.values_list(
            "link", "link__recipient", "link__created_by", "created_by"
        ):
            people |= {creator, sender if link and not recipient else None}
        return frozenset(pk for pk in people if pk is not None)

    def running(self, at: datetime) -> Self:
        """Return the secrets that work at that moment: none from before the client's account was closed."""
        return self.unexpired(at).filter(access_version=F("client__user__access_version"))


class SecretLinkQuerySet(QuerySet["SecretLink"]):
    def open(self) -> Self:
        """Return the links that nobody used or withdrew. They may have expired."""
        return self.filter(claimed_at=None, withdrawn_at=None)


class ApiClient(AbstractApplication, Tracked):
    """A partner's system. It acts through an account of its own (`user`) with a partner contact's membership.

    The library's own secret is random and unused: a client authenticates with one of its `secrets`.
    """

    is_dated = False
    ledger_path = "partnership__ledger"
    # Nobody knows the library's own secret, and the library touches `updated` on its own.
    ledger_exclude: ClassVar[frozenset[str]] = frozenset({"client_secret", "created", "updated"})

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="api_clients")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="api_clients")
    scopes = models.CharField(
        max_length=1000, help_text=gettext_lazy("Scopes this client can request, separated by spaces.")
    )
    is_active = models.BooleanField(gettext_lazy("active"), default=True)

    objects = ApiClientQuerySet.as_manager()

    class Meta(AbstractApplication.Meta):
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"
        ordering = ["name"]
        verbose_name = gettext_lazy("API client")

    def clean(self) -> None:
        super().clean()
        if self.organisation.partnership_id != self.partnership_id:
            raise ValidationError({"organisation": gettext("Select an organisation in this partnership")})

    def get_absolute_url(self) -> str:
        """Return the client's page; the library's default is a page this service does not have."""
        return reverse("partners:client", args=[self.pk])

    def is_usable(self, request: object) -> bool:
        return self.is_active and self.user is not None and self.user.is_active


class SecretLink(Tracked):
    """A link by which somebody at the organisation creates the secret of its client. It is emailed, and works once."""

    is_dated = False
    ledger_path = "client__partnership__ledger"

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="secret_links")
    email = models.EmailField(gettext_lazy("email address"), max_length=254)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=gettext_lazy("The person of the organisation who has this address."),
    )
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    ends_at = models.DateTimeField(editable=False, help_text=gettext_lazy("When the link stops working."))
    former_until = models.DateField(
        null=True,
        blank=True,
        help_text=gettext_lazy("The last day of the secrets that the new one replaces."),
    )
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    access_version = models.PositiveIntegerField(
        default=0, editable=False, help_text=gettext_lazy("That of the client's account when it was sent.")
    )

    objects = SecretLinkQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(claimed_at=None, withdrawn_at=None),
                name="secretlink_one_open",
            ),
            models.CheckConstraint(
                condition=Q(claimed_at=None) | Q(withdrawn_at=None), name="secretlink_ends_once"
            ),
        ]

    def __str__(self) -> str:
        return gettext("{client}: link {pk}").format(client=self.client, pk=self.pk or "not yet saved")


class ClientSecret(Tracked):
    """A secret of a client. It is shown once, when created; only its checksum is stored.

    Two secrets can work at the same time while one replaces the other.
    """

    is_dated = False
    ledger_path = "client__partnership__ledger"
    # A checksum does not belong in the ledger, and using a secret is not a change.
    ledger_exclude: ClassVar[frozenset[str]] = frozenset({"digest", "last_used_at"})

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="secrets")
    digest = models.CharField(
        max_length=64, unique=True, editable=False, help_text=gettext_lazy("SHA-256 of the secret.")
    )
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=gettext_lazy("The person who created it, and so has seen it."),
    )
    link = models.OneToOneField(
        SecretLink, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="secret"
    )
    ends_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=gettext_lazy("When the secret stops working.")
    )
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    access_version = models.PositiveIntegerField(
        default=0, editable=False, help_text=gettext_lazy("That of the client's account when it was created.")
    )

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
        return gettext("{client}: secret {pk}").format(client=self.client, pk=self.pk or "not yet saved")

    @property
    def last_day(self) -> date | None:
        """Last day on which the secret works; None if no end is set."""
        return london_date(self.ends_at - timedelta(microseconds=1)) if self.ends_at else None
