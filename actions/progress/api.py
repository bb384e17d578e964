"""Progress updates: what partners' systems submit and read."""

from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from actions.core import examples
from actions.core.api import ReportedActionSerializer, supporting_ids
from actions.core.models import Action
from actions.core.states import REPORTABLE, State
from actions.progress import policies
from actions.progress.models import ProgressUpdate
from actions.progress.services import ProgressReport, report_progress
from audit import clock
from partners.policies import rights_of
from partners.scoping import HasScope
from standards import rag
from web.api import (
    IdField,
    KeepingSerializer,
    StrictChoice,
    StrictDate,
    StrictInteger,
    StrictText,
    VersionField,
)
from web.callers import actor_of
from web.cursors import Column, CursorPages
from web.endpoints import Endpoint
from web.parameters import location_of
from web.references import NamedSerializer, OrNull, address

LENGTHS = {field.name: field.max_length for field in ProgressUpdate._meta.concrete_fields if field.max_length}


class UpdateLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    action = serializers.URLField()


class UpdateSerializer(serializers.ModelSerializer[ProgressUpdate]):
    """A progress update for a reporting period. It never changes; a later one may correct it."""

    action = ReportedActionSerializer()
    state = serializers.ChoiceField(choices=State.choices)
    rag = OrNull(choices=rag.CHOICES)
    author = NamedSerializer()
    corrects = serializers.IntegerField(
        source="corrects_id", allow_null=True, help_text="Id of the update that this one corrects."
    )
    corrected_by = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()

    class Meta:
        model = ProgressUpdate
        fields = [
            *("id", "action", "period", "state", "narrative", "next_steps", "rag", "reason", "path_to_green"),
            *("percent", "author", "submitted_at", "imported", "corrects", "corrected_by", "links"),
        ]

    @extend_schema_field(
        {"type": ["integer", "null"], "description": "Id of the update that corrects this one."}
    )
    def get_corrected_by(self, update: ProgressUpdate) -> int | None:
        correction = getattr(update, "corrected_by", None)
        return correction.pk if correction else None

    @extend_schema_field(UpdateLinksSerializer)
    def get_links(self, update: ProgressUpdate) -> dict[str, str]:
        request = self.context["request"]
        return {
            "self": address(request, "update", update.action_id, update.pk),
            "action": address(request, "action", update.action_id),
        }


class NewUpdateSerializer(KeepingSerializer):
    """A new update. Only `narrative` and, for work in progress, `rag` are required."""

    state = StrictChoice(
        choices=[(state.value, state.label) for state in REPORTABLE], default=State.IN_PROGRESS.value
    )
    narrative = StrictText(max_length=LENGTHS["narrative"], help_text="What was done since the last update.")
    next_steps = StrictText(max_length=LENGTHS["next_steps"], allow_blank=True, default="")
    rag = StrictChoice(
        choices=rag.CHOICES,
        allow_null=True,
        default=None,
        help_text="Required while in progress; leave it out or send null while not started.",
    )
    reason = StrictText(
        max_length=LENGTHS["reason"], allow_blank=True, default="", help_text="Required with red and amber."
    )
    path_to_green = StrictText(
        max_length=LENGTHS["path_to_green"],
        allow_blank=True,
        default="",
        help_text="Required with red and amber.",
    )
    percent = StrictInteger(
        min_value=0, max_value=100, required=False, help_text="Default: the present value."
    )
    period = StrictDate(
        required=False,
        allow_null=True,
        help_text="First day of the reporting period. Default: the current one.",
    )
    corrects = IdField(
        required=False, allow_null=True, help_text="Id of the update of this action that this one corrects."
    )
    version = VersionField()

    def validate_corrects(self, pk: int | None) -> ProgressUpdate | None:
        if pk is None:
            return None
        update: ProgressUpdate | None = self.context["action"].updates.filter(pk=pk).first()
        if update is None:
            raise serializers.ValidationError(
                gettext("This action has no such update."), code="does_not_exist"
            )
        return update

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        under_way = attrs["state"] == State.IN_PROGRESS
        attrs.setdefault("percent", self.context["action"].percent if under_way else 0)
        attrs["rag"] = attrs["rag"] or ""
        return attrs


class UpdateEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read", "POST": "updates:write"}
    serializer_class = UpdateSerializer
    queryset = ProgressUpdate.objects.none()

    def get_action(self) -> Action:
        visible = Action.objects.visible_to(self.request.user, self.on)
        return get_object_or_404(visible.select_related("partnership"), pk=self.kwargs["pk"])

    def get_updates(self, action: Action) -> QuerySet[ProgressUpdate]:
        visible = ProgressUpdate.objects.visible_to(self.request.user, self.on)
        return visible.filter(action=action).select_related("action", "author", "corrected_by")


class UpdateList(UpdateEndpoint):
    pagination_class = CursorPages

    def in_order(self) -> list[Column]:
        return [(F("submitted_at"), True), (F("pk"), True)]

    @extend_schema(
        operation_id="list_updates",
        responses=UpdateSerializer(many=True),
        summary="List an action's updates",
        tags=["Updates"],
        examples=[examples.UPDATE],
    )
    def get(self, request: Request, pk: int) -> Response:
        """The action's updates, latest first."""
        return self.page_of(self.get_updates(self.get_action()))

    def why_not(self) -> str:
        action = self.get_action()
        rights = rights_of(self.request.user, self.on)
        return policies.why_not_report(rights, action, supporting_ids(action))

    @extend_schema(
        operation_id="create_update",
        summary="Submit an update",
        tags=["Updates"],
        request=NewUpdateSerializer,
        responses={201: OpenApiResponse(UpdateSerializer, description="The update, as it was recorded.")},
        examples=[examples.NEW_UPDATE, examples.UPDATE],
        parameters=[location_of("the new update")],
    )
    def post(self, request: Request, pk: int) -> Response:
        """An update is final. Correct a mistake with another update that names it in `corrects`."""
        action = self.get_action()
        serializer = NewUpdateSerializer(data=request.data, context={"action": action})
        serializer.is_valid(raise_exception=True)
        with serializer.keeping():
            report = ProgressReport(action=action, **serializer.validated_data)
            update = report_progress(actor=actor_of(request), report=report, at=clock.now())
        data = self.get_serializer(self.get_updates(action).get(pk=update.pk)).data
        return Response(data, status.HTTP_201_CREATED, headers={"Location": data["links"]["self"]})


class UpdateDetail(UpdateEndpoint):
    @extend_schema(
        operation_id="get_update", summary="Get an update", tags=["Updates"], examples=[examples.UPDATE]
    )
    def get(self, request: Request, pk: int, update_id: int) -> Response:
        """One update of the action."""
        update = get_object_or_404(self.get_updates(self.get_action()), pk=update_id)
        return Response(self.get_serializer(update).data)
