from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext, gettext_lazy

from audit.actors import Reader
from audit.models import Tracked
from meetings.meetings import policies
from meetings.meetings.states import OPEN, TOOK_PLACE, MeetingState, Subject
from partners.models import Board, BoardSeat
from partners.policies import rights_of
from standards import marking as markings
from web.language import day_text, month_text
from web.markings import handling_column, marking_column
from web.text import LongText


class MeetingQuerySet(QuerySet["Meeting"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        seats = BoardSeat.objects.running_on(on)
        return self.filter(policies.visible_meetings(rights_of(user, on), seats))

    def expecting(self, user: Reader, on: date) -> Self:
        """Keep the meetings at which the user is expected, among those they may view."""
        seats = BoardSeat.objects.running_on(on)
        return self.visible_to(user, on).filter(policies.expected_at(rights_of(user, on), seats))

    def took_place(self) -> Self:
        """Keep the meetings that were held: neither planned nor cancelled."""
        return self.filter(state__in=TOOK_PLACE)


class AgendaItemQuerySet(QuerySet["AgendaItem"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        meetings = Meeting.objects.visible_to(user, on)
        return self.filter(policies.visible_items(rights_of(user, on), meetings))


class Meeting(Tracked):
    """One meeting of a board. People appear in it by post, not by name."""

    State = MeetingState

    class Precision(models.TextChoices):
        DAY = "day", gettext_lazy("The day is known")
        MONTH = "month", gettext_lazy("Only the month is known")

    class Basis(models.TextChoices):
        RECORDED = "recorded", gettext_lazy("Recorded here")
        STATED = "stated", gettext_lazy("Stated in a paper")
        ILLUSTRATIVE = "illustrative", gettext_lazy("Illustrative")

    ledger_path = "board__partnership__ledger"
    constraint_fields = {
        "meeting_sensitive_has_handling": "handling_instruction",
        "meeting_ends_after_it_starts": "ends_at",
        "meeting_stated_has_source": "source",
        "meeting_one_a_day": "day",
    }

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="meetings")
    day = models.DateField(
        gettext_lazy("date"), help_text=gettext_lazy("The first of the month where only the month is known.")
    )
    precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    starts_at = models.TimeField(gettext_lazy("start"), null=True, blank=True)
    ends_at = models.TimeField(gettext_lazy("end"), null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    is_online = models.BooleanField(gettext_lazy("held online"), default=False)
    chair = models.CharField(max_length=160, blank=True, help_text=gettext_lazy("The post, not a name."))
    minute_taker = models.CharField(
        max_length=160, blank=True, help_text=gettext_lazy("The post, not a name.")
    )
    quorum = models.PositiveSmallIntegerField(default=0)
    marking = marking_column()
    handling_instruction = handling_column()
    basis = models.CharField(max_length=14, choices=Basis, default=Basis.RECORDED)
    source = models.CharField(max_length=300, blank=True, help_text=gettext_lazy("The paper and paragraph."))
    state = models.CharField(
        max_length=10, choices=MeetingState, default=MeetingState.PLANNED, editable=False
    )
    cancelled_reason = LongText(
        gettext_lazy("reason for cancelling"), max_length=1000, blank=True, editable=False
    )
    confirmed_by_meeting = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmed_meetings",
        editable=False,
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = [F("day").desc(), "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "day"],
                condition=Q(precision="day") & ~Q(state="cancelled"),
                name="meeting_one_a_day",
                violation_error_message=gettext_lazy("This board already has a meeting on this day."),
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_it_starts",
                violation_error_message=gettext_lazy("The meeting must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(marking=markings.Marking.OFFICIAL.value) | ~Q(handling_instruction=""),
                name="meeting_sensitive_has_handling",
                violation_error_message=gettext_lazy("OFFICIAL-SENSITIVE needs a handling instruction."),
            ),
            models.CheckConstraint(
                condition=~Q(basis="stated") | ~Q(source=""),
                name="meeting_stated_has_source",
                violation_error_message=gettext_lazy("Enter the paper that states this meeting."),
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", confirmed_by_meeting__isnull=False)
                | ~Q(state="confirmed") & Q(confirmed_by_meeting=None),
                name="meeting_confirmed_by_a_meeting",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_reason=""),
                name="meeting_cancelled_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.board}, {self.day_in_words}"

    @property
    def reading_label(self) -> str:
        return gettext("Meeting of {day}").format(day=self.day_in_words)

    @property
    def partnership_id(self) -> int:
        return self.board.partnership_id

    @property
    def day_in_words(self) -> str:
        """The date as it is known, such as 8 October 2019 or September 2018."""
        return day_text(self.day) if self.precision == self.Precision.DAY else month_text(self.day)

    @property
    def place_in_words(self) -> str:
        """Where it is held, such as Carr Gate, online."""
        places = (
            [self.place, gettext("online") if self.place else gettext("Online")]
            if self.is_online
            else [self.place]
        )
        return ", ".join(filter(None, places))

    @property
    def time_in_words(self) -> str:
        """The start and the end as they are known, such as 14:00 to 16:00."""
        return " to ".join(f"{time:%H:%M}" for time in (self.starts_at, self.ends_at) if time)

    @property
    def is_open(self) -> bool:
        """Whether its record may still change."""
        return self.state in OPEN

    @property
    def took_place(self) -> bool:
        return self.state in TOOK_PLACE

    def clean(self) -> None:
        if not self.board.runs_on(self.day):
            raise ValidationError(
                {
                    "day": gettext("{board} did not exist on {day}.").format(
                        board=self.board, day=day_text(self.day)
                    )
                }
            )
        if self.precision == self.Precision.MONTH and self.day.day != 1:
            raise ValidationError(
                {"day": gettext("Enter the first of the month where the day is not known.")}
            )


class AgendaItem(Tracked):
    """One numbered item of a meeting's agenda."""

    class Purpose(models.TextChoices):
        DECISION = "decision", gettext_lazy("For decision")
        DISCUSSION = "discussion", gettext_lazy("For discussion")
        INFORMATION = "information", gettext_lazy("For information")

    ledger_path = "meeting__board__partnership__ledger"
    constraint_fields = {
        "item_number_unique": "number",
        "item_private_has_reason": "private_reason",
        "item_subject_is_whole": "subject_ref",
    }

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    purpose = models.CharField(max_length=12, choices=Purpose, default=Purpose.INFORMATION)
    presenter = models.CharField(max_length=160, blank=True, help_text=gettext_lazy("The post, not a name."))
    paper = models.CharField(
        max_length=200,
        blank=True,
        help_text=gettext_lazy("Reference and title of the paper, if there is one."),
    )
    is_private = models.BooleanField(gettext_lazy("taken in private"), default=False)
    private_reason = models.CharField(
        gettext_lazy("reason for taking it in private"),
        max_length=200,
        blank=True,
        help_text=gettext_lazy("For example, paragraph 7 of Schedule 12A to the Local Government Act 1972."),
    )
    marking = marking_column()

    subject = models.CharField(
        gettext_lazy("what is to be decided"), max_length=14, choices=Subject, blank=True
    )
    subject_ref = models.CharField(gettext_lazy("reference"), max_length=24, blank=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="item_number_unique",
                violation_error_message=gettext_lazy("This agenda already has an item with this number."),
            ),
            models.CheckConstraint(
                condition=Q(is_private=False) | ~Q(private_reason=""),
                name="item_private_has_reason",
                violation_error_message=gettext_lazy("Say why the item is taken in private."),
            ),
            models.CheckConstraint(
                condition=Q(subject="", subject_ref="") | ~Q(subject="") & ~Q(subject_ref=""),
                name="item_subject_is_whole",
                violation_error_message=gettext_lazy("Enter the reference of what is to be decided."),
            ),
        ]

    def __str__(self) -> str:
        return gettext("Item {number}: {title}").format(number=self.number, title=self.title)

    @property
    def is_restricted(self) -> bool:
        """Whether it belongs to the private part, which only those who see everything may view."""
        return self.is_private or self.marking != markings.Marking.OFFICIAL

    @property
    def subject_in_words(self) -> str:
        """What is to be decided, such as Rating of an action: WY20-07; empty for nothing in this record."""
        return f"{self.get_subject_display()}: {self.subject_ref}" if self.subject else ""

    def clean(self) -> None:
        # A meeting's papers show its marking, so no item may be marked higher.
        if markings.highest([self.marking, self.meeting.marking]) != self.meeting.marking:
            raise ValidationError({"marking": gettext("Mark the meeting OFFICIAL-SENSITIVE first.")})
