"""Inspections and their section 55 deadlines in the API."""

from typing import Any, ClassVar

from django.db.models import F, Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspections.core import examples
from inspections.core.api import SCOPES
from inspections.findings.models.inspections import Inspection
from inspections.responses.queries import with_answer
from inspections.responses.services.section55 import clock_of
from partners.scoping import HasScope
from standards import marking
from web.cursors import Column, CursorPages
from web.endpoints import Endpoint
from web.references import TitledSerializer, address


class Section55ClockSerializer(serializers.Serializer[Any]):
    """The clock of section 55 of the Police Act 1996: 56 days that begin with the day of publication."""

    last_day = serializers.DateField(help_text="The last day to publish the response.")
    answered_on = serializers.DateField(
        allow_null=True, help_text="The day the first letter was published; null if there is none."
    )
    days_left = serializers.IntegerField(
        help_text="Days from today to the last day; 0 after the answer or the last day."
    )
    days_late = serializers.IntegerField(
        help_text="Days from the last day to the answer, or to today without one; 0 if in time."
    )
    words = serializers.CharField(help_text="The deadline in words.")


class InspectionLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    recommendations = serializers.URLField()


class InspectionSerializer(serializers.ModelSerializer[Inspection]):
    """A report with findings by an inspectorate, auditors, a committee or a national review."""

    body_kind = serializers.ChoiceField(choices=Inspection.BodyKind.choices)
    kind = serializers.ChoiceField(choices=Inspection.Kind.choices)
    report_url = serializers.CharField(help_text="Address of the report; empty if there is none.")
    priorities = serializers.ListField(
        child=serializers.CharField(), help_text="The report's own grades, highest first."
    )
    marking = serializers.ChoiceField(choices=marking.CHOICES)
    answered_through = TitledSerializer(
        allow_null=True, help_text="The report whose response covers this one."
    )
    owes_response = serializers.BooleanField(
        help_text="Whether section 55 requires a response to this report."
    )
    section_55 = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()

    class Meta:
        model = Inspection
        fields = [
            *("id", "title", "short_title", "body", "body_kind", "kind", "fieldwork_from", "fieldwork_to"),
            *("published_on", "report_url", "priorities", "opinion", "marking", "handling_instruction"),
            *("force_is_subject", "answered_through", "owes_response", "section_55", "version", "links"),
        ]

    @extend_schema_field(Section55ClockSerializer(allow_null=True))
    def get_section_55(self, inspection: Inspection) -> Any:
        clock = clock_of(inspection=inspection, on=self.context["on"])
        return Section55ClockSerializer(clock).data if clock else None

    @extend_schema_field(InspectionLinksSerializer)
    def get_links(self, inspection: Inspection) -> dict[str, str]:
        request = self.context["request"]
        recommendations = address(request, "recommendation-list")
        return {
            "self": address(request, "inspection", inspection.pk),
            "recommendations": f"{recommendations}?inspection={inspection.pk}",
        }


class InspectionEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = SCOPES
    serializer_class = InspectionSerializer
    queryset = Inspection.objects.none()

    def get_queryset(self) -> QuerySet[Inspection]:
        """Return the inspections the caller may view, without the names of covering reports they may not view."""
        visible = Inspection.objects.visible_to(self.request.user, self.on)
        through = Prefetch("answered_through", queryset=visible)
        return with_answer(visible).prefetch_related(through)


class InspectionList(InspectionEndpoint):
    pagination_class = CursorPages

    def in_order(self) -> list[Column]:
        return [(F("published_on"), True), (F("pk"), True)]

    @extend_schema(
        operation_id="list_inspections",
        summary="List inspections",
        tags=["Inspections"],
        responses=InspectionSerializer(many=True),
        examples=[examples.INSPECTION],
    )
    def get(self, request: Request) -> Response:
        """The inspections with a finding that concerns your organisation, the latest published first."""
        return self.page_of(self.get_queryset())


class InspectionDetail(InspectionEndpoint):
    @extend_schema(
        operation_id="get_inspection",
        summary="Get an inspection",
        tags=["Inspections"],
        examples=[examples.INSPECTION],
    )
    def get(self, request: Request, pk: int) -> Response:
        """One inspection. The answer is 404 if you cannot view it."""
        return Response(self.get_serializer(self.get_object()).data)
