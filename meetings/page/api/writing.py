"""Meetings in the API, written: plan and hold a meeting, its agenda, attendance and minutes, and confirm these."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from audit import clock
from meetings.attendance.services import Attendee, record_attendance
from meetings.meetings import policies
from meetings.meetings.models import AgendaItem, Meeting
from meetings.meetings.services import cancel_meeting, hold_meeting, remove_item, save_item, save_meeting
from meetings.minutes.queries import writers_of
from meetings.minutes.services import change_minute, confirm_minutes, write_minute
from meetings.page import examples
from meetings.page.api.bodies import (
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
    MinuteList,
    MinuteSerializer,
)
from partners.policies import Role, rights_of
from partners.scoping import HasScope
from web.api import KeepingSerializer
from web.callers import actor_of
from web.endpoints import Endpoint
from web.parameters import location_of
from web.references import address

SCOPES = {
    "GET": "meetings:read",
    "POST": "meetings:write",
    "PATCH": "meetings:write",
}
STEP: dict[str, str] = {"POST": "meetings:write"}
LOCATION = location_of("what was added")
TAGS = ["Meetings"]


def why_not_manage(view: Endpoint, meeting: Meeting) -> str:
    """Return why the caller may not write the meeting; empty when they may."""
    return policies.why_not_manage(rights_of(view.request.user, view.on), meeting.partnership_id)


def parsed(view: Endpoint, body: type[KeepingSerializer], **context: Any) -> Any:
    """Return a serializer of this class with the valid body."""
    data = body(data=view.request.data, context={**view.get_serializer_context(), **context})
    data.is_valid(raise_exception=True)
    return data


class Meetings(MeetingList):
    required_scopes: ClassVar[dict[str, str]] = SCOPES

    def why_not(self) -> str:
        managed = rights_of(self.request.user, self.on).partnerships(Role.PROGRAMME_MANAGER)
        return "" if managed else policies.MANAGERS_ONLY

    @extend_schema(
        operation_id="add_meeting",
        summary="Add a meeting of a board",
        tags=TAGS,
        request=MeetingBody,
        responses={201: OpenApiResponse(MeetingSerializer, description="The new meeting.")},
        examples=[examples.NEW_MEETING, examples.MEETING],
        parameters=[LOCATION],
    )
    def post(self, request: Request) -> Response:
        """For the programme manager. Without `quorum` the meeting has the board's."""
        data = parsed(self, MeetingBody)
        with data.keeping():
            fields = dict(data.validated_data)
            meeting = Meeting(board=fields.pop("board"))
            row = save_meeting(actor=actor_of(request), meeting=meeting, at=clock.now(), **fields)
        made = self.get_serializer(self.get_queryset().get(pk=row.pk)).data
        return Response(made, status.HTTP_201_CREATED, headers={"Location": made["links"]["self"]})


class OneMeeting(MeetingDetail):
    required_scopes: ClassVar[dict[str, str]] = SCOPES

    def why_not(self) -> str:
        return why_not_manage(self, self.get_object())

    @extend_schema(
        operation_id="change_meeting",
        summary="Change the details of a meeting",
        tags=TAGS,
        request=MeetingChangeBody,
        responses=MeetingSerializer,
        examples=[examples.MEETING_CHANGE, examples.MEETING],
    )
    def patch(self, request: Request, pk: int) -> Response:
        """For the programme manager, until the minutes are confirmed. A field that is left out stays the same."""
        data = parsed(self, MeetingChangeBody)
        with data.keeping():
            save_meeting(
                actor=actor_of(request), meeting=self.get_object(), at=clock.now(), **data.validated_data
            )
        return self.get(request, pk)


class MeetingStep(MeetingEndpoint):
    """A step of a meeting, answered with the meeting."""

    required_scopes: ClassVar[dict[str, str]] = STEP

    def why_not(self) -> str:
        return why_not_manage(self, self.get_object())

    def take(self, body: type[KeepingSerializer], service: Callable[..., Any], **context: Any) -> Response:
        """Call the service with the meeting and the valid body."""
        meeting = self.get_object()
        data = parsed(self, body, meeting=meeting, **context)
        with data.keeping():
            service(actor=actor_of(self.request), meeting=meeting, at=clock.now(), **data.validated_data)
        return Response(self.get_serializer(self.get_object()).data)


