from datetime import date
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext, gettext_lazy

from audit.actors import Reader
from audit.models import Tracked
from meetings.meetings import policies
from meetings.meetings.models import AgendaItem, Meeting
from meetings.meetings.states import MeetingState
from partners.models import Board
from partners.policies import rights_of
from web.language import english, lazy_text
from web.text import LongText

reference_is_plain = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9./ -]*\Z",
    lazy_text("Use letters, digits, spaces, full stops, hyphens and slashes only."),
)


class MinuteQuerySet(QuerySet["Minute"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        meetings = Meeting.objects.visible_to(user, on)
        return self.filter(policies.visible_items(rights_of(user, on), meetings, "item__"))


class Minute(Tracked):
    """One numbered minute of a meeting. Its reference is unique to the board and never given again."""

    class Kind(models.TextChoices):
        NOTED = "noted", gettext_lazy("Noted")
        RESOLVED = "resolved", gettext_lazy("Resolved")
        RECOMMENDED = "recommended", gettext_lazy("Recommended")

    ledger_path = "item__meeting__board__partnership__ledger"
    constraint_fields = {"minute_reference_unique": "reference"}

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="minutes")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="minutes", editable=False)
    reference = models.CharField(max_length=24, validators=[reference_is_plain])
    kind = models.CharField(gettext_lazy("outcome"), max_length=12, choices=Kind, default=Kind.NOTED)
    text = LongText(max_length=6000)
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        help_text=gettext_lazy("The confirmed minute of an earlier meeting that this one corrects."),
    )
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = MinuteQuerySet.as_manager()

    class Meta:
        ordering = ["item__meeting", "item__number", "pk"]
        constraints = [
            models.UniqueConstraint(
                "board",
                Lower("reference"),
                name="minute_reference_unique",
                violation_error_message=gettext_lazy("This board already has a minute with this reference."),
            ),
            models.CheckConstraint(
                condition=~Q(reference="") & ~Q(text=""),
                name="minute_says_something",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Minute {reference}").format(reference=self.reference)

    @property
    def meeting(self) -> Meeting:
        return self.item.meeting

    @property
    def citation(self) -> str:
        """The minute as others cite it, on the record: board, date and reference."""
        with english():
            return f"{self.item.meeting}, minute {self.reference}"

    def clean(self) -> None:
        # The constraint knows one board only; boards that took over from one another share one numbering.
        others = set(self.board.with_line()) - {self.board_id}
        if others and Minute.objects.filter(board__in=others, reference__iexact=self.reference).exists():
            raise ValidationError(
                {
                    "reference": gettext(
                        "The board before or after this one already has a minute with this reference."
                    )
                }
            )
        earlier = self.corrects
        if earlier is None:
            return
        meeting = earlier.item.meeting
        if earlier.board_id not in self.item.meeting.board.with_earlier():
            raise ValidationError({"corrects": gettext("Select a minute of this board.")})
        if meeting.state != MeetingState.CONFIRMED:
            raise ValidationError(
                {
                    "corrects": gettext(
                        "Change the draft instead: the minutes of that meeting are not confirmed."
                    )
                }
            )
        if meeting.day >= self.item.meeting.day:
            raise ValidationError({"corrects": gettext("Select a minute of an earlier meeting.")})
