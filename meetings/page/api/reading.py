"""Boards, their meetings and minutes in the API: lists and details."""

from typing import Any, ClassVar

from django.db.models import F, Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from meetings.attendance.models import Attendance
from meetings.decisions.models import Decision
from meetings.meetings.filters import MEETING_SORTS, MeetingFilter
from meetings.meetings.models import AgendaItem, Meeting
from meetings.meetings.states import MeetingState
from meetings.minutes.models import Minute
from meetings.page import examples
from partners.models import Board, BoardSeat
from partners.scoping import HasScope
from standards import marking
from web.cursors import Column, CursorPages
from web.endpoints import Endpoint
from web.lists import NarrowedList, Sorts
from web.parameters import filter_parameters
from web.references import NamedSerializer, OrNull, address, chosen

SCOPES = {"GET": "meetings:read"}
NOTES = {"board": "Id of a board.", "state": "State of the meeting; from `held` it has minutes."}


class ItemSerializer(serializers.ModelSerializer[AgendaItem]):
    """An item of an agenda. Private and marked items are left out unless you may view everything."""

    purpose = serializers.ChoiceField(choices=AgendaItem.Purpose.choices)
    subject = OrNull(
        choices=chosen(Decision.Subject.choices), help_text="What is to be decided; null for nothing here."
    )
    marking = serializers.ChoiceField(choices=marking.CHOICES)

    class Meta:
        model = AgendaItem
        fields = [
            *("id", "number", "title", "purpose", "presenter", "paper", "is_private", "private_reason"),
            *("subject", "subject_ref", "marking"),
        ]


class MeetingAttendanceSerializer(serializers.ModelSerializer[Attendance]):
    """Whether an organisation's post came. There are no names."""

    organisation = NamedSerializer()
    kind = serializers.ChoiceField(choices=Attendance.Kind.choices)

    class Meta:
        model = Attendance
        fields = ["organisation", "post", "kind", "substitute"]


class ConfirmedBySerializer(serializers.ModelSerializer[Meeting]):
    class Meta:
        model = Meeting
        fields = ["id", "day"]


class MeetingLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    minutes = serializers.URLField()


class MeetingSerializer(serializers.ModelSerializer[Meeting]):
    """A meeting of a board, with its agenda and attendance."""

    board = NamedSerializer()
    precision = serializers.ChoiceField(
        choices=Meeting.Precision.choices, help_text="With `month`, `day` is the first of the month."
    )
    marking = serializers.ChoiceField(choices=marking.CHOICES)
    basis = serializers.ChoiceField(choices=Meeting.Basis.choices)
    state = serializers.ChoiceField(choices=MeetingState.choices)
    confirmed_by = ConfirmedBySerializer(
        source="confirmed_by_meeting",
        allow_null=True,
        help_text="The meeting that confirmed the minutes; null while they are a draft.",
    )
    agenda = ItemSerializer(source="items", many=True)
    attendance = MeetingAttendanceSerializer(source="attendances", many=True)
    links = serializers.SerializerMethodField()

    class Meta:
        model = Meeting
        fields = [
            *("id", "board", "day", "precision", "starts_at", "ends_at", "place", "is_online", "chair"),
            *("minute_taker", "quorum", "marking", "handling_instruction", "basis", "source", "state"),
            *("cancelled_reason", "confirmed_by", "agenda", "attendance", "version", "links"),
        ]

    @extend_schema_field(MeetingLinksSerializer)
    def get_links(self, row: Meeting) -> dict[str, str]:
        request = self.context["request"]
        return {
            "self": address(request, "meeting", row.pk),
            "minutes": address(request, "minute-list", row.pk),
        }


class MeetingEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = SCOPES
    serializer_class = MeetingSerializer
    queryset = Meeting.objects.none()

    def get_queryset(self) -> QuerySet[Meeting]:
        visible = Meeting.objects.visible_to(self.request.user, self.on)
        items = AgendaItem.objects.visible_to(self.request.user, self.on)
        attendances = Attendance.objects.select_related("organisation")
        return visible.select_related("board", "confirmed_by_meeting").prefetch_related(
            Prefetch("items", queryset=items), Prefetch("attendances", queryset=attendances)
        )


class MeetingList(MeetingEndpoint, NarrowedList):
    filters = MeetingFilter
    sorts: ClassVar[Sorts] = MEETING_SORTS
    default_sort = "-day"

    @extend_schema(
        operation_id="list_meetings",
        summary="List meetings of boards",
        tags=["Meetings"],
        responses=MeetingSerializer(many=True),
        parameters=filter_parameters(MeetingFilter, NOTES, sorts=MEETING_SORTS, default="-day"),
        examples=[examples.MEETING],
    )
    def get(self, request: Request) -> Response:
        """The meetings that you can see, the latest first."""
        return self.page_of(self.narrowed(self.get_queryset()))


class MeetingDetail(MeetingEndpoint):
    @extend_schema(
        operation_id="get_meeting", summary="Get a meeting", tags=["Meetings"], examples=[examples.MEETING]
    )
    def get(self, request: Request, pk: int) -> Response:
        """One meeting with its agenda and attendance."""
        return Response(self.get_serializer(self.get_object()).data)


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    """A decision in a minute, and what it acts on."""

    effect = serializers.ChoiceField(choices=Decision.Effect.choices)
    subject = OrNull(choices=chosen(Decision.Subject.choices), help_text="Null if it acts on nothing here.")

    class Meta:
        model = Decision
        fields = [
            *("effect", "wording", "subject", "subject_ref", "conditions", "report_back_on", "applied"),
        ]


class MinuteLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    meeting = serializers.URLField()


class MinuteSerializer(serializers.ModelSerializer[Minute]):
    """A minute of a meeting, with its decisions."""

    citation = serializers.CharField(help_text="Board, date and reference, as others cite the minute.")
    item = serializers.IntegerField(source="item_id", help_text="Id of the agenda item.")
    kind = serializers.ChoiceField(choices=Minute.Kind.choices)
    confirmed = serializers.SerializerMethodField()
    corrects = serializers.IntegerField(
        source="corrects_id", allow_null=True, help_text="Id of the earlier minute that this one corrects."
    )
    decisions = DecisionSerializer(many=True)
    links = serializers.SerializerMethodField()

    class Meta:
        model = Minute
        fields = [
            *("id", "reference", "citation", "item", "kind", "text", "confirmed", "corrects", "decisions"),
            "links",
        ]

    def get_confirmed(self, row: Minute) -> bool:
        """Whether a later meeting confirmed the minute, so that it is locked."""
        return row.item.meeting.state == MeetingState.CONFIRMED

    @extend_schema_field(MinuteLinksSerializer)
    def get_links(self, row: Minute) -> dict[str, str]:
        request = self.context["request"]
        return {
            "self": address(request, "minute", row.pk),
            "meeting": address(request, "meeting", row.item.meeting_id),
        }


class MinuteEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = SCOPES
    serializer_class = MinuteSerializer
    queryset = Minute.objects.none()

    def get_queryset(self) -> QuerySet[Minute]:
        visible = Minute.objects.visible_to(self.request.user, self.on)
        return visible.select_related("item__meeting__board").prefetch_related("decisions")


class MinuteList(MinuteEndpoint):
    pagination_class = CursorPages

    def in_order(self) -> list[Column]:
        return [(F("item__number"), False), (F("pk"), False)]

    @extend_schema(
        operation_id="list_minutes",
        summary="List the minutes of a meeting",
        tags=["Meetings"],
        responses=MinuteSerializer(many=True),
        examples=[examples.MINUTE],
    )
    def get(self, request: Request, pk: int) -> Response:
        """The minutes in the order of the agenda, with their decisions."""
        meeting = get_object_or_404(Meeting.objects.visible_to(request.user, self.on), pk=pk)
        return self.page_of(self.get_queryset().filter(item__meeting=meeting))


class MinuteDetail(MinuteEndpoint):
    @extend_schema(
        operation_id="get_minute", summary="Get a minute", tags=["Meetings"], examples=[examples.MINUTE]
    )
    def get(self, request: Request, pk: int) -> Response:
        """One minute with its decisions."""
        return Response(self.get_serializer(self.get_object()).data)


class SeatSerializer(serializers.ModelSerializer[BoardSeat]):
    """A place on a board, by post."""

    organisation = NamedSerializer()

    class Meta:
        model = BoardSeat
        fields = ["organisation", "post", "starts_on", "ends_on", "vacant", "source"]


class BoardLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    meetings = serializers.URLField()
    arisings = serializers.URLField()


class BoardSerializer(serializers.ModelSerializer[Board]):
    """A board with its seats."""

    cadence = serializers.ChoiceField(choices=Board.Cadence.choices)
    parent = NamedSerializer(allow_null=True, help_text="The board it reports to.")
    area = NamedSerializer(allow_null=True, help_text="Its district; null for the whole force area.")
    succeeds = NamedSerializer(allow_null=True, help_text="The board it took over from.")
    seats = SeatSerializer(many=True)
    links = serializers.SerializerMethodField()

    class Meta:
        model = Board
        fields = [
            *("id", "name", "tier", "cadence", "parent", "area", "decides_on_actions", "quorum"),
            *("starts_on", "ends_on", "succeeds", "seats", "links"),
        ]

    @extend_schema_field(BoardLinksSerializer)
    def get_links(self, row: Board) -> dict[str, str]:
        request = self.context["request"]
        return {
            "self": address(request, "board", row.pk),
            "meetings": f"{address(request, 'meeting-list')}?board={row.pk}",
            "arisings": f"{address(request, 'arising-list')}?board={row.pk}",
        }


class BoardEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = SCOPES
    serializer_class = BoardSerializer
    queryset = Board.objects.none()

    def get_queryset(self) -> QuerySet[Board]:
        visible = Board.objects.visible_to(self.request.user, self.on)
        seats = BoardSeat.objects.select_related("organisation")
        return visible.select_related("parent", "area", "succeeds").prefetch_related(
            Prefetch("seats", queryset=seats)
        )


class BoardList(BoardEndpoint):
    pagination_class = CursorPages

    def in_order(self) -> list[Column]:
        return [(F("name"), False), (F("pk"), False)]

    @extend_schema(
        operation_id="list_boards",
        summary="List boards",
        tags=["Meetings"],
        responses=BoardSerializer(many=True),
        examples=[examples.BOARD],
    )
    def get(self, request: Request) -> Response:
        """The boards of your partnership with their seats, by name."""
        return self.page_of(self.get_queryset())


class BoardDetail(BoardEndpoint):
    @extend_schema(
        operation_id="get_board", summary="Get a board", tags=["Meetings"], examples=[examples.BOARD]
    )
    def get(self, request: Request, pk: int) -> Response:
        """One board with its seats."""
        return Response(self.get_serializer(self.get_object()).data)
