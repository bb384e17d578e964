"""Changing the force status and recording the register status of a recommendation, by the services of the pages."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from audit import clock
from inspections.core import examples, policies
from inspections.core.states import ANSWERS, CLOSED, RegisterState, State
from inspections.findings.api.recommendations import (
    RecommendationDetail,
    RecommendationWithHistoriesSerializer,
)
from inspections.findings.models.recommendations import OwnStatus, Recommendation, RegisterStatus
from inspections.findings.services.own_statuses import (
    answer_recommendation,
    judge_recommendation,
    propose_recommendation,
    reopen_recommendation,
    start_recommendation,
)
from inspections.findings.services.register import record_register_status
from partners.policies import Rights, rights_of
from web.api import KeepingSerializer, StrictChoice, StrictDate, StrictText, VersionField

SCOPES = {"POST": "recommendations:write"}
RECORDABLE = (*ANSWERS, State.IN_PROGRESS, State.PROPOSED, *CLOSED, State.REOPENED)
WHOLE = OpenApiResponse(
    RecommendationWithHistoriesSerializer,
    description="The finding after the change, with both its histories.",
)


class NewOwnStatusSerializer(KeepingSerializer):
    """The new force status."""

    state = StrictChoice(choices=[(state.value, state.label) for state in RECORDABLE])
    reason = StrictText(
        max_length=OwnStatus._meta.get_field("reason").max_length,
        allow_blank=True,
        default="",
        help_text="Optional for `accepted` and `in_progress`.",
    )
    version = VersionField()


class NewRegisterStatusSerializer(KeepingSerializer):
    """The register status on a day."""

    state = StrictChoice(choices=RegisterState.choices)
    as_at = StrictDate(help_text="The day the register was checked; today or earlier.")
    comment = StrictText(
        max_length=RegisterStatus._meta.get_field("comment").max_length,
        allow_blank=True,
        default="",
        help_text="The comment in the register, or where you saw it.",
    )
    version = VersionField()


class StatusEndpoint(RecommendationDetail):
    http_method_names = ["post"]
    required_scopes: ClassVar[dict[str, str]] = SCOPES

    @property
    def rights(self) -> Rights:
        return rights_of(self.request.user, self.on)

    def respond_created(self) -> Response:
        serializer = self.get_serializer(self.get_object())
        return Response(serializer.data, status.HTTP_201_CREATED)


class OwnStatuses(StatusEndpoint):
    def why_not(self) -> str:
        # Which of the two it has to be depends on the state that is sent; the step itself asks that.
        return policies.why_not_change_status(self.rights, self.get_object())

    @extend_schema(
        operation_id="create_own_status",
        summary="Change the force status of a recommendation",
        tags=["Recommendations"],
        request=NewOwnStatusSerializer,
        responses={201: WHOLE},
        examples=[examples.PROPOSAL, examples.PROPOSED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """The programme manager answers, starts or proposes closure. An auditor closes, sends back or reopens.

        `in_progress` begins the work, and sends back what is proposed for closure.
        """
        row = self.get_object()
        serializer = NewOwnStatusSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        with serializer.keeping():
            _move(row, actor=request.user, at=clock.now(), **serializer.validated_data)
        return self.respond_created()


class RegisterStatuses(StatusEndpoint):
    def why_not(self) -> str:
        return policies.why_not_record_register(self.rights, self.get_object())

    @extend_schema(
        operation_id="create_register_status",
        summary="Record the register status of a recommendation",
        tags=["Recommendations"],
        request=NewRegisterStatusSerializer,
        responses={201: WHOLE},
        examples=[examples.REGISTER_STATE, examples.REGISTERED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Only programme managers and auditors can do this. The force status does not change."""
        self.run(
            record_register_status, self.parsed(NewRegisterStatusSerializer), recommendation=self.get_object()
        )
        return self.respond_created()


def _move(row: Recommendation, *, state: str, **fields: Any) -> None:
    """Call the service that leads to a state. The service checks the actor's rights and the present state."""
    fields["recommendation"] = row
    if state in ANSWERS:
        answer_recommendation(answer=state, **fields)
    elif state in CLOSED or (state == State.IN_PROGRESS and row.state == State.PROPOSED):
        judge_recommendation(outcome=state, **fields)
    elif state == State.IN_PROGRESS:
        start_recommendation(**fields)
    elif state == State.PROPOSED:
        propose_recommendation(**fields)
    else:
        reopen_recommendation(**fields)
