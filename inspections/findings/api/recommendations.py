"""Recommendations, their deadlines and both their histories, as partners' systems read them."""

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspections.core import examples
from inspections.core.api import SCOPES
from inspections.core.states import RegisterState, State
from inspections.core.table import FINDING
from inspections.findings.api.parameters import filter_parameters
from inspections.findings.filters import DEFAULT_SORT, SORTS, RecommendationFilter
from inspections.findings.models.recommendations import OwnStatus, Recommendation, RegisterStatus
from partners.scoping import HasScope
from standards import marking
from web.endpoints import Endpoint
from web.lists import NarrowedList, Sorts
from web.references import NamedSerializer, OrNull, address
from web.resources import names


class ReportSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    short_title = serializers.CharField()


class CauseSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField()
    text = serializers.CharField()


class RecommendationLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    inspection = serializers.URLField()
    actions = serializers.URLField()


class RecommendationSerializer(serializers.ModelSerializer[Recommendation]):
    """A finding of an inspection: a cause of concern, a recommendation, an area for improvement, an audit's point."""

    inspection = ReportSerializer()
    kind = serializers.ChoiceField(choices=Recommendation.Kind.choices)
    cause = CauseSerializer(allow_null=True, help_text="The cause of concern this recommendation is under.")
    deadline_phrase = serializers.CharField(help_text="The deadline as the report prints it.")
    due = serializers.DateField(
        allow_null=True, help_text="The date in the printed deadline; null if it gives none."
    )
    overdue = serializers.SerializerMethodField()
    lead = NamedSerializer(allow_null=True, help_text="The organisation that leads the answer.")
    state = serializers.ChoiceField(choices=State.choices, help_text="The force status.")
    register_state = OrNull(
        choices=RegisterState.choices,
        help_text="The status in the inspecting body's register; null if none is recorded.",
    )
    disagrees = serializers.BooleanField(
        help_text="Whether only one of the force and the register counts it as closed."
    )
    in_question = serializers.BooleanField(
        source="questioned",
        help_text="Whether a linked action was reopened after closure was proposed or decided.",
    )
    no_live_action = serializers.BooleanField(
        source="unanswered", help_text="Whether it needs a live action and has none."
    )
    number_of_actions = serializers.IntegerField(help_text="Number of linked actions you can view.")
    marking = serializers.ChoiceField(
        source="inspection.marking", choices=marking.CHOICES, help_text="The marking of the inspection."
    )
    handling_instruction = serializers.CharField(source="inspection.handling_instruction")
    links = serializers.SerializerMethodField()

    class Meta:
        model = Recommendation
        fields = ["id", *names(FINDING, "api"), "links"]

    def get_overdue(self, row: Recommendation) -> bool:
        return row.due is not None and row.due < self.context["on"] and row.is_open

    @extend_schema_field(RecommendationLinksSerializer)
    def get_links(self, row: Recommendation) -> dict[str, str]:
        request = self.context["request"]
        return {
            "self": address(request, "recommendation", row.pk),
            "inspection": address(request, "inspection", row.inspection_id),
            "actions": address(request, "link-list", row.pk),
        }


class OwnStatusSerializer(serializers.ModelSerializer[OwnStatus]):
    """A force status and the day it was set."""

    state = serializers.ChoiceField(choices=State.choices)
    set_by = NamedSerializer()

    class Meta:
        model = OwnStatus
        fields = ["state", "reason", "set_by", "set_at"]


class RegisterStatusSerializer(serializers.ModelSerializer[RegisterStatus]):
    """A register status and the day it was checked."""

    state = serializers.ChoiceField(choices=RegisterState.choices)
    on = serializers.DateField(help_text="The day the register was checked.")
    recorded_by = NamedSerializer()

    class Meta:
        model = RegisterStatus
        fields = ["state", "on", "comment", "recorded_by", "recorded_at"]


class RecommendationWithHistoriesSerializer(RecommendationSerializer):
    """A finding with both its histories, latest first."""

    own_history = OwnStatusSerializer(source="own_statuses", many=True)
    register_history = RegisterStatusSerializer(source="register_statuses", many=True)

    class Meta(RecommendationSerializer.Meta):
        fields = [*RecommendationSerializer.Meta.fields, "own_history", "register_history"]


class RecommendationEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = SCOPES
    serializer_class: Any = RecommendationSerializer
    queryset = Recommendation.objects.none()

    def get_queryset(self) -> QuerySet[Recommendation]:
        """The findings the caller may see, with everything their representation names.

        A cause of concern the caller may not see does not exist for them, so it is fetched by the same rule.
        """
        visible = Recommendation.objects.visible_to(self.request.user, self.on)
        rows = visible.for_list(self.request.user, self.on)
        whole = rows.select_related(None).select_related("inspection", "lead")
        return whole.prefetch_related(Prefetch("cause", queryset=visible))


class RecommendationList(RecommendationEndpoint, NarrowedList):
    filters = RecommendationFilter
    sorts: ClassVar[Sorts] = SORTS
    default_sort = DEFAULT_SORT

    @extend_schema(
        operation_id="list_recommendations",
        responses=RecommendationSerializer(many=True),
        summary="List recommendations",
        tags=["Recommendations"],
        parameters=filter_parameters(),
        examples=[examples.RECOMMENDATION],
    )
    def get(self, request: Request) -> Response:
        """The findings that your organisation leads or that an action you can view answers."""
        return self.page_of(self.narrowed(self.get_queryset()))


class RecommendationDetail(RecommendationEndpoint):
    serializer_class = RecommendationWithHistoriesSerializer

    def get_queryset(self) -> QuerySet[Recommendation]:
        return (
            super().get_queryset().prefetch_related("own_statuses__set_by", "register_statuses__recorded_by")
        )

    @extend_schema(
        operation_id="get_recommendation",
        summary="Get a recommendation",
        tags=["Recommendations"],
        examples=[examples.WITH_HISTORIES],
    )
    def get(self, request: Request, pk: int) -> Response:
        """One finding with both its histories. The answer is 404 if you cannot view it."""
        return Response(self.get_serializer(self.get_object()).data)
