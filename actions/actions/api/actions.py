"""Actions, as partners' systems read them."""

from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actions.actions.api.rows import COLUMNS, written
from actions.core import examples
from actions.core.models import Action
from actions.core.table import ACTION
from actions.lists.filters import DEFAULT_SORT, SORTS, ActionFilter
from actions.lists.parameters import filter_parameters
from partners.scoping import HasScope
from standards import marking
from standards import rag as ratings
from web.endpoints import Endpoint
from web.lists import NarrowedList, Sorts
from web.references import NamedSerializer, OrNull, RefSerializer, TitledSerializer, chosen
from web.resources import names


class ComputedRagSerializer(serializers.Serializer[Any]):
    """The rating that the dates alone give, beside the one that was declared."""

    rag = serializers.ChoiceField(choices=ratings.CHOICES)
    rule = serializers.CharField(help_text="The rule that gave it, in words.")


class ActionLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    updates = serializers.URLField()
    evidence = serializers.URLField()
    date_requests = serializers.URLField()
    dependencies = serializers.URLField()
    milestones = serializers.URLField()
    plan = serializers.URLField()


class ActionSerializer(serializers.ModelSerializer[Action]):
    """One piece of work of a plan."""

    # This describes; `actions.actions.api.rows` writes.
    plan = TitledSerializer()
    pillar = NamedSerializer()
    area = NamedSerializer(allow_null=True, help_text="The district; null for the whole force area.")
    parent = RefSerializer(allow_null=True, help_text="The action this is one district's part of.")
    lead = NamedSerializer(allow_null=True, help_text="The organisation that leads the action.")
    supporting = NamedSerializer(many=True, help_text="The organisations that support the action.")
    owner = NamedSerializer(allow_null=True, help_text="The post responsible for the action.")
    alternate = NamedSerializer(allow_null=True)
    mou_area = NamedSerializer(allow_null=True)
    tier = OrNull(choices=chosen(Action.Tier.choices))
    state = serializers.ChoiceField(choices=Action.State.choices)
    rag = OrNull(choices=ratings.CHOICES, help_text="The declared rating; null unless work is under way.")
    computed_rag = ComputedRagSerializer(allow_null=True)
    board_rag = OrNull(
        choices=ratings.CHOICES,
        help_text="The rating that a board gave by a minute, beside the others; null if none did.",
    )
    board_rag_reference = serializers.CharField(
        help_text="The minute of the board's rating as it was cited; empty otherwise."
    )
    overdue = serializers.BooleanField()
    moves = serializers.IntegerField(help_text="How often the due date moved, earlier or later.")
    days_slipped = serializers.IntegerField(
        help_text="Days from the original due date to the due date; negative when it is earlier."
    )
    waiting_on = NamedSerializer(
        many=True, help_text="The partners that have not delivered yet, the longest wait first."
    )
    marking = serializers.ChoiceField(choices=marking.CHOICES)
    exemption = OrNull(choices=chosen(Action.Exemption.choices))
    version = serializers.IntegerField(help_text="Rises with every change. Send it back with an update.")
    links = ActionLinksSerializer()

    class Meta:
        model = Action
        fields = ["id", *names(ACTION, "api"), "links"]


class ActionEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}
    serializer_class = ActionSerializer
    queryset = Action.objects.none()

    def get_queryset(self) -> QuerySet[Action]:
        return Action.objects.visible_to(self.request.user, self.on)


class ActionList(ActionEndpoint, NarrowedList):
    filters = ActionFilter
    sorts: ClassVar[Sorts] = SORTS
    default_sort = DEFAULT_SORT
    ties: ClassVar[tuple[F, ...]] = (F("ref"), F("pk"))
    row_columns = COLUMNS

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
        return self.page_of(self.narrowed(self.get_queryset()))

    def written(self, rows: Any) -> Any:
        return written(rows, request=self.request, on=self.on)


class ActionDetail(ActionEndpoint):
    @extend_schema(
        operation_id="get_action", summary="Get an action", tags=["Actions"], examples=[examples.ACTION]
    )
    def get(self, request: Request, pk: int) -> Response:
        """One action. Those you may not see are not found."""
        row = get_object_or_404(self.get_queryset().values_list(*COLUMNS, named=True), pk=pk)
        (action,) = written([row], request=request, on=self.on)
        return Response(action)
