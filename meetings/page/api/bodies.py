"""The bodies of requests that write meetings."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from meetings.arisings.models import Arising
from meetings.arisings.queries import people_of
from meetings.attendance.models import Attendance
from meetings.meetings.models import AgendaItem, Meeting
from meetings.meetings.states import Subject
from meetings.minutes.models import Minute
from partners.models import Board, Organisation, User
from standards import marking
from web.api import (
    IdField,
    KeepingSerializer,
    StrictBoolean,
    StrictChoice,
    StrictDate,
    StrictInteger,
    StrictSerializer,
    StrictText,
    VersionField,
)
from web.references import chosen

MISSING = gettext_lazy("There is no such {}.")
MOST_ATTENDEES = 200


class StrictTime(serializers.TimeField):
    """A time of day, such as 14:00."""

    default_error_messages = {"invalid": "Enter a time as HH:MM, such as 14:00"}


def text_of(model: type[models.Model], name: str, help_text: str = "", **options: Any) -> StrictText:
    """Return a field for a text that may be left out, as long as its column allows."""
    length = model._meta.get_field(name).max_length  # type: ignore[union-attr]
    return StrictText(
        max_length=length, **{"required": False, "allow_blank": True, "help_text": help_text, **options}
    )


def one_of(rows: Any, pk: int | None, name: str) -> Any:
    """Return the row of this id, or nothing for none."""
    row = rows.filter(pk=pk).first() if pk is not None else None
    if pk is not None and row is None:
        raise serializers.ValidationError(MISSING.format(name), code="does_not_exist")
    return row


def organisation_of(meeting: Meeting, pk: int | None) -> Any:
    """Return the organisation of this id in the meeting's partnership, or nothing for none."""
    return one_of(Organisation.objects.filter(partnership=meeting.partnership_id), pk, "organisation")


class VersionBody(KeepingSerializer):
    """The version of the meeting that the caller read."""

    version = VersionField()


class MeetingChangeBody(KeepingSerializer):
    """Change the details of a meeting. A field that is left out stays the same."""

    day = StrictDate(required=False, help_text="Date of the meeting.")
    precision = StrictChoice(
        choices=Meeting.Precision.choices,
        required=False,
        help_text="`month` where only the month is known; `day` is then the first of it.",
    )
    starts_at = StrictTime(required=False, allow_null=True)
    ends_at = StrictTime(required=False, allow_null=True)
    place = text_of(Meeting, "place")
    is_online = StrictBoolean(required=False)
    chair = text_of(Meeting, "chair", "The post, not a name.")
    minute_taker = text_of(Meeting, "minute_taker", "The post, not a name.")
    quorum = StrictInteger(required=False, min_value=0, max_value=200)
    marking = StrictChoice(choices=marking.CHOICES, required=False)
    handling_instruction = text_of(Meeting, "handling_instruction", "Required for OFFICIAL-SENSITIVE.")
    basis = StrictChoice(choices=Meeting.Basis.choices, required=False)
    source = text_of(Meeting, "source", "The paper and paragraph that state the meeting.")


class MeetingBody(MeetingChangeBody):
    """Add a meeting of a board."""

    board = IdField(help_text="Id of the board.")
    day = StrictDate(help_text="Date of the meeting.")

    def validate_board(self, pk: int) -> Board:
        board: Board = one_of(
            Board.objects.visible_to(self.context["request"].user, self.context["on"]), pk, "board"
        )
        return board


class CancellationBody(VersionBody):
    """Cancel a planned meeting."""

    reason = text_of(Meeting, "cancelled_reason", "Why it is cancelled.", required=True)


class RemovalBody(VersionBody):
    """Take an item off an agenda. The version is the meeting's."""

    reason = StrictText(max_length=1000, allow_blank=True, help_text="Why it is taken off.")


class ConfirmationBody(VersionBody):
    """Confirm the minutes of a meeting."""

    confirmed_by = IdField(help_text="Id of the later meeting of the board that confirmed them.")

    def validate_confirmed_by(self, pk: int) -> Meeting:
        meeting: Meeting = one_of(self.context["meetings"], pk, "meeting")
        return meeting


