"""What actions wait for from partners: named, answered by the partner, ended, as partners' systems do it."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from actions.core.api import LOCATION, ChangeSerializer, OfAction, ReportedActionSerializer
from actions.core.models import Action
from actions.lists.parameters import NOTES as NOTES_OF_ACTIONS
from actions.waits import examples, policies
from actions.waits.filters import DEPENDENCY_SORTS, DependencyFilter
from actions.waits.models import Dependency
from actions.waits.services import (
    answer_dependency,
    end_dependency,
    raise_dependency,
)
from audit import clock
from partners.models import Organisation
from web.api import IdField, KeepingSerializer, StrictBoolean, StrictDate, StrictText
from web.cursors import Column, CursorPages
from web.lists import NarrowedList, Sorts
from web.parameters import filter_parameters
from web.references import NamedSerializer, address

LENGTHS = {field.name: field.max_length for field in Dependency._meta.concrete_fields if field.max_length}
NOTES = NOTES_OF_ACTIONS | {
    "waiting": (
        "`yes` is still waited for; of that, `unanswered` is not acknowledged, `late` past the day it was wanted by. "
        "`declined` is refused with nothing said since. Left out, what ended comes too."
    ),
    "waiting_on": "Id of the organisation that is waited on.",
    "state": "One or more states of the action; repeat the parameter. `open` and `closed` stand for several.",
}


class DependencyLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    action = serializers.URLField()


class DependencySerializer(serializers.ModelSerializer[Dependency]):
    """What an action waits for from a partner, with a clock of its own."""

    action = ReportedActionSerializer()
    organisation = NamedSerializer(help_text="The partner that is waited on.")
    state = serializers.ChoiceField(choices=Dependency.State.choices)
    days_waiting = serializers.SerializerMethodField()
    late = serializers.SerializerMethodField()
    raised_by = NamedSerializer()
    answered_by = NamedSerializer(allow_null=True)
    ended_by = NamedSerializer(allow_null=True)
    ended_on = serializers.DateField(
        allow_null=True, help_text="The day on which it came, was declined or was no longer needed."
    )
    links = serializers.SerializerMethodField()

    class Meta:
        model = Dependency
        fields = [
            *(
                "id",
                "action",
                "organisation",
                "needed",
                "since",
                "wanted_by",
                "state",
                "days_waiting",
                "late",
            ),
            *("raised_by", "raised_at", "answered_by", "answered_at", "answer", "expected_on", "ended_by"),
            *("ended_on", "ending", "links"),
        ]

    def get_days_waiting(self, row: Dependency) -> int:
        """How many days it is waited for, or was."""
        return row.days_waiting(self.context["on"])

    def get_late(self, row: Dependency) -> bool:
        """Whether it is still waited for after the day it was wanted by."""
        return row.is_open and row.wanted_by is not None and row.wanted_by < self.context["on"]

    @extend_schema_field(DependencyLinksSerializer)
    def get_links(self, row: Dependency) -> dict[str, str]:
        request = self.context["request"]
        return {
            "self": address(request, "dependency", row.pk),
            "action": address(request, "action", row.action_id),
        }


class NewDependencySerializer(ChangeSerializer):
    """Say what an action waits for from a partner, which then finds it in its own work."""

    organisation = IdField(help_text="Id of the partner: one that supports the action and does not lead it.")
    needed = StrictText(
        max_length=LENGTHS["needed"],
        help_text="What it is and why the action waits for it. The partner reads this.",
    )
    since = StrictDate(required=False, help_text="The first day of the wait; left out, today.")
    wanted_by = StrictDate(required=False, help_text="The day by which the action needs it.")

    def validate_organisation(self, pk: int) -> Organisation:
        request = self.context["request"]
        seen = Organisation.objects.visible_to(request.user, self.context["on"])
        found = seen.filter(pk=pk).first()
        if found is None:
            raise serializers.ValidationError("There is no such organisation.", code="does_not_exist")
        return found


class DependencyAnswerSerializer(KeepingSerializer):
    """Answer for your organisation: it will come, or it will not."""

    accept = StrictBoolean(
        help_text="`true` acknowledges, `false` declines, also what was acknowledged before."
    )
    answer = StrictText(
        max_length=LENGTHS["answer"],
        allow_blank=True,
        default="",
        help_text="What you want to say; the reason, if you decline.",
    )
    expected_on = StrictDate(
        required=False, help_text="The day by which it will be there, if you acknowledge and know it."
    )


class DependencyEndSerializer(KeepingSerializer):
    """Say that what an action waited for came, or is no longer needed."""

    met = StrictBoolean(help_text="`true` says that it came, `false` that it is no longer needed.")
    ending = StrictText(
        max_length=LENGTHS["ending"],
        allow_blank=True,
        default="",
        help_text="What came and how; why, if it is no longer needed.",
    )


class DependencyEndpoint(OfAction):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read", "POST": "dependencies:write"}
    serializer_class = DependencySerializer
    queryset = Dependency.objects.none()

    def get_queryset(self) -> QuerySet[Dependency]:
        visible = Dependency.objects.visible_to(self.request.user, self.on)
        return visible.select_related("action", "organisation", "raised_by", "answered_by", "ended_by")


class DependencyList(DependencyEndpoint, NarrowedList):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}
    filters = DependencyFilter
    sorts: ClassVar[Sorts] = DEPENDENCY_SORTS
    default_sort = "since"
    ties = (F("action__ref"), F("pk"))

    @extend_schema(
        operation_id="list_dependencies",
        summary="List what is waited for",
        tags=["Dependencies"],
        responses=DependencySerializer(many=True),
        parameters=filter_parameters(DependencyFilter, NOTES, sorts=DEPENDENCY_SORTS, default="since"),
        examples=[examples.DEPENDENCY],
    )
    def get(self, request: Request) -> Response:
        """What actions wait for from partners, the longest wait first, narrowed by the filters of the actions."""
        seen = Action.objects.visible_to(request.user, self.on)
        asked: Any = DependencyFilter(request.query_params, seen, user=request.user, on=self.on)
        if not asked.is_valid():
            raise ValidationError(asked.errors.as_data())
        return self.page_of(asked.waits_of(self.get_queryset()))


class ActionDependencyList(DependencyEndpoint):
    pagination_class = CursorPages

    def in_order(self) -> list[Column]:
        return [(F("since"), False), (F("pk"), False)]

    @extend_schema(
        operation_id="list_dependencies_of_action",
        summary="List what an action waits for",
        tags=["Dependencies"],
        responses=DependencySerializer(many=True),
        examples=[examples.DEPENDENCY],
    )
    def get(self, request: Request, pk: int) -> Response:
        """What the action waits for and waited for, the longest wait first."""
        return self.page_of(self.get_queryset().filter(action=self.get_action()))

    @extend_schema(
        operation_id="create_dependency",
        summary="Say what an action waits for",
        tags=["Dependencies"],
        request=NewDependencySerializer,
        responses={201: OpenApiResponse(DependencySerializer, description="The wait, as it was recorded.")},
        examples=[examples.NEW_DEPENDENCY, examples.DEPENDENCY],
        parameters=[LOCATION],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For those who lead the action. An action waits on a partner once at a time."""
        action = self.get_action()
        self.forbid(policies.why_not_request_from_partner(self.rights, action))
        given = self.parsed(NewDependencySerializer)
        with given.keeping():
            row = raise_dependency(actor=request.user, action=action, at=clock.now(), **given.validated_data)
        return self.told(self.get_queryset().get(pk=row.pk), status.HTTP_201_CREATED)


