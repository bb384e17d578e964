"""Links between recommendations and actions in the API."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from actions.models import Action
from audit import clock
from inspections.core import examples, policies
from inspections.core.api import SCOPES
from inspections.findings.api.recommendations import (
    RecommendationDetail,
    RecommendationWithHistoriesSerializer,
)
from inspections.findings.models.recommendations import ActionLink, Recommendation
from inspections.findings.services.links import link_action, unlink_action
from partners.policies import rights_of
from partners.scoping import HasScope
from web.api import IdField, KeepingSerializer, StrictText, VersionField
from web.callers import actor_of
from web.cursors import Column, CursorPages
from web.endpoints import Endpoint
from web.references import address

NO_ACTION = gettext_lazy("There is no such action in this partnership that you may see.")


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
        help_text="Id of the finding it is linked to. For a cause of concern it can be a recommendation under it.",
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


class NewLinkSerializer(KeepingSerializer):
    """An action that answers the recommendation."""

    action = IdField(help_text="Id of an action of the same partnership.")
    answers = StrictText(
        max_length=ActionLink._meta.get_field("answers").max_length,
        allow_blank=True,
        default="",
        help_text="Part of the finding it answers; empty for all of it.",
    )
    version = VersionField()


class LinkRemovalSerializer(KeepingSerializer):
    """The reason for unlinking an action."""

    reason = StrictText(
        max_length=2000, help_text="Why the action does not answer the finding. Kept on record."
    )
    version = VersionField()


def why_not_link(view: Endpoint, row: Recommendation) -> str:
    return policies.why_not_manage(rights_of(view.request.user, view.on), row.inspection.partnership_id)


class LinkList(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = {**SCOPES, "POST": "recommendations:write"}
    serializer_class = LinkSerializer
    queryset = ActionLink.objects.none()
    pagination_class = CursorPages

    def in_order(self) -> list[Column]:
        return [(F("action__ref"), False), (F("pk"), False)]

    def get_recommendation(self) -> Recommendation:
        visible = Recommendation.objects.visible_to(self.request.user, self.on).select_related("inspection")
        return get_object_or_404(visible, pk=self.kwargs["pk"])

    def get_links(self, row: Recommendation) -> QuerySet[ActionLink]:
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
        """The linked actions you can view. A cause of concern includes those of the recommendations under it."""
        return self.page_of(self.get_links(self.get_recommendation()))

    def why_not(self) -> str:
        return why_not_link(self, self.get_recommendation())

    @extend_schema(
        operation_id="link_action",
        summary="Link an action to a recommendation",
        tags=["Recommendations"],
        request=NewLinkSerializer,
        responses={201: OpenApiResponse(LinkSerializer, description="The link.")},
        examples=[examples.NEW_LINK, examples.LINKED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Only the programme manager can do this. If the finding is a cause of concern, the board decides later due dates."""
        row = self.get_recommendation()
        serializer = NewLinkSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        here = Action.objects.visible_to(request.user, self.on).filter(
            partnership=row.inspection.partnership_id
        )
        action = here.filter(pk=serializer.validated_data.pop("action")).first()
        if action is None:
            raise ValidationError({"action": ValidationError(NO_ACTION, code="does_not_exist")})
        with serializer.keeping():
            link = link_action(
                actor=actor_of(request),
                recommendation=row,
                action=action,
                at=clock.now(),
                **serializer.validated_data,
            )
        visible_link = self.get_links(row).get(pk=link.pk)
        return Response(self.get_serializer(visible_link).data, status.HTTP_201_CREATED)


class LinkRemoval(RecommendationDetail):
    http_method_names = ["post"]
    required_scopes: ClassVar[dict[str, str]] = {"POST": "recommendations:write"}

    def get_link(self) -> ActionLink:
        links = ActionLink.objects.visible_to(self.request.user, self.on)
        related = links.select_related("recommendation__inspection__partnership")
        return get_object_or_404(related, pk=self.kwargs["link_id"], recommendation=self.get_object())

    def why_not(self) -> str:
        return why_not_link(self, self.get_link().recommendation)

    @extend_schema(
        operation_id="unlink_action",
        summary="Unlink an action from a recommendation",
        tags=["Recommendations"],
        request=LinkRemovalSerializer,
        responses=OpenApiResponse(
            RecommendationWithHistoriesSerializer, description="The finding after the change."
        ),
        examples=[examples.UNLINKING, examples.UNLINKED],
    )
    def post(self, request: Request, pk: int, link_id: int) -> Response:
        """Only the programme manager can do this. The reason is recorded. A recommendation in progress keeps at least one live action."""
        link = self.get_link()
        self.run(unlink_action, self.parsed(LinkRemovalSerializer), link=link)
        return self.respond(self.get_object())
