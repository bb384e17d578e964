"""API of requests to partners that actions wait on: list, make, acknowledge or decline, and close."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from actions.core.api import LOCATION, ChangeSerializer, OfAction, OfActionSerializer
from actions.core.models import Action
from actions.lists.parameters import NOTES as NOTES_OF_ACTIONS
from actions.waits import examples, policies
from actions.waits.filters import DEPENDENCY_SORTS, DependencyFilter
from actions.waits.models import Dependency
from actions.waits.services import (
    answer_dependency,
    close_dependency,
    request_dependency,
)
from partners.models import Organisation
from web.api import IdField, KeepingSerializer, StrictBoolean, StrictDate, StrictText
from web.cursors import Column, CursorPages
from web.lists import NarrowedList, Sorts
from web.parameters import filter_parameters
from web.references import NamedSerializer

LENGTHS = {field.name: field.max_length for field in Dependency._meta.concrete_fields if field.max_length}
NOTES = NOTES_OF_ACTIONS | {
    "waiting": (
        "`yes` is every open request; `unanswered` those not acknowledged; `late` those past their `needed_by` date. "
        "`declined` is those declined and not followed up. Left out, closed requests are included."
    ),
    "waiting_on": "Id of the partner.",
    "state": "One or more states of the action; repeat the parameter. `open` and `closed` stand for several.",
}


class DependencySerializer(OfActionSerializer):
    """A request to a partner for something that an action is waiting on."""

    route = "dependency"
    organisation = NamedSerializer(help_text="The partner that the action is waiting on.")
    state = serializers.ChoiceField(choices=Dependency.State.choices)
    days_waiting = serializers.SerializerMethodField()
    late = serializers.SerializerMethodField()
    raised_by = NamedSerializer()
    answered_by = NamedSerializer(allow_null=True)
    ended_by = NamedSerializer(allow_null=True)
    ended_on = serializers.DateField(
        allow_null=True, help_text="The day it was received, declined or no longer needed."
    )

    class Meta:
        model = Dependency
        fields = [
            *(
                "id",
                "action",
                "organisation",
                "needed",
                "since",
                "needed_by",
                "state",
                "days_waiting",
                "late",
            ),
            *("raised_by", "raised_at", "answered_by", "answered_at", "answer", "expected_on", "ended_by"),
            *("ended_on", "ending", "links"),
        ]

    def get_days_waiting(self, row: Dependency) -> int:
        """Days the action has waited, or waited until the request was closed."""
        return row.days_waiting(self.context["on"])

    def get_late(self, row: Dependency) -> bool:
        """Whether it is open and past its `needed_by` date."""
        return row.is_open and row.needed_by is not None and row.needed_by < self.context["on"]


class NewDependencySerializer(ChangeSerializer):
    """Request something from a partner, which sees the request in its own tasks."""

    organisation = IdField(help_text="Id of the partner: one that supports the action and does not lead it.")
    needed = StrictText(
        max_length=LENGTHS["needed"],
        help_text="What is needed and why. The partner reads this.",
    )
    since = StrictDate(required=False, help_text="First day of the wait; today if left out.")
    needed_by = StrictDate(required=False, help_text="Date by which it is needed.")

    def validate_organisation(self, pk: int) -> Organisation:
        request = self.context["request"]
        visible = Organisation.objects.visible_to(request.user, self.context["on"])
        organisation = visible.filter(pk=pk).first()
        if organisation is None:
            raise serializers.ValidationError(
                gettext("There is no such organisation."), code="does_not_exist"
            )
        return organisation


class DependencyAnswerSerializer(KeepingSerializer):
    """Acknowledge or decline a request for your organisation."""

    accept = StrictBoolean(help_text="`true` acknowledges; `false` declines, also after acknowledging.")
    answer = StrictText(
        max_length=LENGTHS["answer"],
        allow_blank=True,
        default="",
        help_text="Comments; the reason is required to decline.",
    )
    expected_on = StrictDate(
        required=False, help_text="Date by which you expect to provide it, if you acknowledge."
    )


class DependencyEndSerializer(KeepingSerializer):
    """Close a request: it was received, or is no longer needed."""

    met = StrictBoolean(help_text="`true` if it was received, `false` if it is no longer needed.")
    ending = StrictText(
        max_length=LENGTHS["ending"],
        allow_blank=True,
        default="",
        help_text="What was received; the reason is required if it is no longer needed.",
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
        summary="List requests to partners",
        tags=["Dependencies"],
        responses=DependencySerializer(many=True),
        parameters=filter_parameters(DependencyFilter, NOTES, sorts=DEPENDENCY_SORTS, default="since"),
        examples=[examples.DEPENDENCY],
    )
    def get(self, request: Request) -> Response:
        """Requests to partners, the longest wait first. The filters of the actions apply too."""
        visible = Action.objects.visible_to(request.user, self.on)
        filters: Any = DependencyFilter(request.query_params, visible, user=request.user, on=self.on)
        if not filters.is_valid():
            raise ValidationError(filters.errors.as_data())
        return self.page_of(filters.waits_of(self.get_queryset()))


class ActionDependencyList(DependencyEndpoint):
    pagination_class = CursorPages

    def in_order(self) -> list[Column]:
        return [(F("since"), False), (F("pk"), False)]

    @extend_schema(
        operation_id="list_dependencies_of_action",
        summary="List an action's requests to partners",
        tags=["Dependencies"],
        responses=DependencySerializer(many=True),
        examples=[examples.DEPENDENCY],
    )
    def get(self, request: Request, pk: int) -> Response:
        """The action's open and closed requests to partners, the longest wait first."""
        return self.page_of(self.get_queryset().filter(action=self.get_action()))

    def why_not(self) -> str:
        return policies.why_not_request_from_partner(self.rights, self.get_action())

    @extend_schema(
        operation_id="create_dependency",
        summary="Request something from a partner",
        tags=["Dependencies"],
        request=NewDependencySerializer,
        responses={201: OpenApiResponse(DependencySerializer, description="The new request.")},
        examples=[examples.NEW_DEPENDENCY, examples.DEPENDENCY],
        parameters=[LOCATION],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the owner, the alternate, the lead organisation and the programme manager.

        An action can have one open request to a partner at a time.
        """
        action = self.get_action()
        row = self.run(request_dependency, self.parsed(NewDependencySerializer), action=action)
        return self.respond(self.get_queryset().get(pk=row.pk), status.HTTP_201_CREATED)


class DependencyDetail(DependencyEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}

    @extend_schema(
        operation_id="get_dependency",
        summary="Get a request to a partner",
        tags=["Dependencies"],
        examples=[examples.DEPENDENCY],
    )
    def get(self, request: Request, pk: int) -> Response:
        """One request, with the partner's answer and how it was closed."""
        return self.respond(self.get_object())


class DependencyAnswer(DependencyEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"POST": "dependencies:write"}

    def why_not(self) -> str:
        return policies.why_not_answer(self.rights, self.get_object())

    @extend_schema(
        operation_id="answer_dependency",
        summary="Acknowledge or decline a request",
        tags=["Dependencies"],
        request=DependencyAnswerSerializer,
        responses=DependencySerializer,
        examples=[examples.ANSWER, examples.ACKNOWLEDGED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the organisation that the request was made to. A request already answered or closed answers 409."""
        self.run(answer_dependency, self.parsed(DependencyAnswerSerializer), dependency=self.get_object())
        return self.respond(self.get_object())


class DependencyEnd(DependencyEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"POST": "dependencies:write"}

    def why_not(self) -> str:
        return policies.why_not_request_from_partner(self.rights, self.get_object().action)

    @extend_schema(
        operation_id="close_dependency",
        summary="Close a request to a partner",
        tags=["Dependencies"],
        request=DependencyEndSerializer,
        responses=DependencySerializer,
        examples=[examples.ENDING, examples.MET],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Users who may make requests may close them. A declined request stays declined; closing it records what happened next."""
        self.run(close_dependency, self.parsed(DependencyEndSerializer), dependency=self.get_object())
        return self.respond(self.get_object())
