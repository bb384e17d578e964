"""API of proposals to withdraw or supersede an action: list, propose, withdraw and decide."""

from typing import ClassVar

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from actions.closing import examples, policies
from actions.closing.filters import CLOSURE_SORTS, ClosureFilter
from actions.closing.models import ClosureProposal
from actions.closing.services import (
    decide_closure,
    people_of_parts,
    propose_closure,
    retract_closure,
)
from actions.core.api import LOCATION, ChangeSerializer, OfAction, RequestSerializer, visible_minute
from actions.core.models import Action
from actions.core.policies import why_not_manage
from meetings.models import Minute
from web.api import IdField, KeepingSerializer, StrictBoolean, StrictChoice, StrictText
from web.lists import NarrowedList, Sorts
from web.parameters import filter_parameters
from web.references import RefSerializer

LENGTHS = {
    field.name: field.max_length for field in ClosureProposal._meta.concrete_fields if field.max_length
}
NOTES = {
    "state": "State of the proposal; `requested` is waiting for the board.",
    "kind": "Whether the proposal is to withdraw or to supersede.",
    "plan": "Id of a plan.",
}
PARAMETERS = filter_parameters(ClosureFilter, NOTES, sorts=CLOSURE_SORTS, default="-requested")


class ClosureProposalSerializer(RequestSerializer):
    """A programme manager's proposal to the board to withdraw or supersede an action."""

    route = "closure-proposal"
    kind = serializers.ChoiceField(choices=ClosureProposal.Kind.choices)
    superseded_by = RefSerializer(
        allow_null=True,
        help_text="The replacement; null for a withdrawal, or if you do not have access to it.",
    )
    state = serializers.ChoiceField(choices=ClosureProposal.State.choices)

    class Meta:
        model = ClosureProposal
        fields = [
            *("id", "action", "kind", "superseded_by", "reason", "state", "requested_by", "requested_at"),
            *("taken_over_by", "decided_by", "decided_at", "decision_reason", "minute", "reference", "links"),
        ]


class NewClosureProposalSerializer(ChangeSerializer):
    """Propose to the board to withdraw or supersede an action."""

    kind = StrictChoice(choices=ClosureProposal.Kind.choices)
    superseded_by = IdField(
        required=False,
        allow_null=True,
        help_text="Id of the replacement; required with `supersede`, otherwise left out.",
    )
    reason = StrictText(
        max_length=LENGTHS["reason"],
        help_text="Reason for the proposal. The board reads this, and it stays on record.",
    )

    def validate_superseded_by(self, pk: int | None) -> Action | None:
        action: Action | None = self.context["visible"].filter(pk=pk).first()
        if pk is not None and action is None:
            raise serializers.ValidationError(gettext("There is no such action."), code="does_not_exist")
        return action


class ClosureRetractionSerializer(KeepingSerializer):
    """Withdraw a proposal before the board decides."""

    reason = StrictText(
        max_length=LENGTHS["decision_reason"], help_text="Reason for withdrawing the proposal."
    )


class ClosureDecisionSerializer(KeepingSerializer):
    """Record the board's decision on a proposal."""

    approve = StrictBoolean(help_text="`true` approves and closes the action, `false` rejects.")
    reason = StrictText(max_length=LENGTHS["decision_reason"], help_text="The board's reason.")
    minute = IdField(
        required=False,
        allow_null=True,
        help_text="Id of the minute of the board's decision; required to approve.",
    )

    def validate_minute(self, pk: int | None) -> Minute | None:
        return visible_minute(self.context, pk)


class ClosureEndpoint(OfAction):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read", "POST": "decisions:write"}
    serializer_class = ClosureProposalSerializer
    queryset = ClosureProposal.objects.none()

    def get_queryset(self) -> QuerySet[ClosureProposal]:
        """Return proposals about visible actions, with the replacement only where that is visible too."""
        visible = ClosureProposal.objects.visible_to(self.request.user, self.on)
        joined = visible.select_related("action", "requested_by", "taken_over_by", "decided_by")
        return joined.prefetch_related(Prefetch("superseded_by", queryset=self.visible_actions().only("ref")))

    def visible_actions(self) -> QuerySet[Action]:
        return Action.objects.visible_to(self.request.user, self.on)


