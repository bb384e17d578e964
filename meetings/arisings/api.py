"""Actions arising in the API: list, read, report and close."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from meetings.arisings.examples import ARISING, CLOSING, REPORT
from meetings.arisings.filters import ARISING_SORTS, ArisingFilter
from meetings.arisings.models import Arising
from meetings.arisings.services import OUTCOMES, close_arising, report_arising
from meetings.meetings import policies
from meetings.meetings.api import STEP, MeetingWriting, operation
from meetings.meetings.models import Meeting
from partners.policies import rights_of
from partners.scoping import HasScope
from web.api import IdField, KeepingSerializer, StrictBoolean, StrictChoice, StrictText, VersionField
from web.endpoints import Endpoint
from web.lists import NarrowedList, Sorts
from web.parameters import filter_parameters
from web.references import NamedSerializer, address

NOTES = {"board": "Id of a board.", "state": "State of the action arising."}


class ArisingLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    minute = serializers.URLField()


class ArisingSerializer(serializers.ModelSerializer[Arising]):
    """An action arising from a board's minutes."""

    board = NamedSerializer()
    organisation = NamedSerializer(allow_null=True)
    owner = NamedSerializer(allow_null=True)
    overdue = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=Arising.State.choices)
    links = serializers.SerializerMethodField()

    class Meta:
        model = Arising
        fields = [
            *("id", "number", "board", "text", "post", "organisation", "owner", "due", "overdue", "state"),
            *("progress", "action_ref", "version", "links"),
        ]

    def get_overdue(self, row: Arising) -> bool:
        """Whether it is open after its due date."""
        return row.is_overdue(self.context["on"])

    @extend_schema_field(ArisingLinksSerializer)
    def get_links(self, row: Arising) -> dict[str, str]:
        request = self.context["request"]
        return {
            "self": address(request, "arising", row.pk),
            "minute": address(request, "minute", row.minute_id),
        }


class ArisingReportSerializer(KeepingSerializer):
    """Report on an action arising."""

    progress = StrictText(max_length=2000, help_text="What was done. It replaces the previous report.")
    propose = StrictBoolean(
        required=False, default=False, help_text="`true` if it is done, so that a meeting can close it."
    )
    version = VersionField()


class ArisingCloseSerializer(KeepingSerializer):
    """Record the meeting that closed an action arising."""

    outcome = StrictChoice(choices=[(value, value.label) for value in OUTCOMES])
    meeting = IdField(help_text="Id of the meeting of the board that closed it.")
    version = VersionField()

    def validate_meeting(self, pk: int) -> Meeting:
        visible = Meeting.objects.visible_to(self.context["request"].user, self.context["on"])
        meeting = visible.filter(pk=pk).select_related("board").first()
        if meeting is None:
            raise serializers.ValidationError(gettext("There is no such meeting."), code="does_not_exist")
        return meeting


class ArisingEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = {"GET": "meetings:read"}
    serializer_class = ArisingSerializer
    queryset = Arising.objects.none()

    def get_queryset(self) -> QuerySet[Arising]:
        visible = Arising.objects.visible_to(self.request.user, self.on)
        return visible.select_related(
            "board", "organisation", "owner", "minute__item__meeting__board__partnership"
        )


class ArisingList(ArisingEndpoint, NarrowedList):
    filters = ArisingFilter
    sorts: ClassVar[Sorts] = ARISING_SORTS
    default_sort = "number"

    @extend_schema(
        operation_id="list_arisings",
        summary="List actions arising from minutes",
        tags=["Meetings"],
        responses=ArisingSerializer(many=True),
        parameters=filter_parameters(ArisingFilter, NOTES, sorts=ARISING_SORTS, default="number"),
        examples=[ARISING],
    )
    def get(self, request: Request) -> Response:
        """The action logs of the boards you can see."""
        return self.page_of(self.narrowed(self.get_queryset()))


class ArisingDetail(ArisingEndpoint):
    @extend_schema(
        operation_id="get_arising", summary="Get an action arising", tags=["Meetings"], examples=[ARISING]
    )
    def get(self, request: Request, pk: int) -> Response:
        """One action arising with its latest report."""
        return Response(self.get_serializer(self.get_object()).data)


class ArisingStep(MeetingWriting, ArisingEndpoint):
    """A step of an action arising, answered with it: for the programme manager unless it says otherwise."""

    required_scopes: ClassVar[dict[str, str]] = STEP

    def get_meeting(self) -> Meeting:
        meeting: Meeting = self.get_object().minute.item.meeting
        return meeting

    def take(self, body: type[KeepingSerializer], service: Callable[..., Any]) -> Response:
        """Call the service with the action arising and the valid body, and respond with it."""
        arising = self.get_object()
        self.write(body, service, arising=arising)
        return self.shown()


class ArisingReport(ArisingStep):
    def why_not(self) -> str:
        return policies.why_not_report(rights_of(self.request.user, self.on), self.get_object())

    @operation(
        *("report_arising", "Report on an action arising", ArisingReportSerializer, ArisingSerializer),
        *(REPORT, ARISING),
    )
    def post(self, request: Request, pk: int) -> Response:
        """For its owner, people of its organisation and the programme manager. One that is closed answers 422."""
        return self.take(ArisingReportSerializer, report_arising)


class ArisingClose(ArisingStep):
    @operation(
        *("close_arising", "Close an action arising", ArisingCloseSerializer, ArisingSerializer),
        *(CLOSING, ARISING),
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager, citing the meeting of the board that closed it."""
        return self.take(ArisingCloseSerializer, close_arising)
