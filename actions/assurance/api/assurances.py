"""An auditor's judgements of actions: read by those who see the action, given with the auditor's own token."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import F, QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from actions.assurance import examples, policies
from actions.assurance.models import Assurance
from actions.assurance.services import assure_action, reopen_action, retest_action, return_action
from actions.core.api import LOCATION, ChangeSerializer, OfAction, ReportedActionSerializer
from audit import clock
from web.api import StrictChoice, StrictDate, StrictText
from web.cursors import Column, CursorPages
from web.references import NamedSerializer, address

Opinion = Assurance.Opinion
SERVICES: Mapping[str, Any] = {
    Opinion.ASSURED: assure_action,
    Opinion.RETURNED: return_action,
    Opinion.CONFIRMED: retest_action,
    Opinion.REOPENED: reopen_action,
}
# Only what is complete afterwards can be tested again.
COMPLETING = (Opinion.ASSURED, Opinion.CONFIRMED)
NOT_COMPLETE = "Leave the day out: an action that is not complete is assured before it is tested again."
LONGEST_NOTE = Assurance._meta.get_field("note").max_length


class JudgementLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    action = serializers.URLField()


class AssuranceSerializer(serializers.ModelSerializer[Assurance]):
    """An auditor's judgement of an action, and the version of it that was judged."""

    action = ReportedActionSerializer()
    opinion = serializers.ChoiceField(choices=Opinion.choices)
    action_version = serializers.IntegerField(help_text="The version of the action that was judged.")
    given_by = NamedSerializer()
    retest_on = serializers.DateField(
        allow_null=True, help_text="The day on which completion is tested again; null where it is not."
    )
    links = serializers.SerializerMethodField()

    class Meta:
        model = Assurance
        fields = [
            *("id", "action", "opinion", "note", "action_version", "given_by", "given_at", "retest_on"),
            "links",
        ]

    @extend_schema_field(JudgementLinksSerializer)
    def get_links(self, row: Assurance) -> dict[str, str]:
        request = self.context["request"]
        return {
            "self": address(request, "assurance", row.pk),
            "action": address(request, "action", row.action_id),
        }


class NewAssuranceSerializer(ChangeSerializer):
    """Judge an action that was submitted (`assured`, `returned`), or one that is complete (`confirmed`, `reopened`)."""

    opinion = StrictChoice(choices=Opinion.choices)
    note = StrictText(
        max_length=LONGEST_NOTE, help_text="What convinced you, or what is missing. The owner reads this."
    )
    retest_on = StrictDate(
        required=False,
        allow_null=True,
        help_text="A day to come on which completion is tested again; only with `assured` and `confirmed`.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["opinion"] not in COMPLETING and attrs.pop("retest_on", None):
            raise serializers.ValidationError({"retest_on": NOT_COMPLETE})
        return attrs


class AssuranceEndpoint(OfAction):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read", "POST": "decisions:write"}
    serializer_class = AssuranceSerializer
    queryset = Assurance.objects.none()

    def get_queryset(self) -> QuerySet[Assurance]:
        visible = Assurance.objects.visible_to(self.request.user, self.on)
        return visible.select_related("action", "given_by")


class AssuranceList(AssuranceEndpoint):
    pagination_class = CursorPages

    def in_order(self) -> list[Column]:
        return [(F("given_at"), True), (F("pk"), True)]

    @extend_schema(
        operation_id="list_assurances",
        summary="List how an action was judged",
        tags=["Closing"],
        responses=AssuranceSerializer(many=True),
        examples=[examples.ASSURANCE],
    )
    def get(self, request: Request, pk: int) -> Response:
        """What auditors said of the action, the latest first."""
        return self.page_of(self.get_queryset().filter(action=self.get_action()))

    @extend_schema(
        operation_id="judge_action",
        summary="Judge an action",
        tags=["Closing"],
        request=NewAssuranceSerializer,
        responses={
            201: OpenApiResponse(AssuranceSerializer, description="The judgement, as it was recorded.")
        },
        examples=[examples.NEW_ASSURANCE, examples.RETURNED, examples.ASSURANCE],
        parameters=[LOCATION],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For an auditor with no part in the action. What does not fit the state the action is in is 422."""
        action = self.get_action()
        authors = set(action.updates.values_list("author", flat=True))
        self.forbid(policies.why_not_assure(self.rights, action, authors))
        given = self.parsed(NewAssuranceSerializer)
        with given.keeping():
            said = dict(given.validated_data)
            judge = SERVICES[said.pop("opinion")]
            row = judge(actor=request.user, action=action, at=clock.now(), **said)
        return self.told(self.get_queryset().get(pk=row.pk), status.HTTP_201_CREATED)


class AssuranceDetail(AssuranceEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}

    @extend_schema(
        operation_id="get_assurance",
        summary="Read a judgement of an action",
        tags=["Closing"],
        examples=[examples.ASSURANCE],
    )
    def get(self, request: Request, pk: int) -> Response:
        """One judgement of an auditor."""
        return self.told(self.get_object())
