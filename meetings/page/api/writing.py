"""Meetings in the API, written: plan and hold a meeting, its agenda, attendance and minutes, and confirm these."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from meetings.arisings.api import ArisingSerializer
from meetings.arisings.examples import ARISING, NEW_ARISING
from meetings.arisings.services import record_arising
from meetings.attendance.services import Attendee, record_attendance
from meetings.meetings import policies
from meetings.meetings.api import STEP, TAGS, MeetingWriting, operation
from meetings.meetings.models import AgendaItem, Meeting
from meetings.meetings.services import cancel_meeting, hold_meeting, remove_item, save_item, save_meeting
from meetings.minutes.queries import writers_of
from meetings.minutes.services import change_minute, confirm_minutes, write_minute
from meetings.page import examples
from meetings.page.api.bodies import (
    ArisingBody,
    AttendanceBody,
    CancellationBody,
    ConfirmationBody,
    ItemBody,
    ItemChangeBody,
    MeetingBody,
    MeetingChangeBody,
    MinuteBody,
    MinuteChangeBody,
    RemovalBody,
    VersionBody,
)
from meetings.page.api.reading import (
    ItemSerializer,
    MeetingDetail,
    MeetingEndpoint,
    MeetingList,
    MeetingSerializer,
    MinuteDetail,
    MinuteEndpoint,
    MinuteList,
    MinuteSerializer,
)
from partners.models import Board
from partners.policies import Role, rights_of
from web.api import KeepingSerializer
from web.references import address


class Meetings(MeetingWriting, MeetingList):
    def why_not(self) -> str:
        managed = rights_of(self.request.user, self.on).partnerships(Role.PROGRAMME_MANAGER)
        return "" if managed else policies.MANAGERS_ONLY

    @operation(
        *("add_meeting", "Add a meeting of a board", MeetingBody, MeetingSerializer),
        *(examples.NEW_MEETING, examples.MEETING),
        new="The new meeting.",
    )
    def post(self, request: Request) -> Response:
        """For the programme manager. Without `quorum` the meeting has the board's."""
        row = self.write(MeetingBody, _add_meeting)
        return self.respond(self.get_queryset().get(pk=row.pk), status.HTTP_201_CREATED)


class OfMeeting(MeetingWriting, MeetingEndpoint):
    """What is written at the address of a meeting, which a step answers with."""

    def get_meeting(self) -> Meeting:
        meeting: Meeting = self.get_object()
        return meeting

    def take(self, body: type[KeepingSerializer], service: Callable[..., Any], **seen: Any) -> Response:
        """Call the service with the meeting and the valid body, and respond with the meeting."""
        meeting = self.get_meeting()
        self.write(body, service, seen={"meeting": meeting, **seen}, meeting=meeting)
        return self.shown()


class MeetingStep(OfMeeting):
    required_scopes: ClassVar[dict[str, str]] = STEP


class OneMeeting(OfMeeting, MeetingDetail):
    @operation(
        *("change_meeting", "Change the details of a meeting", MeetingChangeBody, MeetingSerializer),
        *(examples.MEETING_CHANGE, examples.MEETING),
    )
    def patch(self, request: Request, pk: int) -> Response:
        """For the programme manager, until the minutes are confirmed. A field that is left out stays the same."""
        return self.take(MeetingChangeBody, save_meeting)


