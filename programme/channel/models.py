"""Who represents the police at Channel panels: counts by month, and nothing of a meeting, a case or a person."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from partners.models import Organisation
from programme.records.constraints import one_current, one_each
from programme.records.models import Fact, Record, RecordQuerySet
from web.text import LongText

ATTENDED = ("both", "local_only", "ctp_only", "neither", "not_recorded")


class ChannelPanel(Record):
    """A council's Channel panel, and the police district that checks who represents the police there."""

    organisation_paths = ("council", "monitored_by")

    council = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    monitored_by = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The police district whose Prevent Sergeant checks representation.",
    )
    requirement = LongText(
        "police representation required",
        max_length=1000,
        blank=True,
        help_text="What the chair has set. The chair decides who sits on the panel.",
    )
    required_from = models.DateField(null=True, blank=True)

    objects = RecordQuerySet["ChannelPanel"].as_manager()

    class Meta(Record.Meta):
        ordering: ClassVar = ["council__name"]
        verbose_name = "Channel panel"
        constraints: ClassVar = [
            *Record.Meta.constraints,
            one_each("council", message="This council's panel is recorded already."),
        ]

    def __str__(self) -> str:
        return f"Channel panel of {self.council}"


class PanelMonth(Fact):
    """A panel's meetings in a month, by who represented the police at them."""

    organisation_paths = ("panel__monitored_by", "panel__council")
    reported = True
    belongs_to = ("panel",)
    whole_months = ("month",)

    panel = models.ForeignKey(ChannelPanel, on_delete=models.PROTECT, related_name="months")
    month = models.DateField(help_text="Any day of the month.")
    held = models.PositiveSmallIntegerField("meetings held")
    both = models.PositiveSmallIntegerField("local policing and CTP", default=0)
    local_only = models.PositiveSmallIntegerField("local policing only", default=0)
    ctp_only = models.PositiveSmallIntegerField("CTP only", default=0)
    neither = models.PositiveSmallIntegerField(default=0)
    not_recorded = models.PositiveSmallIntegerField(default=0)
    reason = LongText(
        "reason that neither attended",
        max_length=1000,
        blank=True,
        help_text="Needed if neither attended a meeting. Nothing about cases or people.",
    )
    checked_by = models.CharField(max_length=120, blank=True, help_text="A role, such as Prevent Sergeant.")

    objects = RecordQuerySet["PanelMonth"].as_manager()

    class Meta(Fact.Meta):
        ordering: ClassVar = ["-month", "panel__council__name"]
        verbose_name = "month of a panel"
        verbose_name_plural = "months of panels"
        constraints: ClassVar = [
            *Fact.Meta.constraints,
            one_current("panel", "month", message="This month of the panel is recorded already."),
            models.CheckConstraint(
                condition=Q(
                    held=F("both") + F("local_only") + F("ctp_only") + F("neither") + F("not_recorded")
                ),
                name="panel_month_adds_up",
                violation_error_message="The five numbers must add up to the meetings held.",
            ),
            models.CheckConstraint(
                condition=Q(neither=0) | ~Q(reason=""),
                name="panel_month_neither_has_reason",
                violation_error_message="Say why neither police side attended.",
            ),
        ]

    constraint_fields: ClassVar = {
        "panel_month_adds_up": "held",
        "panel_month_neither_has_reason": "reason",
    }

    def __str__(self) -> str:
        return f"{self.panel}, {self.month:%B %Y}"

    def clean(self) -> None:
        super().clean()
        if self.month is not None and self.as_at is not None and self.month > self.as_at:
            raise ValidationError({"month": "Enter a month that has begun by the day of “As at”."})
