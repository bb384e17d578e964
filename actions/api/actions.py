"""Actions, as partners' systems read them."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import F, Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actions.api import examples
from actions.api.parameters import filter_parameters
from actions.filters import DEFAULT_SORT, SORTS, ActionFilter
from actions.models import Action
from partners.api.scopes import HasScope
from standards import marking, rag
from web.cursors import Column, CursorPages
from web.endpoints import Endpoint
from web.parameters import ORDERING
from web.references import NamedSerializer, OrNull, RefSerializer, TitledSerializer, address, chosen


class ComputedRagSerializer(serializers.Serializer[Any]):
    """The rating that the dates alone give, beside the one that was declared."""

    rag = serializers.ChoiceField(choices=rag.CHOICES)
    rule = serializers.CharField(help_text="The rule that gave it, in words.")


class ActionLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    updates = serializers.URLField()
    plan = serializers.URLField()


class ActionSerializer(serializers.ModelSerializer[Action]):
    """One piece of work of a plan."""

    plan = TitledSerializer()
    pillar = NamedSerializer()
    area = NamedSerializer(allow_null=True, help_text="The district; null for the whole force area.")
    parent = RefSerializer(allow_null=True, help_text="The action this is one district's part of.")
    lead = NamedSerializer(allow_null=True, help_text="The organisation that leads the action.")
    supporting = NamedSerializer(many=True, help_text="The organisations that support the action.")
    owner = NamedSerializer(allow_null=True, help_text="The post that answers for the action.")
    alternate = NamedSerializer(allow_null=True)
    mou_area = NamedSerializer(allow_null=True)
    tier = OrNull(choices=chosen(Action.Tier.choices))
    state = serializers.ChoiceField(choices=Action.State.choices)
    rag = OrNull(choices=rag.CHOICES, help_text="The declared rating; null unless work is under way.")
    computed_rag = serializers.SerializerMethodField()
    overdue = serializers.SerializerMethodField()
    moves = serializers.IntegerField(help_text="How often the due date moved, earlier or later.")
    days_slipped = serializers.IntegerField(
        help_text="Days from the original due date to the due date; negative when it stands before."
    )
    waiting_on = serializers.SerializerMethodField()
    marking = serializers.ChoiceField(choices=marking.CHOICES)
    exemption = OrNull(choices=chosen(Action.Exemption.choices))
    version = serializers.IntegerField(help_text="Rises with every change. Send it back with an update.")
    links = serializers.SerializerMethodField()

    class Meta:
        model = Action
        fields = [
            *("id", "ref", "title", "description", "success_measure", "source", "plan", "pillar", "area"),
            *(
                "by_districts",
                "parent",
                "lead",
                "supporting",
                "owner",
                "alternate",
                "mou_area",
                "tier",
                "priority",
                "state",
            ),
            *("rag", "computed_rag", "overdue", "percent", "starts_on", "allocated_on", "original_due"),
            *("due", "moves", "days_slipped", "waiting_since", "waiting_on", "closed_on", "last_reported_on"),
            *("marking", "handling_instruction", "publication"),
            *("exemption", "retest_on", "board_reference", "version", "links"),
        ]

    @extend_schema_field(ComputedRagSerializer(allow_null=True))
    def get_computed_rag(self, action: Action) -> dict[str, str] | None:
        computed = action.computed_rag(self.context["on"])
        return {"rag": computed.rag.value, "rule": computed.rule} if computed else None

    def get_overdue(self, action: Action) -> bool:
        return action.is_overdue(self.context["on"])

    @extend_schema_field(NamedSerializer(many=True))
    def get_waiting_on(self, action: Action) -> list[dict[str, Any]]:
        """The partners whose part is still to come, the longest wait first."""
        partners = [wait.organisation for wait in action.waits]  # type: ignore[attr-defined]
        return [{"id": partner.pk, "name": partner.name} for partner in partners]

    @extend_schema_field(ActionLinksSerializer)
    def get_links(self, action: Action) -> dict[str, str]:
        request = self.context["request"]
        return {
            "self": address(request, "action", action.pk),
            "updates": address(request, "update-list", action.pk),
            "plan": address(request, "plan", action.plan_id),
        }


class ActionEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}
    serializer_class = ActionSerializer
    queryset = Action.objects.none()

    def get_queryset(self) -> QuerySet[Action]:
        """The actions the caller may see, with everything their representation names.

        A parent the caller may not see does not exist for them, so it is fetched by the same rule.
        """
        visible = Action.objects.visible_to(self.request.user, self.on)
        parents = Action.objects.visible_to(self.request.user, self.on).only("ref")
        return (
            visible.with_waits()
            .select_related("plan", "pillar", "area", "lead", "owner", "alternate", "mou_area")
            .prefetch_related("supporting", Prefetch("parent", queryset=parents))
        )


class ActionList(ActionEndpoint):
    pagination_class = CursorPages

    def query_parameters(self) -> frozenset[str]:
        return super().query_parameters() | ActionFilter.base_filters.keys() | {ORDERING}

    def in_order(self) -> list[Column]:
        wanted = self.request.query_params.get(ORDERING, DEFAULT_SORT)
        key, descending = wanted.removeprefix("-"), wanted.startswith("-")
        if key not in SORTS:
            raise ValidationError({ORDERING: f"Order by one of: {', '.join(SORTS)}"})
        chosen = [(column, descending) for column in SORTS[key]]
        return [*chosen, (F("ref"), False), (F("pk"), False)]

    @extend_schema(
        operation_id="list_actions",
        responses=ActionSerializer(many=True),
        summary="List actions",
        tags=["Actions"],
        parameters=filter_parameters(),
        examples=[examples.ACTION],
    )
    def get(self, request: Request) -> Response:
        """The actions your organisation leads or supports, narrowed by the same filters as the pages."""
        narrowed = ActionFilter(request.query_params, self.get_queryset(), user=request.user, on=self.on)
        if not narrowed.is_valid():
            raise ValidationError(narrowed.errors.as_data())
        return self.page_of(narrowed.qs)


class ActionDetail(ActionEndpoint):
    @extend_schema(
        operation_id="get_action", summary="Read an action", tags=["Actions"], examples=[examples.ACTION]
    )
    def get(self, request: Request, pk: int) -> Response:
        """One action. Those you may not see are not found."""
        return Response(self.get_serializer(self.get_object()).data)
