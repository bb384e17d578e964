"""API of milestones: list, add, change, reach and drop."""

from typing import ClassVar

from django.db.models import F, QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from actions.core.api import LOCATION, ChangeSerializer, OfAction, OfActionSerializer
from actions.dates import examples
from actions.dates.policies import why_not_schedule
from actions.milestones.models import Milestone
from actions.milestones.services import add_milestone, change_milestone, drop_milestone, reach_milestone
from web.api import KeepingSerializer, StrictDate, StrictText
from web.cursors import Column, CursorPages

LENGTHS = {field.name: field.max_length for field in Milestone._meta.concrete_fields if field.max_length}


class MilestoneSerializer(OfActionSerializer):
    """A step towards an action's due date. It is reached or dropped, never deleted; its original date stays."""

    route = "milestone"
    overdue = serializers.SerializerMethodField()

    class Meta:
        model = Milestone
        fields = [
            *("id", "action", "title", "original_due", "due", "reached_on", "dropped_on", "note", "overdue"),
            "links",
        ]

    def get_overdue(self, row: Milestone) -> bool:
        """Whether its date has passed before it was reached or dropped."""
        return row.is_open and row.action.is_open and row.due < self.context["on"]


class NewMilestoneSerializer(ChangeSerializer):
    """Add a step towards the due date."""

    title = StrictText(max_length=LENGTHS["title"], help_text="What will be done.")
    due = StrictDate(help_text="Date of the milestone; not after the action's due date.")


class MilestoneChangeSerializer(KeepingSerializer):
    """Change a milestone's title or date. A field that is left out stays the same."""

    title = StrictText(max_length=LENGTHS["title"], required=False, help_text="What will be done.")
    due = StrictDate(required=False, help_text="The new date.")
    reason = StrictText(
        max_length=LENGTHS["note"],
        allow_blank=True,
        default="",
        help_text="Reason for the new date; required when it changes.",
    )


class MilestoneReachedSerializer(ChangeSerializer):
    """Record the day a milestone was reached."""

    reached_on = StrictDate(help_text="The day it was reached, today or earlier.")


class MilestoneDroppedSerializer(ChangeSerializer):
    """Drop a milestone."""

    reason = StrictText(max_length=LENGTHS["note"], help_text="Reason for dropping it. It stays on record.")


class MilestoneEndpoint(OfAction):
    required_scopes: ClassVar[dict[str, str]] = {
        "GET": "actions:read",
        "POST": "dates:write",
        "PATCH": "dates:write",
    }
    serializer_class = MilestoneSerializer
    queryset = Milestone.objects.none()

    def get_queryset(self) -> QuerySet[Milestone]:
        visible = Milestone.objects.visible_to(self.request.user, self.on)
        return visible.select_related("action__partnership")

    def why_not(self) -> str:
        return why_not_schedule(self.rights, self.get_object().action)


class MilestoneList(MilestoneEndpoint):
    pagination_class = CursorPages

    def in_order(self) -> list[Column]:
        return [(F("due"), False), (F("pk"), False)]

    @extend_schema(
        operation_id="list_milestones",
        summary="List an action's milestones",
        tags=["Dates"],
        responses=MilestoneSerializer(many=True),
        examples=[examples.MILESTONE],
    )
    def get(self, request: Request, pk: int) -> Response:
        """The milestones, the earliest first."""
        return self.page_of(self.get_queryset().filter(action=self.get_action()))

    def why_not(self) -> str:
        return why_not_schedule(self.rights, self.get_action())

    @extend_schema(
        operation_id="add_milestone",
        summary="Add a milestone",
        tags=["Dates"],
        request=NewMilestoneSerializer,
        responses={201: OpenApiResponse(MilestoneSerializer, description="The new milestone.")},
        examples=[examples.NEW_MILESTONE, examples.MILESTONE],
        parameters=[LOCATION],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the owner, the alternate, the lead organisation and the programme manager."""
        action = self.get_action()
        row = self.run(add_milestone, self.parsed(NewMilestoneSerializer), action=action)
        return self.respond(self.get_queryset().get(pk=row.pk), status.HTTP_201_CREATED)


class MilestoneDetail(MilestoneEndpoint):
    @extend_schema(
        operation_id="get_milestone",
        summary="Get a milestone",
        tags=["Dates"],
        examples=[examples.MILESTONE],
    )
    def get(self, request: Request, pk: int) -> Response:
        """One milestone, and whether it was reached or dropped."""
        return self.respond(self.get_object())

    @extend_schema(
        operation_id="change_milestone",
        summary="Change a milestone",
        tags=["Dates"],
        request=MilestoneChangeSerializer,
        responses=MilestoneSerializer,
        examples=[examples.MOVED, examples.MILESTONE],
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Users who may add milestones may change them. The first date stays in `original_due`."""
        self.run(change_milestone, self.parsed(MilestoneChangeSerializer), milestone=self.get_object())
        return self.respond(self.get_object())


class MilestoneReach(MilestoneEndpoint):
    @extend_schema(
        operation_id="reach_milestone",
        summary="Record that a milestone was reached",
        tags=["Dates"],
        request=MilestoneReachedSerializer,
        responses=MilestoneSerializer,
        examples=[examples.REACHED, examples.MILESTONE_REACHED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Users who may add milestones may do this. A milestone already reached or dropped answers 422."""
        self.run(reach_milestone, self.parsed(MilestoneReachedSerializer), milestone=self.get_object())
        return self.respond(self.get_object())


class MilestoneDrop(MilestoneEndpoint):
    @extend_schema(
        operation_id="drop_milestone",
        summary="Drop a milestone",
        tags=["Dates"],
        request=MilestoneDroppedSerializer,
        responses=MilestoneSerializer,
        examples=[examples.DROPPED, examples.MILESTONE_DROPPED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Users who may add milestones may do this. It stays on record with the reason."""
        self.run(drop_milestone, self.parsed(MilestoneDroppedSerializer), milestone=self.get_object())
        return self.respond(self.get_object())
