"""API of the ratings that boards give actions by a minute."""

from typing import ClassVar

from django.db.models import F, QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from actions.board_ratings import examples, policies
from actions.board_ratings.models import BoardRating
from actions.board_ratings.services import rate_by_board
from actions.core.api import LOCATION, ChangeSerializer, OfAction, OfActionSerializer, visible_minute
from meetings.models import Minute
from standards import rag as ratings
from web.api import IdField, StrictChoice, StrictText
from web.cursors import Column, CursorPages
from web.references import NamedSerializer, OrNull


class BoardRatingSerializer(OfActionSerializer):
    """The rating that a board gave an action by a minute, or that it ended its rating."""

    route = "board-rating"
    rag = OrNull(choices=ratings.CHOICES, help_text="Null where the board ended its rating.")
    minute = serializers.IntegerField(
        source="minute_id", help_text="Id of the minute of the board's decision."
    )
    reference = serializers.CharField(help_text="The minute as it was cited.")
    recorded_by = NamedSerializer()

    class Meta:
        model = BoardRating
        fields = [
            *("id", "action", "rag", "reason", "minute", "reference", "recorded_by", "recorded_at", "links"),
        ]


class NewBoardRatingSerializer(ChangeSerializer):
    """Record the rating that a board gave an action, or that it ended its rating."""

    rag = StrictChoice(choices=ratings.CHOICES, allow_null=True, help_text="Null ends the board's rating.")
    reason = StrictText(max_length=2000, help_text="The board's reason.")
    minute = IdField(help_text="Id of the minute of the board's decision.")

    def validate_rag(self, value: str | None) -> str:
        return value or ""

    def validate_minute(self, pk: int) -> Minute | None:
        return visible_minute(self.context, pk)


class BoardRatingEndpoint(OfAction):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read", "POST": "decisions:write"}
    serializer_class = BoardRatingSerializer
    queryset = BoardRating.objects.none()

    def get_queryset(self) -> QuerySet[BoardRating]:
        visible = BoardRating.objects.visible_to(self.request.user, self.on)
        return visible.select_related("action", "recorded_by")


class BoardRatingList(BoardRatingEndpoint):
    pagination_class = CursorPages

    def in_order(self) -> list[Column]:
        return [(F("recorded_at"), True), (F("pk"), True)]

    @extend_schema(
        operation_id="list_board_ratings",
        summary="List boards' ratings of an action",
        tags=["Closing"],
        responses=BoardRatingSerializer(many=True),
        examples=[examples.RATING],
    )
    def get(self, request: Request, pk: int) -> Response:
        """The ratings that boards gave the action, the latest first."""
        return self.page_of(self.get_queryset().filter(action=self.get_action()))

    def why_not(self) -> str:
        return policies.why_not_rate(self.rights, self.get_action())

    @extend_schema(
        operation_id="rate_by_board",
        summary="Record a board's rating of an action",
        tags=["Closing"],
        request=NewBoardRatingSerializer,
        responses={201: OpenApiResponse(BoardRatingSerializer, description="The new rating.")},
        examples=[examples.NEW_RATING, examples.ENDED, examples.RATING],
        parameters=[LOCATION],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For a board member who does not own the action. The declared rating stays as it is."""
        action = self.get_action()
        row = self.run(rate_by_board, self.parsed(NewBoardRatingSerializer), action=action)
        return self.respond(self.get_queryset().get(pk=row.pk), status.HTTP_201_CREATED)


class BoardRatingDetail(BoardRatingEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}

    @extend_schema(
        operation_id="get_board_rating",
        summary="Get a board's rating of an action",
        tags=["Closing"],
        examples=[examples.RATING],
    )
    def get(self, request: Request, pk: int) -> Response:
        """One rating with its minute."""
        return self.respond(self.get_object())
