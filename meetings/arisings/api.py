"""Actions arising in the API: list, read and report."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from audit import clock
from meetings.arisings.filters import ARISING_SORTS, ArisingFilter
from meetings.arisings.models import Arising
from meetings.arisings.services import report_arising
from meetings.meetings import policies
from partners.policies import rights_of
from partners.scoping import HasScope
from web.api import KeepingSerializer, StrictBoolean, StrictText, VersionField
from web.callers import actor_of
from web.endpoints import Endpoint
from web.lists import NarrowedList, Sorts
from web.parameters import filter_parameters
from web.references import NamedSerializer, address

SITE = "https://tracker.example.org/api/v1"
NOTES = {"board": "Id of a board.", "state": "State of the action arising."}
ARISING_DATA: dict[str, Any] = {
    "id": 11,
    "number": 14,
    "board": {"id": 4, "name": "CONTEST Strategic Steering Board"},
    "text": "Circulate the practitioners' guide to every district.",
    "post": "Prevent coordinator",
    "organisation": {"id": 9, "name": "Wakefield Council"},
    "owner": None,
    "due": "2020-07-31",
    "overdue": False,
    "state": "open",
    "progress": "",
    "action_ref": "",
    "version": 1,
    "links": {"self": f"{SITE}/arisings/11/", "minute": f"{SITE}/minutes/6/"},
}
ARISING = OpenApiExample(
    "An open action arising", response_only=True, status_codes=["200"], value=ARISING_DATA
)
REPORT = OpenApiExample(
    "Done",
    request_only=True,
    value={"progress": "Sent to all districts on 18 June.", "propose": True, "version": 1},
)


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


class ArisingReport(ArisingEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"POST": "meetings:write"}

    def why_not(self) -> str:
        return policies.why_not_report(rights_of(self.request.user, self.on), self.get_object())

    @extend_schema(
        operation_id="report_arising",
        summary="Report on an action arising",
        tags=["Meetings"],
        request=ArisingReportSerializer,
        responses=ArisingSerializer,
        examples=[REPORT, ARISING],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For its owner, people of its organisation and the programme manager. One that is closed answers 409."""
        row = self.get_object()
        data = ArisingReportSerializer(data=request.data, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        with data.keeping():
            report_arising(actor=actor_of(request), arising=row, at=clock.now(), **data.validated_data)
        return Response(self.get_serializer(self.get_object()).data)
