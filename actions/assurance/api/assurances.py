"""API of assurance decisions. An auditor makes them with their own access token."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from actions.assurance import examples, policies
from actions.assurance.models import Assurance
from actions.assurance.services import assure_action, reopen_action, retest_action, return_action
from actions.core.api import LOCATION, ChangeSerializer, OfAction, OfActionSerializer, visible_minute
from audit import clock
from meetings.models import Minute
from web.api import IdField, StrictChoice, StrictDate, StrictText
from web.cursors import Column, CursorPages
from web.references import NamedSerializer

Opinion = Assurance.Opinion
SERVICES: Mapping[str, Any] = {
    Opinion.ASSURED: assure_action,
    Opinion.RETURNED: return_action,
    Opinion.CONFIRMED: retest_action,
    Opinion.REOPENED: reopen_action,
}
# Only what is complete afterwards can be tested again.
COMPLETING = (Opinion.ASSURED, Opinion.CONFIRMED)
ONLY_REOPENED = gettext_lazy("Leave this out unless you reopen the action.")
NOT_COMPLETE = gettext_lazy("Leave this out. Only a complete action can have a re-test date.")
LONGEST_NOTE = Assurance._meta.get_field("note").max_length


class AssuranceSerializer(OfActionSerializer):
    """An auditor's decision on an action, and the version of the action it was made on."""

    route = "assurance"
    opinion = serializers.ChoiceField(choices=Opinion.choices)
    action_version = serializers.IntegerField(
        help_text="The version of the action that the decision was made on."
    )
    assessed_by = NamedSerializer()
    retest_on = serializers.DateField(
        allow_null=True, help_text="Date of the next re-test; null if there is none."
    )
    minute = serializers.IntegerField(
        source="minute_id",
        allow_null=True,
        help_text="Id of the minute by which a board decided to reopen the action; null otherwise.",
    )
    reference = serializers.CharField(
        help_text="The minute of the board's decision as it was cited; empty otherwise."
    )

    class Meta:
        model = Assurance
        fields = [
            *("id", "action", "opinion", "note", "action_version", "assessed_by", "assessed_at", "retest_on"),
            *("minute", "reference", "links"),
        ]


class NewAssuranceSerializer(ChangeSerializer):
    """Assure or return a submitted action (`assured`, `returned`), or re-test a complete one (`confirmed`, `reopened`)."""

    opinion = StrictChoice(choices=Opinion.choices)
    note = StrictText(max_length=LONGEST_NOTE, help_text="Reason for the decision. The owner reads this.")
    retest_on = StrictDate(
        required=False,
        allow_null=True,
        help_text="Date of the next re-test, in the future; only with `assured` and `confirmed`.",
    )

    minute = IdField(
        required=False,
        allow_null=True,
        help_text="Id of the minute by which a board decided to reopen the action; only with `reopened`.",
    )

    def validate_minute(self, pk: int | None) -> Minute | None:
        return visible_minute(self.context, pk)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["opinion"] != Opinion.REOPENED and attrs.pop("minute", None):
            raise serializers.ValidationError({"minute": ONLY_REOPENED})
        if attrs["opinion"] not in COMPLETING and attrs.pop("retest_on", None):
            raise serializers.ValidationError({"retest_on": NOT_COMPLETE})
        return attrs


class AssuranceEndpoint(OfAction):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read", "POST": "decisions:write"}
    serializer_class = AssuranceSerializer
    queryset = Assurance.objects.none()

    def get_queryset(self) -> QuerySet[Assurance]:
        visible = Assurance.objects.visible_to(self.request.user, self.on)
        return visible.select_related("action", "assessed_by")


class AssuranceList(AssuranceEndpoint):
    pagination_class = CursorPages

    def in_order(self) -> list[Column]:
        return [(F("assessed_at"), True), (F("pk"), True)]

    @extend_schema(
        operation_id="list_assurances",
        summary="List an action's assurance decisions",
        tags=["Closing"],
        responses=AssuranceSerializer(many=True),
        examples=[examples.ASSURANCE],
    )
    def get(self, request: Request, pk: int) -> Response:
        """Auditors' decisions on the action, latest first."""
        return self.page_of(self.get_queryset().filter(action=self.get_action()))

    def why_not(self) -> str:
        action = self.get_action()
        return policies.why_not_assure(
            self.rights, action, set(action.updates.values_list("author", flat=True))
        )

    @extend_schema(
        operation_id="record_assurance",
        summary="Record an assurance decision on an action",
        tags=["Closing"],
        request=NewAssuranceSerializer,
        responses={201: OpenApiResponse(AssuranceSerializer, description="The new decision.")},
        examples=[examples.NEW_ASSURANCE, examples.RETURNED, examples.ASSURANCE],
        parameters=[LOCATION],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For an auditor with no part in the action. An opinion that does not fit the action's state answers 422."""
        action = self.get_action()
        data = self.parsed(NewAssuranceSerializer)
        with data.keeping():
            fields = dict(data.validated_data)
            service = SERVICES[fields.pop("opinion")]
            row = service(actor=request.user, action=action, at=clock.now(), **fields)
        return self.respond(self.get_queryset().get(pk=row.pk), status.HTTP_201_CREATED)


class AssuranceDetail(AssuranceEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}

    @extend_schema(
        operation_id="get_assurance",
        summary="Get an assurance decision",
        tags=["Closing"],
        examples=[examples.ASSURANCE],
    )
    def get(self, request: Request, pk: int) -> Response:
        """One auditor's decision."""
        return self.respond(self.get_object())