class MeetingHold(MeetingStep):
    @extend_schema(
        operation_id="hold_meeting",
        summary="Record that a meeting was held",
        tags=TAGS,
        request=VersionBody,
        responses=MeetingSerializer,
        examples=[examples.MEETING],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager. Its minutes can be written from then on."""
        return self.take(VersionBody, hold_meeting)


class MeetingCancel(MeetingStep):
    @extend_schema(
        operation_id="cancel_meeting",
        summary="Cancel a planned meeting",
        tags=TAGS,
        request=CancellationBody,
        responses=MeetingSerializer,
        examples=[examples.CANCELLATION, examples.MEETING],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager. A cancelled meeting decides nothing."""
        return self.take(CancellationBody, cancel_meeting)


class MeetingAttendance(MeetingStep):
    @extend_schema(
        operation_id="record_attendance",
        summary="Record who came to a meeting",
        tags=TAGS,
        request=AttendanceBody,
        responses=MeetingSerializer,
        examples=[examples.ATTENDANCE, examples.MEETING],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager. Posts and organisations, never names. Those left out stay as they are."""
        return self.take(AttendanceBody, _record_attendance)


class MeetingConfirm(MeetingStep):
    def why_not(self) -> str:
        meeting = self.get_object()
        rights = rights_of(self.request.user, self.on)
        return policies.why_not_confirm(rights, meeting.partnership_id, writers_of(meeting))

    @extend_schema(
        operation_id="confirm_minutes",
        summary="Confirm the minutes of a meeting",
        tags=TAGS,
        request=ConfirmationBody,
        responses=MeetingSerializer,
        examples=[examples.CONFIRMATION, examples.MEETING],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For a board member who wrote none of the minutes. This locks the record of the meeting."""
        return self.take(ConfirmationBody, confirm_minutes, meetings=self.get_queryset())


class ItemEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = SCOPES
    serializer_class = ItemSerializer
    queryset = AgendaItem.objects.none()

    def get_queryset(self) -> QuerySet[AgendaItem]:
        visible = AgendaItem.objects.visible_to(self.request.user, self.on)
        return visible.select_related("meeting__board__partnership")

    def why_not(self) -> str:
        return why_not_manage(self, self.get_object().meeting)


class MeetingAgenda(MeetingStep):
    serializer_class: Any = ItemSerializer

    @extend_schema(
        operation_id="add_agenda_item",
        summary="Add an item to an agenda",
        tags=TAGS,
        request=ItemBody,
        responses={201: OpenApiResponse(ItemSerializer, description="The new item.")},
        examples=[examples.NEW_ITEM, examples.ITEM],
        parameters=[LOCATION],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager. Without `number` the item is the last."""
        data = parsed(self, ItemBody)
        item = AgendaItem(meeting=self.get_object())
        with data.keeping():
            save_item(actor=actor_of(request), item=item, at=clock.now(), **data.validated_data)
        where = {"Location": address(request, "agenda-item", item.pk)}
        return Response(self.get_serializer(item).data, status.HTTP_201_CREATED, headers=where)


class AgendaItemDetail(ItemEndpoint):
    @extend_schema(
        operation_id="get_agenda_item", summary="Get an agenda item", tags=TAGS, examples=[examples.ITEM]
    )
    def get(self, request: Request, pk: int) -> Response:
        """One item of an agenda."""
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        operation_id="change_agenda_item",
        summary="Change an agenda item",
        tags=TAGS,
        request=ItemChangeBody,
        responses=ItemSerializer,
        examples=[examples.ITEM_CHANGE, examples.ITEM],
    )
    def patch(self, request: Request, pk: int) -> Response:
        """For the programme manager. A field that is left out stays the same."""
        data = parsed(self, ItemChangeBody)
        with data.keeping():
            save_item(actor=actor_of(request), item=self.get_object(), at=clock.now(), **data.validated_data)
        return self.get(request, pk)


class AgendaItemRemove(ItemEndpoint):
    required_scopes: ClassVar[dict[str, str]] = STEP

    @extend_schema(
        operation_id="remove_agenda_item",
        summary="Take an item off an agenda",
        tags=TAGS,
        request=RemovalBody,
        responses={204: OpenApiResponse(description="The item is no longer on the agenda.")},
        examples=[examples.REMOVAL],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager, while the item has no minutes. The ledger keeps the item and the reason."""
        data = parsed(self, RemovalBody)
        with data.keeping():
            remove_item(
                actor=actor_of(request), item=self.get_object(), at=clock.now(), **data.validated_data
            )
        return Response(status=status.HTTP_204_NO_CONTENT)


class Minutes(MinuteList):
    required_scopes: ClassVar[dict[str, str]] = SCOPES

    def get_meeting(self) -> Meeting:
        visible = Meeting.objects.visible_to(self.request.user, self.on).select_related("board__partnership")
        return get_object_or_404(visible, pk=self.kwargs["pk"])

    def why_not(self) -> str:
        return why_not_manage(self, self.get_meeting())

    @extend_schema(
        operation_id="write_minute",
        summary="Write a minute of a meeting",
        tags=TAGS,
        request=MinuteBody,
        responses={201: OpenApiResponse(MinuteSerializer, description="The new minute.")},
        examples=[examples.NEW_MINUTE, examples.MINUTE],
        parameters=[LOCATION],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager, once the meeting was held. Without `reference` it is the board's next."""
        data = parsed(self, MinuteBody, meeting=self.get_meeting())
        with data.keeping():
            row = write_minute(actor=actor_of(request), at=clock.now(), **data.validated_data)
        made = self.get_serializer(self.get_queryset().get(pk=row.pk)).data
        return Response(made, status.HTTP_201_CREATED, headers={"Location": made["links"]["self"]})


class OneMinute(MinuteDetail):
    required_scopes: ClassVar[dict[str, str]] = SCOPES

    def why_not(self) -> str:
        return why_not_manage(self, self.get_object().item.meeting)

    @extend_schema(
        operation_id="change_minute",
        summary="Change a minute in draft",
        tags=TAGS,
        request=MinuteChangeBody,
        responses=MinuteSerializer,
        examples=[examples.MINUTE_CHANGE, examples.MINUTE],
    )
    def patch(self, request: Request, pk: int) -> Response:
        """For the programme manager, until a later meeting confirms the minutes."""
        data = parsed(self, MinuteChangeBody)
        with data.keeping():
            change_minute(
                actor=actor_of(request), minute=self.get_object(), at=clock.now(), **data.validated_data
            )
        return self.get(request, pk)


def _record_attendance(*, attendees: list[dict[str, Any]], **fields: Any) -> Meeting:
    """Record the attendance of a body's rows; a row without a kind removes what was recorded."""
    rows = [Attendee(**{**row, "kind": row["kind"] or ""}) for row in attendees]
    return record_attendance(attendees=rows, **fields)
