"""Dates: another one asked for, taken back or decided on, as partners' systems do it."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from actions.core.api import LOCATION, ChangeSerializer, OfAction, ReportedActionSerializer
from actions.dates import examples, policies
from actions.dates.filters import DATE_REQUEST_SORTS, DateRequestFilter
from actions.dates.models import DateChange
from actions.dates.services import (
    decide_date_change,
    request_date_change,
    withdraw_date_change,
)
from audit import clock
from web.api import StrictBoolean, StrictDate, StrictText
from web.lists import NarrowedList, Sorts
from web.parameters import filter_parameters
from web.references import NamedSerializer, address

LENGTHS = {field.name: field.max_length for field in DateChange._meta.concrete_fields if field.max_length}
NOTES = {
    "state": "How the request stands; `requested` waits for a decision.",
    "level": "Who decides; `at_once` are earlier dates, which nobody has to decide.",
    "plan": "Id of a plan.",
}
PARAMETERS = filter_parameters(DateRequestFilter, NOTES, sorts=DATE_REQUEST_SORTS, default="-requested")


class RequestLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    action = serializers.URLField()


class DateRequestSerializer(serializers.ModelSerializer[DateChange]):
    """Another due date that was asked for: both reasons stay beside each other, and the date before it."""

    action = ReportedActionSerializer()
    days = serializers.IntegerField(
        help_text="By how many days the date moves; negative when it comes earlier."
    )
    level = serializers.ChoiceField(
        choices=DateChange.Level.choices,
        help_text="Who decides: the first later date is the programme manager's, the next the board's.",
    )
    state = serializers.ChoiceField(choices=DateChange.State.choices)
    requested_by = NamedSerializer()
    taken_over_by = NamedSerializer(
        allow_null=True, help_text="Who answers for the request since its author handed over."
    )
    decided_by = NamedSerializer(
        allow_null=True,
        help_text="Who decided or took it back; null of an earlier date, which applied at once.",
    )
    reference = serializers.CharField(help_text="Minute reference of the board's decision; empty otherwise.")
    links = serializers.SerializerMethodField()

    class Meta:
        model = DateChange
        fields = [
            *("id", "action", "old_due", "new_due", "days", "reason", "level", "state", "requested_by"),
            *(
                "requested_at",
                "taken_over_by",
                "decided_by",
                "decided_at",
                "decision_reason",
                "reference",
                "links",
            ),
        ]

    @extend_schema_field(RequestLinksSerializer)
    def get_links(self, row: DateChange) -> dict[str, str]:
        request = self.context["request"]
        return {
            "self": address(request, "date-request", row.pk),
            "action": address(request, "action", row.action_id),
        }


class NewDateRequestSerializer(ChangeSerializer):
    """Ask for another due date, and say why. An earlier one applies at once, a later one waits for a decision."""

    new_due = StrictDate(help_text="The due date asked for.")
    reason = StrictText(
        max_length=LENGTHS["reason"], help_text="Why the date has to move. It stays on record."
    )


class DateWithdrawalSerializer(ChangeSerializer):
    """Take a request back before somebody has decided on it."""

    reason = StrictText(max_length=LENGTHS["reason"], help_text="Why it is no longer needed.")


class DateDecisionSerializer(ChangeSerializer):
    """Decide on a later due date."""

    approve = StrictBoolean(help_text="`true` moves the due date, `false` leaves it where it is.")
    reason = StrictText(max_length=LENGTHS["decision_reason"], help_text="The reason for your decision.")
    reference = StrictText(
        max_length=LENGTHS["reference"],
        allow_blank=True,
        default="",
        help_text="Minute reference of the board's decision; a board approves nothing without it.",
    )


class DateRequestEndpoint(OfAction):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read", "POST": "dates:write"}
    serializer_class = DateRequestSerializer
    queryset = DateChange.objects.none()

    def get_queryset(self) -> QuerySet[DateChange]:
        visible = DateChange.objects.visible_to(self.request.user, self.on)
        return visible.select_related("action", "requested_by", "taken_over_by", "decided_by")


class DateRequestList(DateRequestEndpoint, NarrowedList):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}
    filters = DateRequestFilter
    sorts: ClassVar[Sorts] = DATE_REQUEST_SORTS
    default_sort = "-requested"

    @extend_schema(
        operation_id="list_date_requests",
        summary="List requests for another date",
        tags=["Dates"],
        responses=DateRequestSerializer(many=True),
        parameters=PARAMETERS,
        examples=[examples.DATE_REQUEST],
    )
    def get(self, request: Request) -> Response:
        """Every due date that was asked for, of the actions you see, the latest request first."""
        return self.page_of(self.narrowed(self.get_queryset()))


class ActionDateRequestList(DateRequestEndpoint, NarrowedList):
    filters = DateRequestFilter
    sorts: ClassVar[Sorts] = DATE_REQUEST_SORTS
    default_sort = "-requested"

    @extend_schema(
        operation_id="list_date_requests_of_action",
        summary="List an action's requests for another date",
        tags=["Dates"],
        responses=DateRequestSerializer(many=True),
        parameters=PARAMETERS,
        examples=[examples.DATE_REQUEST],
    )
    def get(self, request: Request, pk: int) -> Response:
        """What was asked and decided about the action's due date, the latest request first."""
        return self.page_of(self.narrowed(self.get_queryset().filter(action=self.get_action())))

    @extend_schema(
        operation_id="ask_for_date",
        summary="Ask for another date",
        tags=["Dates"],
        request=NewDateRequestSerializer,
        responses={
            201: OpenApiResponse(DateRequestSerializer, description="The request, as it was recorded.")
        },
        examples=[examples.NEW_DATE_REQUEST, examples.DATE_REQUEST],
        parameters=[LOCATION],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For those who lead the action. `level` of the answer says who decides; one request is open at a time."""
        action = self.get_action()
        self.forbid(policies.why_not_schedule(self.rights, action))
        given = self.parsed(NewDateRequestSerializer)
        with given.keeping():
            row = request_date_change(
                actor=request.user, action=action, at=clock.now(), **given.validated_data
            )
        return self.told(self.get_queryset().get(pk=row.pk), status.HTTP_201_CREATED)


class DateRequestDetail(DateRequestEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}

    @extend_schema(
        operation_id="get_date_request",
        summary="Read a request for another date",
        tags=["Dates"],
        examples=[examples.DATE_REQUEST],
    )
    def get(self, request: Request, pk: int) -> Response:
        """One request, with who decided on it and why."""
        return self.told(self.get_object())


class DateRequestWithdraw(DateRequestEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"POST": "dates:write"}

    @extend_schema(
        operation_id="withdraw_date_request",
        summary="Take a request for another date back",
        tags=["Dates"],
        request=DateWithdrawalSerializer,
        responses=DateRequestSerializer,
        examples=[examples.WITHDRAWAL, examples.WITHDRAWN],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For who asked, those who lead the action and the programme manager, until it is decided: then 409."""
        row = self.get_object()
        self.forbid(policies.why_not_withdraw_date(self.rights, row))
        given = self.parsed(DateWithdrawalSerializer)
        with given.keeping():
            withdraw_date_change(actor=request.user, date_change=row, at=clock.now(), **given.validated_data)
        return self.told(self.get_object())


class DateRequestDecide(DateRequestEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"POST": "decisions:write"}

    @extend_schema(
        operation_id="decide_date_request",
        summary="Decide on a later date",
        tags=["Dates"],
        request=DateDecisionSerializer,
        responses=DateRequestSerializer,
        examples=[examples.DECISION, examples.DECIDED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For a programme manager or board member, as `level` says, who neither asked nor owns the action."""
        row = self.get_object()
        self.forbid(policies.why_not_decide_date(self.rights, row))
        given = self.parsed(DateDecisionSerializer)
        with given.keeping():
            decide_date_change(actor=request.user, date_change=row, at=clock.now(), **given.validated_data)
        return self.told(self.get_object())
