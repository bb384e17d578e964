"""Who represents the police at Channel panels: counts by month, and nothing of a meeting, a case or a person."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_lazy

from partners.models import Organisation
from programme.records.constraints import one_current, one_each
from programme.records.models import Fact, Record, RecordQuerySet
from web.language import month_text
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
        help_text=gettext_lazy("The police district whose Prevent Sergeant checks representation."),
    )
    requirement = LongText(
        gettext_lazy("police representation required"),
        max_length=1000,
        blank=True,
        help_text=gettext_lazy("What the chair has set. The chair decides who sits on the panel."),
    )
    required_from = models.DateField(null=True, blank=True)

    objects = RecordQuerySet["ChannelPanel"].as_manager()

    class Meta(Record.Meta):
        ordering: ClassVar = ["council__name"]
        verbose_name = gettext_lazy("Channel panel")
        constraints: ClassVar = [
            *Record.Meta.constraints,
            one_each("council", message=gettext_lazy("This council's panel is recorded already.")),
        ]

    def __str__(self) -> str:
        return gettext("Channel panel of {council}").format(council=self.council)


class PanelMonth(Fact):
    """A panel's meetings in a month, by who represented the police at them."""

    organisation_paths = ("panel__monitored_by", "panel__council")
    reported = True
    belongs_to = ("panel",)
    whole_months = ("month",)

    panel = models.ForeignKey(ChannelPanel, on_delete=models.PROTECT, related_name="months")
    month = models.DateField(help_text=gettext_lazy("Any day of the month."))
    held = models.PositiveSmallIntegerField(gettext_lazy("meetings held"))
    both = models.PositiveSmallIntegerField(gettext_lazy("local policing and CTP"), default=0)
    local_only = models.PositiveSmallIntegerField(gettext_lazy("local policing only"), default=0)
    ctp_only = models.PositiveSmallIntegerField(gettext_lazy("CTP only"), default=0)
    neither = models.PositiveSmallIntegerField(default=0)
    not_recorded = models.PositiveSmallIntegerField(default=0)
    reason = LongText(
        gettext_lazy("reason that neither attended"),
        max_length=1000,
        blank=True,
        help_text=gettext_lazy("Needed if neither attended a meeting. Nothing about cases or people."),
    )
    checked_by = models.CharField(
        max_length=120, blank=True, help_text=gettext_lazy("A role, such as Prevent Sergeant.")
    )

    objects = RecordQuerySet["PanelMonth"].as_manager()

    class Meta(Fact.Meta):
        ordering: ClassVar = ["-month", "panel__council__name"]
        verbose_name = gettext_lazy("month of a panel")
        verbose_name_plural = gettext_lazy("months of panels")
        constraints: ClassVar = [
            *Fact.Meta.constraints,
            one_current(
                "panel", "month", message=gettext_lazy("This month of the panel is recorded already.")
            ),
            models.CheckConstraint(
                condition=Q(
                    held=F("both") + F("local_only") + F("ctp_only") + F("neither") + F("not_recorded")
                ),
                name="panel_month_adds_up",
                violation_error_message=gettext_lazy("The five numbers must add up to the meetings held."),
            ),
            models.CheckConstraint(
                condition=Q(neither=0) | ~Q(reason=""),
                name="panel_month_neither_has_reason",
                violation_error_message=gettext_lazy("Say why neither police side attended."),
            ),
        ]

    constraint_fields: ClassVar = {
        "panel_month_adds_up": "held",
        "panel_month_neither_has_reason": "reason",
    }

    def __str__(self) -> str:
        return f"{self.panel}, {month_text(self.month)}"

    def clean(self) -> None:
        super().clean()
        if self.month is not None and self.as_at is not None and self.month > self.as_at:
            raise ValidationError({"month": gettext("Enter a month that has begun by the day of “As at”.")})