class DependencyDetail(DependencyEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}

    @extend_schema(
        operation_id="get_dependency",
        summary="Read what is waited for",
        tags=["Dependencies"],
        examples=[examples.DEPENDENCY],
    )
    def get(self, request: Request, pk: int) -> Response:
        """What is waited for, what the partner answered and how it ended."""
        return self.told(self.get_object())


class DependencyAnswer(DependencyEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"POST": "dependencies:write"}

    @extend_schema(
        operation_id="answer_dependency",
        summary="Answer what is waited for from you",
        tags=["Dependencies"],
        request=DependencyAnswerSerializer,
        responses=DependencySerializer,
        examples=[examples.ANSWER, examples.ACKNOWLEDGED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the organisation that is waited on. What was answered or ended already is answered 409."""
        row = self.get_object()
        self.forbid(policies.why_not_answer(self.rights, row))
        given = self.parsed(DependencyAnswerSerializer)
        with given.keeping():
            answer_dependency(actor=request.user, dependency=row, at=clock.now(), **given.validated_data)
        return self.told(self.get_object())


class DependencyEnd(DependencyEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"POST": "dependencies:write"}

    @extend_schema(
        operation_id="end_dependency",
        summary="End a wait",
        tags=["Dependencies"],
        request=DependencyEndSerializer,
        responses=DependencySerializer,
        examples=[examples.ENDING, examples.MET],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For those who lead the action. What was declined stays declined; ending it says how it was settled."""
        row = self.get_object()
        self.forbid(policies.why_not_request_from_partner(self.rights, row.action))
        given = self.parsed(DependencyEndSerializer)
        with given.keeping():
            end_dependency(actor=request.user, dependency=row, at=clock.now(), **given.validated_data)
        return self.told(self.get_object())
