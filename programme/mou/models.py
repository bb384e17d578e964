"""The memorandum of understanding that divides responsibilities: its versions, and when each was agreed."""

from typing import ClassVar

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy

from programme.records.constraints import one_each
from programme.records.models import Record, RecordQuerySet


class Memorandum(Record):
    """One version of the memorandum. The responsibilities themselves are reference data."""

    title = models.CharField(max_length=200)
    edition = models.CharField(
        gettext_lazy("memorandum version"),
        max_length=40,
        blank=True,
        help_text=gettext_lazy("Leave empty if no source gives it."),
    )
    agreed_on = models.DateField(
        null=True, blank=True, help_text=gettext_lazy("Leave empty if no source gives the day.")
    )

    objects = RecordQuerySet["Memorandum"].as_manager()

    class Meta(Record.Meta):
        ordering: ClassVar = [F("agreed_on").desc(nulls_last=True), "-pk"]
        verbose_name_plural = gettext_lazy("memoranda")
        constraints: ClassVar = [
            *Record.Meta.constraints,
            one_each(
                "partnership",
                "title",
                "edition",
                message=gettext_lazy("This version of the memorandum is recorded already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.edition}" if self.edition else self.title
