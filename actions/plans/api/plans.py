"""Plans, as partners' systems read them."""

from typing import Any, ClassVar

from django.db.models import F, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actions.plans.api.pillars import PillarSerializer
from actions.plans.models import Plan
from partners.scoping import HasScope
from standards import marking
from web.cursors import Column, CursorPages
from web.endpoints import Endpoint
from web.references import address


class PlanLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    actions = serializers.URLField()


class PlanSerializer(serializers.ModelSerializer[Plan]):
    """A partnership's plan for a period."""

    marking = serializers.ChoiceField(choices=marking.CHOICES)
    pillars = PillarSerializer(many=True)
    sandbox = serializers.BooleanField(
        source="partnership.is_sandbox",
        help_text="Whether everything in it is made up, for programs to be tried against.",
    )
    links = serializers.SerializerMethodField()

    class Meta:
        model = Plan
        fields = [
            *("id", "title", "state", "starts_on", "ends_on", "cadence", "evidence_required"),
            *("return_day", "return_grace", "returns_from"),
            *("marking", "handling_instruction", "pillars", "sandbox", "links"),
        ]

    @extend_schema_field(PlanLinksSerializer)
    def get_links(self, plan: Plan) -> dict[str, str]:
        request = self.context["request"]
        actions = address(request, "action-list")
        return {"self": address(request, "plan", plan.pk), "actions": f"{actions}?plan={plan.pk}"}


class PlanEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}
    serializer_class = PlanSerializer
    queryset = Plan.objects.none()

    def get_queryset(self) -> QuerySet[Plan]:
        visible = Plan.objects.visible_to(self.request.user, self.on)
        return visible.select_related("partnership").prefetch_related("pillars__lead")


class PlanList(PlanEndpoint):
    pagination_class = CursorPages

    def in_order(self) -> list[Column]:
        return [(F("starts_on"), True), (F("title"), False), (F("pk"), False)]

    @extend_schema(
        operation_id="list_plans",
        summary="List plans",
        tags=["Plans"],
        responses=PlanSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """The plans you have a part in, the latest first."""
        return self.page_of(self.get_queryset())


class PlanDetail(PlanEndpoint):
    @extend_schema(operation_id="get_plan", summary="Get a plan", tags=["Plans"])
    def get(self, request: Request, pk: int) -> Response:
        """One plan, with its pillars."""
        return Response(self.get_serializer(self.get_object()).data)
