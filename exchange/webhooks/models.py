"""Webhooks and their messages."""

from datetime import date, datetime
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext, gettext_lazy

from audit.actors import Reader
from audit.models import Tracked
from exchange.webhooks import policies
from partners.models import ApiClient
from partners.policies import rights_of

# The reason starts with this where a person paused the webhook; nobody gets a task to fix it then.
BY_HAND = "Paused by "


class WebhookQuerySet(QuerySet["Webhook"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(policies.visible_webhooks(rights_of(user, on)))

    def running(self) -> Self:
        """Keep webhooks that are not paused, of active clients."""
        return self.filter(paused_at=None, client__is_active=True, client__user__is_active=True)

    def stopped(self) -> Self:
        """Keep webhooks of active clients that were paused because messages failed, not by a person."""
        in_use = self.filter(client__is_active=True, client__user__is_active=True)
        return in_use.filter(paused_at__isnull=False).exclude(paused_because__startswith=BY_HAND)

    def due(self, at: datetime) -> Self:
        """Keep running webhooks with a message to try again, or with changes not read yet."""
        undelivered = WebhookDelivery.objects.filter(webhook=OuterRef("pk")).undelivered()
        waiting = undelivered.waiting()
        behind = Q(position__lt=F("client__partnership__ledger__sequence"))
        return self.running().filter(
            Exists(undelivered.filter(next_attempt_at__lte=at)) | ~Exists(waiting) & behind
        )


class DeliveryQuerySet(QuerySet["WebhookDelivery"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(policies.visible_webhooks(rights_of(user, on), "webhook__"))

    def undelivered(self) -> Self:
        return self.filter(delivered_at=None)

    def waiting(self) -> Self:
        """Keep the message that later messages of its webhook wait for."""
        return self.undelivered().filter(set_aside_at=None)

    def set_aside(self) -> Self:
        """Keep messages that later ones do not wait for: sent later, or skipped."""
        return self.undelivered().filter(set_aside_at__isnull=False)

    def skipped(self) -> Self:
        """Keep messages that are not tried again."""
        return self.undelivered().filter(next_attempt_at=None)


HTTPS_ONLY = gettext_lazy("Enter an https address, like https://example.org/hooks.")


class Webhook(Tracked):
    """An address to which a client's changes are sent, with its own position in the change feed."""

    is_dated = False
    ledger_path = "client__partnership__ledger"
    # Secrets stay out of the ledger, and the position changes without anybody's decision.
    ledger_exclude: ClassVar[frozenset[str]] = frozenset(
        {"secret", "former_secret", "position", "reach", "queued_at"}
    )

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField(
        gettext_lazy("address"),
        max_length=500,
        validators=[URLValidator(schemes=["https"], message=HTTPS_ONLY)],
    )
    created_at = models.DateTimeField(editable=False)
    secret = models.TextField(editable=False, help_text=gettext_lazy("Encrypted. Signs the messages."))
    former_secret = models.TextField(blank=True, editable=False, help_text=gettext_lazy("Encrypted."))
    former_until = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy("Until then messages have both signatures."),
    )
    paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    paused_because = models.CharField(max_length=300, blank=True, editable=False)
    position = models.PositiveBigIntegerField(
        default=0, editable=False, help_text=gettext_lazy("In the ledger.")
    )
    reach = models.CharField(max_length=16, blank=True, editable=False)
    queued_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["client", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "url"],
                name="webhook_address_unique",
                violation_error_message=gettext_lazy("This client already has a webhook with this address."),
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None) | ~Q(paused_because=""), name="webhook_paused_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client}: {self.url}"

    def clean(self) -> None:
        if self.client.user is None:
            raise ValidationError({"client": gettext("This client has no account.")})

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None


class WebhookDelivery(models.Model):
    """One message about a range of ledger entries.

    Its body is written again for each attempt, without what the receiver may no longer view.
    """

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=40, unique=True)
    after = models.PositiveBigIntegerField()
    upto = models.PositiveBigIntegerField()
    reach = models.CharField(max_length=16, blank=True, help_text=gettext_lazy("At the start of the range."))
    made_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_attempt_at = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    last_result = models.CharField(max_length=200, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    set_aside_at = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("Since then later messages do not wait for this one.")
    )
    number = models.PositiveIntegerField(
        default=0, help_text=gettext_lazy("How many changes the body lists.")
    )
    body = models.TextField(blank=True, help_text=gettext_lazy("As last sent."))

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]
        verbose_name_plural = gettext_lazy("webhook deliveries")
        indexes = [models.Index(fields=["delivered_at"], name="delivery_delivered")]
        constraints = [
            models.CheckConstraint(condition=Q(upto__gte=F("after")), name="delivery_goes_forwards"),
            models.CheckConstraint(
                condition=Q(delivered_at=None) | Q(next_attempt_at=None), name="delivery_done_has_no_next"
            ),
            models.UniqueConstraint(
                fields=["webhook"],
                condition=Q(delivered_at=None, set_aside_at=None),
                name="delivery_one_waits",
            ),
        ]

    def __str__(self) -> str:
        return self.message_id

    @property
    def is_skipped(self) -> bool:
        """Whether it is not tried again: a person skipped it, or its last attempt failed."""
        return self.delivered_at is None and self.next_attempt_at is None
