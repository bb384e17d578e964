from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy


class StoredResponse(models.Model):
    """The response to a request with an idempotency key, returned again if the request is repeated.

    It is written in the transaction of the change, so both exist or neither. The ledger has the history; this is only a
    copy of the response, stored for as long as a repeat is accepted.
    """

    caller = models.CharField(
        max_length=64, help_text=gettext_lazy("ID of the account that sent the request.")
    )
    key = models.CharField(max_length=255)
    request = models.CharField(
        max_length=64, help_text=gettext_lazy("SHA-256 of the method, address and body of the request.")
    )
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["caller", "key"], name="storedresponse_caller_key_unique"),
            models.CheckConstraint(
                condition=Q(status=None) | Q(status__range=(200, 499)), name="storedresponse_status"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.caller}"


class Draft(models.Model):
    """What somebody typed in a long form and has not saved: encrypted, for one person and one address, for a week."""

    account = models.PositiveBigIntegerField()
    address = models.CharField(max_length=300)
    sealed = models.TextField(help_text=gettext_lazy("The values, encrypted under SECRET_KEY."))
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "address"], name="draft_account_address_unique")
        ]

    def __str__(self) -> str:
        return f"{self.address} of {self.account}"


class KnownKey(models.Model):
    """A SECRET_KEY that the database was used with, so that a service that starts with another one says so."""

    fingerprint = models.CharField(max_length=64, unique=True, help_text=gettext_lazy("Checksum of the key."))
    at = models.DateTimeField(help_text=gettext_lazy("When the service first ran with it."))

    def __str__(self) -> str:
        return self.fingerprint[:8]
