"""Escalations to the caller, and their acknowledgement, as on the pages."""

from datetime import date
from typing import Any, ClassVar

from django.db.models import prefetch_related_objects
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from desk.escalations.kinds import KINDS, kind_of
from desk.escalations.models import Acknowledgement, Escalation, Step
from desk.escalations.services import (
    acknowledge,
    escalations_to,
    open_escalations,
    title_of,
    why_not_acknowledge,
)
from desk.tasks import examples
from desk.tasks.api import OnePage
from partners.policies import rights_of
from partners.scoping import HasScope
from web import fields
from web.api import KeepingSerializer, StrictDate, StrictText
from web.callers import actor_of
from web.endpoints import Endpoint
from web.references import NamedSerializer, address

STEPS = {Step.OWNER: "owner", Step.MANAGER: "manager", Step.BOARD: "board"}
LONGEST = Acknowledgement._meta.get_field("words").max_length


class EscalationSubjectSerializer(serializers.Serializer[Any]):
    type = serializers.ChoiceField(choices=[(kind.type, kind.type) for kind in KINDS])
    id = serializers.IntegerField()


class AcknowledgementSerializer(serializers.ModelSerializer[Acknowledgement]):
    """When it will be done, or why not, in a recipient's words. Nothing is escalated further until `until` has passed."""

    acknowledged_by = NamedSerializer()

    class Meta:
        model = Acknowledgement
        fields = ["words", "until", "acknowledged_by", "acknowledged_at"]


class EscalationLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    subject = serializers.URLField(help_text="What is late.")
    page = serializers.URLField(help_text="The page on which a person acknowledges it.")


class EscalationSerializer(serializers.ModelSerializer[Escalation]):
    """An action, a return or the response to an inspection is late, and was escalated to you."""

    subject = serializers.SerializerMethodField()
    title = serializers.SerializerMethodField(help_text="What is late, in a few words.")
    step = serializers.SerializerMethodField(
        help_text="Who received it. `owner`, the first step, is the person who must deal with it."
    )
    due = serializers.DateField(help_text="The due date that passed.")
    days_late = serializers.SerializerMethodField()
    raised_on = serializers.DateField(help_text="The day it was escalated to you.")
    latest = serializers.SerializerMethodField(
        help_text="The last date an acknowledgement may have as `until`."
    )
    acknowledgements = AcknowledgementSerializer(many=True)
    links = serializers.SerializerMethodField()

    class Meta:
        model = Escalation
        fields = [
            *("id", "subject", "title", "step", "due", "days_late", "raised_on", "latest"),
            *("acknowledgements", "links"),
        ]

    @extend_schema_field(EscalationSubjectSerializer)
    def get_subject(self, row: Escalation) -> dict[str, Any]:
        return {"type": kind_of(subject=row.subject).type, "id": row.subject.pk}

    def get_title(self, row: Escalation) -> str:
        return title_of(escalation=row)

    @extend_schema_field(serializers.ChoiceField(choices=[(name, name) for name in STEPS.values()]))
    def get_step(self, row: Escalation) -> str:
        return STEPS[Step(row.step)]

    def get_days_late(self, row: Escalation) -> int:
        on: date = self.context["on"]
        return (on - row.due).days

    def get_latest(self, row: Escalation) -> date:
        return kind_of(subject=row.subject).latest(row.subject, self.context["on"])

    @extend_schema_field(EscalationLinksSerializer)
    def get_links(self, row: Escalation) -> dict[str, str]:
        request, subject = self.context["request"], row.subject
        kind = kind_of(subject=subject)
        return {
            "self": address(request, "escalation", row.pk),
            "subject": address(request, kind.type, subject.pk),
            "page": request.build_absolute_uri(reverse(kind.route, args=[subject.pk])),
        }


class NewAcknowledgementSerializer(KeepingSerializer):
    """Acknowledge an escalation. Nothing is escalated further until `until` has passed."""

    words = StrictText(max_length=LONGEST, help_text="When it will be done, or why not.")
    until = StrictDate(help_text="A date from today to `latest` of the escalation.")


class EscalationEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = {"GET": "decisions:read"}
    serializer_class = EscalationSerializer
    queryset = Escalation.objects.none()

    def get_queryset(self) -> Any:
        rows = escalations_to(actor=actor_of(self.request), on=self.on)
        return rows.prefetch_related("acknowledgements__acknowledged_by")


class EscalationList(EscalationEndpoint):
    pagination_class = OnePage

    def query_parameters(self) -> frozenset[str]:
        return frozenset({fields.PARAMETER})

    @extend_schema(
        operation_id="list_escalations",
        summary="List the escalations you need to acknowledge",
        tags=["My work"],
        responses=EscalationSerializer(many=True),
        examples=[examples.ESCALATED],
    )
    def get(self, request: Request) -> Response:
        """All escalations to you that are not acknowledged for today, in one page."""
        rows = open_escalations(
            actor=actor_of(request), rights=rights_of(actor_of(request), self.on), on=self.on
        )
        prefetch_related_objects(rows, "acknowledgements__acknowledged_by")
        return self.page_of(rows)


class EscalationDetail(EscalationEndpoint):
    @extend_schema(
        operation_id="get_escalation",
        summary="Get an escalation",
        tags=["My work"],
        examples=[examples.ESCALATED],
    )
    def get(self, request: Request, pk: int) -> Response:
        """One escalation, acknowledged or not. It is gone once its subject is settled or has a new due date."""
        return self.respond(self.get_object())


class EscalationAcknowledge(EscalationEndpoint):
    # Answers with the escalation, which is read at its own address.
    http_method_names = ["post"]
    required_scopes: ClassVar[dict[str, str]] = {"POST": "escalations:write"}

    def why_not(self) -> str:
        return why_not_acknowledge(
            actor=actor_of(self.request), subject=self.get_object().subject, on=self.on
        )

    @extend_schema(
        operation_id="acknowledge_escalation",
        summary="Acknowledge an escalation",
        tags=["My work"],
        request=NewAcknowledgementSerializer,
        responses=EscalationSerializer,
        examples=[examples.ACKNOWLEDGE, examples.ACKNOWLEDGED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For its recipients. Answers 409 if somebody has acknowledged it already."""
        subject = self.get_object().subject
        acknowledgement = self.run(acknowledge, self.parsed(NewAcknowledgementSerializer), subject=subject)
        row = self.get_queryset().get(pk=acknowledgement.escalation_id)
        return Response(self.get_serializer(row).data)