class ItemChangeBody(VersionBody):
    """Change an item of an agenda. A field that is left out stays the same; the version is the meeting's."""

    number = StrictInteger(required=False, min_value=1, max_value=999)
    title = text_of(AgendaItem, "title", allow_blank=False)
    purpose = StrictChoice(choices=AgendaItem.Purpose.choices, required=False)
    presenter = text_of(AgendaItem, "presenter", "The post, not a name.")
    paper = text_of(AgendaItem, "paper", "Reference and title of the paper.")
    is_private = StrictBoolean(required=False)
    private_reason = text_of(AgendaItem, "private_reason", "Required where the item is taken in private.")
    marking = StrictChoice(choices=marking.CHOICES, required=False)
    subject = StrictChoice(
        choices=chosen(Subject.choices),
        required=False,
        allow_null=True,
        help_text="What the board is to decide on; null for nothing in this record.",
    )
    subject_ref = text_of(AgendaItem, "subject_ref", "Reference of what is to be decided, with `subject`.")

    def validate_subject(self, value: str | None) -> str:
        return value or ""


class ItemBody(ItemChangeBody):
    """Add an item to an agenda. The version is the meeting's."""

    title = text_of(AgendaItem, "title", required=True, allow_blank=False)


class AttendeeBody(StrictSerializer):
    """Whether a post came."""

    organisation = IdField(help_text="Id of the organisation.")
    post = text_of(Attendance, "post", "The post, not a name.", required=True, allow_blank=False)
    kind = StrictChoice(
        choices=Attendance.Kind.choices, allow_null=True, help_text="Null removes what was recorded."
    )
    substitute = text_of(Attendance, "substitute", "The post of the substitute, where one came.")

    def validate_organisation(self, pk: int) -> Organisation:
        organisation: Organisation = organisation_of(self.context["meeting"], pk)
        return organisation


class AttendanceBody(VersionBody):
    """Record who came to a meeting. The version is the meeting's."""

    attendees = AttendeeBody(many=True, allow_empty=False, max_length=MOST_ATTENDEES)  # type: ignore[call-arg]


class MinuteChangeBody(VersionBody):
    """Change a minute in draft. A field that is left out stays the same; the version is the meeting's."""

    text = text_of(Minute, "text", "Posts and organisations, not names.", allow_blank=False)
    kind = StrictChoice(choices=Minute.Kind.choices, required=False)
    reference = text_of(Minute, "reference", "As the board counts its minutes.")
    corrects = IdField(
        required=False,
        allow_null=True,
        help_text="Id of the confirmed minute of an earlier meeting that this one corrects.",
    )

    def validate_corrects(self, pk: int | None) -> Minute | None:
        visible = Minute.objects.visible_to(self.context["request"].user, self.context["on"])
        row: Minute | None = one_of(visible, pk, "minute")
        return row


class MinuteBody(MinuteChangeBody):
    """Write a minute of a meeting. The version is the meeting's."""

    item = IdField(help_text="Id of the agenda item.")
    text = StrictText(max_length=6000, help_text="Posts and organisations, not names.")

    def validate_item(self, pk: int) -> AgendaItem:
        meeting: Meeting = self.context["meeting"]
        item: AgendaItem = one_of(
            meeting.items.select_related("meeting__board__partnership"), pk, "agenda item"
        )
        return item


class ArisingBody(VersionBody):
    """Record an action arising from a minute. The version is the meeting's."""

    text = StrictText(max_length=1000, help_text="What is to be done.")
    post = text_of(Arising, "post", "The post responsible, as the minutes say. Not a name.")
    organisation = IdField(required=False, allow_null=True, help_text="Id of the organisation responsible.")
    owner = IdField(required=False, allow_null=True, help_text="Id of the person who gets it as a task.")
    due = StrictDate(required=False, allow_null=True, help_text="Null if the board did not set a date.")

    def validate_organisation(self, pk: int | None) -> Organisation | None:
        organisation: Organisation | None = organisation_of(self.context["meeting"], pk)
        return organisation

    def validate_owner(self, pk: int | None) -> User | None:
        people = people_of(self.context["meeting"].partnership_id, self.context["on"])
        owner: User | None = one_of(people, pk, "person in this partnership")
        return owner
