from typing import ClassVar

from django.conf import settings
from django.db import models

from actions.models.actions import Action
from actions.querysets import UpdateRequestQuerySet
from audit.models import Tracked
from web.text import LongText


class UpdateRequest(Tracked):
    """Somebody who runs the plan asks where an action stands. The next progress update answers it."""

    ledger_path = "action__partnership__ledger"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="update_requests")
    question = LongText(max_length=2000)
    wanted_by = models.DateField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    objects = UpdateRequestQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["action", "-asked_at"])]

    def __str__(self) -> str:
        return f"{self.action.ref}: update wanted by {self.wanted_by:%-d %B %Y}"
