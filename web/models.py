from typing import ClassVar

from django.db import models
from django.db.models import Q


class KeptAnswer(models.Model):
    """What a caller was answered to a request with an idempotency key, to be given again when the request is repeated.

    It is written in the transaction of the change it answers: either both are there, or neither. What happened is in the
    ledger; this is a copy of the answer alone, kept for as long as somebody may repeat the request.
    """

    caller = models.CharField(max_length=64, help_text="The id of the account that asked.")
    key = models.CharField(max_length=255)
    request = models.CharField(max_length=64, help_text="SHA-256 of what was asked: method, address, body.")
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["caller", "key"], name="keptanswer_caller_key_unique"),
            models.CheckConstraint(
                condition=Q(status=None) | Q(status__range=(200, 499)), name="keptanswer_status"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.caller}"
