"""Pillars, the work-streams of a plan, as partners' systems read them."""

from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.utils.http import urlencode
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actions.core.examples import SITE
from actions.plans.filters import PILLAR_SORTS, PillarFilter
from actions.plans.models import Pillar, Plan
from partners.scoping import HasScope
from web.endpoints import Endpoint
from web.lists import NarrowedList, Sorts
from web.parameters import filter_parameters
from web.references import NamedSerializer, TitledSerializer, address

PILLAR = OpenApiExample(
    "A pillar",
    response_only=True,
    status_codes=["200"],
    value={
        "id": 7,
        "plan": {"id": 2, "title": "Prevent Business Plan 2020/21"},
        "name": "Safeguard",
        "aim": "People at risk are found early and supported.",
        "order": 2,
        "lead": {"id": 3, "name": "Bradford District"},
        "links": {
            "self": f"{SITE}/pillars/7/",
            "plan": f"{SITE}/plans/2/",
            "actions": f"{SITE}/actions/?plan=2&pillar=Safeguard",
        },
    },
)
NOTES = {"plan": "Id of a plan."}


class PillarLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    plan = serializers.URLField()
    actions = serializers.URLField()


class PillarSerializer(serializers.ModelSerializer[Pillar]):
    """A work-stream of a plan."""

    plan = TitledSerializer()
    lead = NamedSerializer(allow_null=True, help_text="The organisation that leads this work-stream.")
    links = serializers.SerializerMethodField()

    class Meta:
        model = Pillar
        fields = ["id", "plan", "name", "aim", "order", "lead", "links"]

    @extend_schema_field(PillarLinksSerializer)
    def get_links(self, pillar: Pillar) -> dict[str, str]:
        request = self.context["request"]
        within = urlencode({"plan": str(pillar.plan_id), "pillar": pillar.name})
        return {
            "self": address(request, "pillar", pillar.pk),
            "plan": address(request, "plan", pillar.plan_id),
            "actions": f"{address(request, 'action-list')}?{within}",
        }


class PillarEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}
    serializer_class = PillarSerializer
    queryset = Pillar.objects.none()

    def get_queryset(self) -> QuerySet[Pillar]:
        """The pillars of the plans the caller may see."""
        plans = Plan.objects.visible_to(self.request.user, self.on)
        return Pillar.objects.filter(plan__in=plans).select_related("plan", "lead")


class PillarList(PillarEndpoint, NarrowedList):
    filters = PillarFilter
    sorts: ClassVar[Sorts] = PILLAR_SORTS
    default_sort = "-plan"
    ties = (F("order"), F("name"), F("pk"))

    @extend_schema(
        operation_id="list_pillars",
        summary="List pillars",
        tags=["Plans"],
        responses=PillarSerializer(many=True),
        parameters=filter_parameters(PillarFilter, NOTES, sorts=PILLAR_SORTS, default="-plan"),
        examples=[PILLAR],
    )
    def get(self, request: Request) -> Response:
        """The pillars of the plans you have a part in, the latest plan first."""
        return self.page_of(self.narrowed(self.get_queryset()))


class PillarDetail(PillarEndpoint):
    @extend_schema(operation_id="get_pillar", summary="Get a pillar", tags=["Plans"], examples=[PILLAR])
    def get(self, request: Request, pk: int) -> Response:
        """One pillar of a plan that you have a part in."""
        return Response(self.get_serializer(self.get_object()).data)
