from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from web.language import day_text


class LastLook(models.Model):
    """The tasks that a person marked as seen, so that My work can list what is new first.

    It is a preference and no decision about the work, so it is not in the ledger.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="last_look")
    at = models.DateTimeField()
    tasks = models.JSONField(help_text=gettext_lazy("The keys of the tasks (`Task.key`)."))

    class Meta:
        ordering: ClassVar[list[str]] = ["user"]

    def __str__(self) -> str:
        return f"{self.user}: {day_text(self.at)}"
