"""Which actions answer a recommendation, and which part of it, as partners' systems read it."""

from typing import Any, ClassVar

from django.db.models import F, Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actions.api.references import address
from actions.models import Action
from inspections.api import examples
from inspections.api.inspections import SCOPES
from inspections.models import ActionLink, Recommendation
from partners.api.scopes import HasScope
from web.cursors import Column, CursorPages
from web.endpoints import Endpoint


class LinkedActionSerializer(serializers.ModelSerializer[Action]):
    state = serializers.ChoiceField(choices=Action.State.choices)
    overdue = serializers.SerializerMethodField()

    class Meta:
        model = Action
        fields = ["id", "ref", "title", "state", "due", "overdue"]

    def get_overdue(self, action: Action) -> bool:
        return action.is_overdue(self.context["on"])


class LinkLinksSerializer(serializers.Serializer[Any]):
    action = serializers.URLField()
    recommendation = serializers.URLField()


class LinkSerializer(serializers.ModelSerializer[ActionLink]):
    """An action that answers a recommendation, and which part of it."""

    recommendation = serializers.IntegerField(
        source="recommendation_id",
        help_text="Id of the finding it is linked to: of a cause of concern, one of those under it too.",
    )
    action = LinkedActionSerializer()
    links = serializers.SerializerMethodField()

    class Meta:
        model = ActionLink
        fields = ["id", "recommendation", "action", "answers", "linked_at", "links"]

    @extend_schema_field(LinkLinksSerializer)
    def get_links(self, link: ActionLink) -> dict[str, str]:
        request = self.context["request"]
        return {
            "action": address(request, "action", link.action_id),
            "recommendation": address(request, "recommendation", link.recommendation_id),
        }


class LinkList(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = SCOPES
    serializer_class = LinkSerializer
    queryset = ActionLink.objects.none()
    pagination_class = CursorPages

    def in_order(self) -> list[Column]:
        return [(F("action__ref"), False), (F("pk"), False)]

    def get_links(self) -> QuerySet[ActionLink]:
        seen = Recommendation.objects.visible_to(self.request.user, self.on)
        row = get_object_or_404(seen, pk=self.kwargs["pk"])
        links = ActionLink.objects.visible_to(self.request.user, self.on)
        through = Q(recommendation=row) | Q(recommendation__cause=row)
        return links.filter(through).select_related("action__plan")

    @extend_schema(
        operation_id="list_linked_actions",
        summary="List the actions that answer a recommendation",
        tags=["Recommendations"],
        responses=LinkSerializer(many=True),
        examples=[examples.LINK],
    )
    def get(self, request: Request, pk: int) -> Response:
        """The actions that answer it, of those you may see. A cause of concern is answered through those under it too."""
        return self.page_of(self.get_links())
