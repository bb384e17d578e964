"""Milestones: steps on the way to an action's due date, as partners' systems set them and say what became of them."""

from typing import Any, ClassVar

from django.db.models import F, QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from actions.core.api import LOCATION, ChangeSerializer, OfAction, ReportedActionSerializer
from actions.dates import examples
from actions.dates.policies import why_not_schedule
from actions.milestones.models import Milestone
from actions.milestones.services import add_milestone, change_milestone, drop_milestone, reach_milestone
from audit import clock
from web.api import KeepingSerializer, StrictDate, StrictText
from web.cursors import Column, CursorPages
from web.references import address

LENGTHS = {field.name: field.max_length for field in Milestone._meta.concrete_fields if field.max_length}


class MilestoneLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    action = serializers.URLField()


class MilestoneSerializer(serializers.ModelSerializer[Milestone]):
    """A step on the way to an action's due date. It is reached or dropped, never deleted; its first date stays."""

    action = ReportedActionSerializer()
    overdue = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()

    class Meta:
        model = Milestone
        fields = [
            *("id", "action", "title", "original_due", "due", "reached_on", "dropped_on", "note", "overdue"),
            "links",
        ]

    def get_overdue(self, row: Milestone) -> bool:
        """Whether its date has passed and it is neither reached nor dropped."""
        return row.is_open and row.action.is_open and row.due < self.context["on"]

    @extend_schema_field(MilestoneLinksSerializer)
    def get_links(self, row: Milestone) -> dict[str, str]:
        request = self.context["request"]
        return {
            "self": address(request, "milestone", row.pk),
            "action": address(request, "action", row.action_id),
        }


class NewMilestoneSerializer(ChangeSerializer):
    """Set a step on the way to the due date."""

    title = StrictText(max_length=LENGTHS["title"], help_text="What is to be reached.")
    due = StrictDate(help_text="By when; not after the action's due date.")


class MilestoneChangeSerializer(KeepingSerializer):
    """Word a milestone better, or move it. What is left out stays as it is."""

    title = StrictText(max_length=LENGTHS["title"], required=False, help_text="What is to be reached.")
    due = StrictDate(required=False, help_text="Another date.")
    reason = StrictText(
        max_length=LENGTHS["note"], allow_blank=True, default="", help_text="Why, where the date moves."
    )


class MilestoneReachedSerializer(ChangeSerializer):
    """Say on which day a milestone was reached."""

    reached_on = StrictDate(help_text="The day on which it was reached, today or before.")


class MilestoneDroppedSerializer(ChangeSerializer):
    """Say that a milestone is not to be reached."""

    reason = StrictText(max_length=LENGTHS["note"], help_text="Why it is dropped. It stays on record.")


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

    def get_scheduled(self) -> Milestone:
        """Return the milestone of the address, once the caller may change it."""
        row: Milestone = self.get_object()
        self.forbid(why_not_schedule(self.rights, row.action))
        return row


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
        """The steps on the way to the due date, the earliest first."""
        return self.page_of(self.get_queryset().filter(action=self.get_action()))

    @extend_schema(
        operation_id="add_milestone",
        summary="Set a milestone",
        tags=["Dates"],
        request=NewMilestoneSerializer,
        responses={201: OpenApiResponse(MilestoneSerializer, description="The milestone, as it was set.")},
        examples=[examples.NEW_MILESTONE, examples.MILESTONE],
        parameters=[LOCATION],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For those who lead the action."""
        action = self.get_action()
        self.forbid(why_not_schedule(self.rights, action))
        given = self.parsed(NewMilestoneSerializer)
        with given.keeping():
            row = add_milestone(actor=request.user, action=action, at=clock.now(), **given.validated_data)
        return self.told(self.get_queryset().get(pk=row.pk), status.HTTP_201_CREATED)


class MilestoneDetail(MilestoneEndpoint):
    @extend_schema(
        operation_id="get_milestone",
        summary="Read a milestone",
        tags=["Dates"],
        examples=[examples.MILESTONE],
    )
    def get(self, request: Request, pk: int) -> Response:
        """One step, and what became of it."""
        return self.told(self.get_object())

    @extend_schema(
        operation_id="change_milestone",
        summary="Move a milestone, or word it better",
        tags=["Dates"],
        request=MilestoneChangeSerializer,
        responses=MilestoneSerializer,
        examples=[examples.MOVED, examples.MILESTONE],
    )
    def patch(self, request: Request, pk: int) -> Response:
        """For those who lead the action. Its first date stays in `original_due`."""
        row = self.get_scheduled()
        given = self.parsed(MilestoneChangeSerializer)
        with given.keeping():
            change_milestone(actor=request.user, milestone=row, at=clock.now(), **given.validated_data)
        return self.told(self.get_object())


class MilestoneReach(MilestoneEndpoint):
    @extend_schema(
        operation_id="reach_milestone",
        summary="Say that a milestone is reached",
        tags=["Dates"],
        request=MilestoneReachedSerializer,
        responses=MilestoneSerializer,
        examples=[examples.REACHED, examples.MILESTONE_REACHED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For those who lead the action. One that is reached or dropped already is answered 422."""
        row = self.get_scheduled()
        given = self.parsed(MilestoneReachedSerializer)
        with given.keeping():
            reach_milestone(actor=request.user, milestone=row, at=clock.now(), **given.validated_data)
        return self.told(self.get_object())


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
        """For those who lead the action. It stays on record with the reason."""
        row = self.get_scheduled()
        given = self.parsed(MilestoneDroppedSerializer)
        with given.keeping():
            drop_milestone(actor=request.user, milestone=row, at=clock.now(), **given.validated_data)
        return self.told(self.get_object())