class MeetingHold(MeetingStep):
    @operation(
        *("hold_meeting", "Record that a meeting was held", VersionBody, MeetingSerializer, examples.MEETING)
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager. Its minutes can be written from then on."""
        return self.take(VersionBody, hold_meeting)


class MeetingCancel(MeetingStep):
    @operation(
        *("cancel_meeting", "Cancel a planned meeting", CancellationBody, MeetingSerializer),
        *(examples.CANCELLATION, examples.MEETING),
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager. A cancelled meeting decides nothing."""
        return self.take(CancellationBody, cancel_meeting)


class MeetingAttendance(MeetingStep):
    @operation(
        *("record_attendance", "Record who came to a meeting", AttendanceBody, MeetingSerializer),
        *(examples.ATTENDANCE, examples.MEETING),
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager. Posts and organisations, never names. Those left out stay as they are."""
        return self.take(AttendanceBody, _record_attendance)


class MeetingConfirm(MeetingStep):
    def why_not(self) -> str:
        meeting = self.get_meeting()
        rights = rights_of(self.request.user, self.on)
        return policies.why_not_confirm(rights, meeting.partnership_id, writers_of(meeting))

    @operation(
        *("confirm_minutes", "Confirm the minutes of a meeting", ConfirmationBody, MeetingSerializer),
        *(examples.CONFIRMATION, examples.MEETING),
    )
    def post(self, request: Request, pk: int) -> Response:
        """For a board member who wrote none of the minutes. This locks the record of the meeting."""
        return self.take(ConfirmationBody, confirm_minutes, meetings=self.get_queryset())


class MeetingAgenda(MeetingStep):
    serializer_class: Any = ItemSerializer

    @operation(
        *("add_agenda_item", "Add an item to an agenda", ItemBody, ItemSerializer),
        *(examples.NEW_ITEM, examples.ITEM),
        new="The new item.",
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager. Without `number` the item is the last."""
        item = self.write(ItemBody, save_item, item=AgendaItem(meeting=self.get_meeting()))
        where = {"Location": address(request, "agenda-item", item.pk)}
        return Response(self.get_serializer(item).data, status.HTTP_201_CREATED, headers=where)


class ItemEndpoint(MeetingWriting):
    serializer_class = ItemSerializer
    queryset = AgendaItem.objects.none()

    def get_queryset(self) -> Any:
        visible = AgendaItem.objects.visible_to(self.request.user, self.on)
        return visible.select_related("meeting__board__partnership")

    def get_meeting(self) -> Meeting:
        meeting: Meeting = self.get_object().meeting
        return meeting


class AgendaItemDetail(ItemEndpoint):
    @extend_schema(
        operation_id="get_agenda_item", summary="Get an agenda item", tags=TAGS, examples=[examples.ITEM]
    )
    def get(self, request: Request, pk: int) -> Response:
        """One item of an agenda."""
        return self.shown()

    @operation(
        *("change_agenda_item", "Change an agenda item", ItemChangeBody, ItemSerializer),
        *(examples.ITEM_CHANGE, examples.ITEM),
    )
    def patch(self, request: Request, pk: int) -> Response:
        """For the programme manager. A field that is left out stays the same."""
        self.write(ItemChangeBody, save_item, item=self.get_object())
        return self.shown()


class AgendaItemRemove(ItemEndpoint):
    required_scopes: ClassVar[dict[str, str]] = STEP

    @operation("remove_agenda_item", "Take an item off an agenda", RemovalBody, None, examples.REMOVAL)
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager, while the item has no minutes. The ledger keeps the item and the reason."""
        self.write(RemovalBody, remove_item, item=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


class Minutes(MeetingWriting, MinuteList):
    def get_meeting(self) -> Meeting:
        visible = Meeting.objects.visible_to(self.request.user, self.on).select_related("board__partnership")
        return get_object_or_404(visible, pk=self.kwargs["pk"])

    @operation(
        *("write_minute", "Write a minute of a meeting", MinuteBody, MinuteSerializer),
        *(examples.NEW_MINUTE, examples.MINUTE),
        new="The new minute.",
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager, once the meeting was held. Without `reference` it is the board's next."""
        row = self.write(MinuteBody, write_minute, seen={"meeting": self.get_meeting()})
        return self.respond(self.get_queryset().get(pk=row.pk), status.HTTP_201_CREATED)


class OfMinute(MeetingWriting, MinuteEndpoint):
    """What is written at the address of a minute."""

    def get_meeting(self) -> Meeting:
        meeting: Meeting = self.get_object().item.meeting
        return meeting


class OneMinute(OfMinute, MinuteDetail):
    @operation(
        *("change_minute", "Change a minute in draft", MinuteChangeBody, MinuteSerializer),
        *(examples.MINUTE_CHANGE, examples.MINUTE),
    )
    def patch(self, request: Request, pk: int) -> Response:
        """For the programme manager, until a later meeting confirms the minutes."""
        self.write(MinuteChangeBody, change_minute, minute=self.get_object())
        return self.shown()


class MinuteArisings(OfMinute):
    required_scopes: ClassVar[dict[str, str]] = STEP

    @operation(
        *("record_arising", "Record an action arising from a minute", ArisingBody, ArisingSerializer),
        *(NEW_ARISING, ARISING),
        new="The new action arising.",
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager, while the minute is a draft. It is a task of its owner until a meeting closes it."""
        minute = self.get_object()
        row = self.write(ArisingBody, record_arising, seen={"meeting": minute.item.meeting}, minute=minute)
        data = ArisingSerializer(row, context=self.get_serializer_context()).data
        return Response(data, status.HTTP_201_CREATED, headers={"Location": data["links"]["self"]})


def _add_meeting(*, board: Board, **fields: Any) -> Meeting:
    return save_meeting(meeting=Meeting(board=board), **fields)


def _record_attendance(*, attendees: list[dict[str, Any]], **fields: Any) -> Meeting:
    """Record the attendance of a body's rows; a row without a kind removes what was recorded."""
    rows = [Attendee(**{**row, "kind": row["kind"] or ""}) for row in attendees]
    return record_attendance(attendees=rows, **fields)