class ClosureProposalList(ClosureEndpoint, NarrowedList):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}
    filters = ClosureFilter
    sorts: ClassVar[Sorts] = CLOSURE_SORTS
    default_sort = "-requested"

    @extend_schema(
        operation_id="list_closure_proposals",
        summary="List proposals to withdraw or supersede actions",
        tags=["Closing"],
        responses=ClosureProposalSerializer(many=True),
        parameters=PARAMETERS,
        examples=[examples.PROPOSAL],
    )
    def get(self, request: Request) -> Response:
        """Proposals to withdraw or supersede the actions you can see, latest first."""
        return self.page_of(self.narrowed(self.get_queryset()))


class ActionClosureProposalList(ClosureEndpoint, NarrowedList):
    filters = ClosureFilter
    sorts: ClassVar[Sorts] = CLOSURE_SORTS
    default_sort = "-requested"

    @extend_schema(
        operation_id="list_closure_proposals_of_action",
        summary="List an action's proposals to withdraw or supersede it",
        tags=["Closing"],
        responses=ClosureProposalSerializer(many=True),
        parameters=PARAMETERS,
        examples=[examples.PROPOSAL],
    )
    def get(self, request: Request, pk: int) -> Response:
        """Proposals about the action and the board's decisions, latest first."""
        return self.page_of(self.narrowed(self.get_queryset().filter(action=self.get_action())))

    def why_not(self) -> str:
        return why_not_manage(self.rights, self.get_action().partnership_id)

    @extend_schema(
        operation_id="propose_closure",
        summary="Propose to withdraw or supersede an action",
        tags=["Closing"],
        request=NewClosureProposalSerializer,
        responses={201: OpenApiResponse(ClosureProposalSerializer, description="The new proposal.")},
        examples=[examples.NEW_PROPOSAL, examples.PROPOSAL],
        parameters=[LOCATION],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager. The board decides. One proposal per action can be open at a time."""
        action = self.get_action()
        visible = self.visible_actions().filter(partnership=action.partnership_id)
        row = self.run(
            propose_closure, self.parsed(NewClosureProposalSerializer, visible=visible), action=action
        )
        return self.respond(self.get_queryset().get(pk=row.pk), status.HTTP_201_CREATED)


class ClosureProposalDetail(ClosureEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}

    @extend_schema(
        operation_id="get_closure_proposal",
        summary="Get a proposal to withdraw or supersede an action",
        tags=["Closing"],
        examples=[examples.PROPOSAL],
    )
    def get(self, request: Request, pk: int) -> Response:
        """One proposal, with the decision on it and the reason."""
        return self.respond(self.get_object())


class ClosureProposalDecide(ClosureEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"POST": "decisions:write"}

    def why_not(self) -> str:
        row = self.get_object()
        return policies.why_not_decide_closure(self.rights, row, people_of_parts(action=row.action))

    @extend_schema(
        operation_id="decide_closure_proposal",
        summary="Record the board's decision on a proposal",
        tags=["Closing"],
        request=ClosureDecisionSerializer,
        responses=ClosureProposalSerializer,
        examples=[examples.DECISION, examples.DECIDED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For a board member who did not propose it and does not own the action.

        A proposal that is already decided answers 409.
        """
        self.run(decide_closure, self.parsed(ClosureDecisionSerializer), proposal=self.get_object())
        return self.respond(self.get_object())


class ClosureProposalRetract(ClosureEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"POST": "decisions:write"}

    def why_not(self) -> str:
        return why_not_manage(self.rights, self.get_object().action.partnership_id)

    @extend_schema(
        operation_id="retract_closure_proposal",
        summary="Withdraw a proposal",
        tags=["Closing"],
        request=ClosureRetractionSerializer,
        responses=ClosureProposalSerializer,
        examples=[examples.RETRACTION, examples.RETRACTED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager. A proposal that is already decided answers 409."""
        self.run(retract_closure, self.parsed(ClosureRetractionSerializer), proposal=self.get_object())
        return self.respond(self.get_object())
