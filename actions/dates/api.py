"""API of due date changes: list, request, withdraw, approve and reject."""

from typing import ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from actions.core.api import LOCATION, ChangeSerializer, OfAction, RequestSerializer, visible_minute
from actions.dates import examples, policies
from actions.dates.filters import DATE_REQUEST_SORTS, DateRequestFilter
from actions.dates.models import DateChange
from actions.dates.services import (
    decide_date_change,
    request_date_change,
    withdraw_date_change,
)
from meetings.models import Minute
from web.api import IdField, StrictBoolean, StrictDate, StrictText
from web.lists import NarrowedList, Sorts
from web.parameters import filter_parameters
from web.references import NamedSerializer

LENGTHS = {field.name: field.max_length for field in DateChange._meta.concrete_fields if field.max_length}
NOTES = {
    "state": "State of the request; `requested` is waiting for a decision.",
    "level": "Who decides; `at_once` is an earlier date, which applies without a decision.",
    "plan": "Id of a plan.",
}
PARAMETERS = filter_parameters(DateRequestFilter, NOTES, sorts=DATE_REQUEST_SORTS, default="-requested")


class DateRequestSerializer(RequestSerializer):
    """A request for a new due date, with the reason for it and the reason for the decision."""

    route = "date-request"
    days = serializers.IntegerField(
        help_text="Days from the previous to the requested due date; negative when it is earlier."
    )
    level = serializers.ChoiceField(
        choices=DateChange.Level.choices,
        help_text="Who decides: the programme manager for the first later date, the board for the next.",
    )
    state = serializers.ChoiceField(choices=DateChange.State.choices)
    decided_by = NamedSerializer(
        allow_null=True,
        help_text="Who decided or withdrew it; null for an earlier date, which applied at once.",
    )

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
                "minute",
                "reference",
                "links",
            ),
        ]


class NewDateRequestSerializer(ChangeSerializer):
    """Request a new due date. An earlier one applies at once; a later one waits for a decision."""

    new_due = StrictDate(help_text="The requested due date.")
    reason = StrictText(
        max_length=LENGTHS["reason"], help_text="Reason for the new due date. It stays on record."
    )


class DateWithdrawalSerializer(ChangeSerializer):
    """Withdraw a request before it is decided."""

    reason = StrictText(max_length=LENGTHS["reason"], help_text="Reason for withdrawing the request.")


class DateDecisionSerializer(ChangeSerializer):
    """Approve or reject a later due date."""

    approve = StrictBoolean(help_text="`true` approves the new due date, `false` rejects it.")
    reason = StrictText(max_length=LENGTHS["decision_reason"], help_text="Reason for the decision.")
    minute = IdField(
        required=False,
        allow_null=True,
        help_text="Id of the minute of the board's decision; required for the board to approve.",
    )

    def validate_minute(self, pk: int | None) -> Minute | None:
        return visible_minute(self.context, pk)


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
        summary="List requests for a new due date",
        tags=["Dates"],
        responses=DateRequestSerializer(many=True),
        parameters=PARAMETERS,
        examples=[examples.DATE_REQUEST],
    )
    def get(self, request: Request) -> Response:
        """Requests for a new due date on the actions you can see, latest first."""
        return self.page_of(self.narrowed(self.get_queryset()))


class ActionDateRequestList(DateRequestEndpoint, NarrowedList):
    filters = DateRequestFilter
    sorts: ClassVar[Sorts] = DATE_REQUEST_SORTS
    default_sort = "-requested"

    @extend_schema(
        operation_id="list_date_requests_of_action",
        summary="List an action's requests for a new due date",
        tags=["Dates"],
        responses=DateRequestSerializer(many=True),
        parameters=PARAMETERS,
        examples=[examples.DATE_REQUEST],
    )
    def get(self, request: Request, pk: int) -> Response:
        """The action's requests for a new due date and the decisions on them, latest first."""
        return self.page_of(self.narrowed(self.get_queryset().filter(action=self.get_action())))

    def why_not(self) -> str:
        return policies.why_not_schedule(self.rights, self.get_action())

    @extend_schema(
        operation_id="request_date",
        summary="Request a new due date",
        tags=["Dates"],
        request=NewDateRequestSerializer,
        responses={201: OpenApiResponse(DateRequestSerializer, description="The new request.")},
        examples=[examples.NEW_DATE_REQUEST, examples.DATE_REQUEST],
        parameters=[LOCATION],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the owner, the alternate, the lead organisation and the programme manager.

        `level` in the response says who decides. One request can be open at a time.
        """
        action = self.get_action()
        row = self.run(request_date_change, self.parsed(NewDateRequestSerializer), action=action)
        return self.respond(self.get_queryset().get(pk=row.pk), status.HTTP_201_CREATED)


class DateRequestDetail(DateRequestEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}

    @extend_schema(
        operation_id="get_date_request",
        summary="Get a request for a new due date",
        tags=["Dates"],
        examples=[examples.DATE_REQUEST],
    )
    def get(self, request: Request, pk: int) -> Response:
        """One request, with the decision on it and the reason."""
        return self.respond(self.get_object())


class DateRequestWithdraw(DateRequestEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"POST": "dates:write"}

    def why_not(self) -> str:
        return policies.why_not_withdraw_date(self.rights, self.get_object())

    @extend_schema(
        operation_id="withdraw_date_request",
        summary="Withdraw a request for a new due date",
        tags=["Dates"],
        request=DateWithdrawalSerializer,
        responses=DateRequestSerializer,
        examples=[examples.WITHDRAWAL, examples.WITHDRAWN],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the person who made the request, the action's lead and the programme manager.

        A request that is already decided answers 409.
        """
        self.run(withdraw_date_change, self.parsed(DateWithdrawalSerializer), date_change=self.get_object())
        return self.respond(self.get_object())


class DateRequestDecide(DateRequestEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"POST": "decisions:write"}

    def why_not(self) -> str:
        return policies.why_not_decide_date(self.rights, self.get_object())

    @extend_schema(
        operation_id="decide_date_request",
        summary="Approve or reject a new due date",
        tags=["Dates"],
        request=DateDecisionSerializer,
        responses=DateRequestSerializer,
        examples=[examples.DECISION, examples.DECIDED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For a programme manager or a board member, as `level` says. Nobody decides on their own request or action."""
        self.run(decide_date_change, self.parsed(DateDecisionSerializer), date_change=self.get_object())
        return self.respond(self.get_object())
