"""What is late and was taken to the caller: read, and acknowledged, as the pages do it."""

from datetime import date
from typing import Any, ClassVar

from django.db.models import prefetch_related_objects
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actions.models import Action
from audit import clock
from desk.escalations.models import Acknowledgement, Escalation, Step
from desk.escalations.services.escalating import acknowledge, open_to, taken_to
from desk.escalations.services.kinds import kind_of
from desk.tasks import examples
from desk.tasks.api import ACTION, INSPECTION, RETURN, OnePage
from partners.policies import rights_of
from partners.scoping import HasScope
from returns.models import Return
from web import fields
from web.api import KeepingSerializer, StrictDate, StrictText
from web.endpoints import Endpoint
from web.references import NamedSerializer, address

STEPS = {Step.OWNER: "owner", Step.MANAGER: "manager", Step.BOARD: "board"}
LONGEST = Acknowledgement._meta.get_field("words").max_length


def type_of(about: Any) -> str:
    return ACTION if isinstance(about, Action) else RETURN if isinstance(about, Return) else INSPECTION


class WhatIsLateSerializer(serializers.Serializer[Any]):
    type = serializers.ChoiceField(choices=[(name, name) for name in (ACTION, RETURN, INSPECTION)])
    id = serializers.IntegerField()


class AcknowledgementSerializer(serializers.ModelSerializer[Acknowledgement]):
    """How it goes on, said by somebody to whom it was taken; until the day named it climbs no further."""

    given_by = NamedSerializer()

    class Meta:
        model = Acknowledgement
        fields = ["words", "until", "given_by", "given_at"]


class EscalationLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    about = serializers.URLField(help_text="What is late.")
    page = serializers.URLField(help_text="The page on which a person acknowledges it.")


class EscalationSerializer(serializers.ModelSerializer[Escalation]):
    """A day passed, and what was wanted by it was taken to you: an action, a return, or the answer to a report."""

    about = serializers.SerializerMethodField()
    subject = serializers.CharField(help_text="What is late, in few words.")
    step = serializers.SerializerMethodField(help_text="To whom it was taken: first to those whose it is.")
    due = serializers.DateField(help_text="The day that passed.")
    days_late = serializers.SerializerMethodField()
    raised_on = serializers.DateField(help_text="The day on which it was taken to you.")
    latest = serializers.SerializerMethodField(help_text="The last day that an acknowledgement may name.")
    acknowledgements = AcknowledgementSerializer(many=True)
    links = serializers.SerializerMethodField()

    class Meta:
        model = Escalation
        fields = [
            *("id", "about", "subject", "step", "due", "days_late", "raised_on", "latest"),
            *("acknowledgements", "links"),
        ]

    @extend_schema_field(WhatIsLateSerializer)
    def get_about(self, row: Escalation) -> dict[str, Any]:
        return {"type": type_of(row.about), "id": row.about.pk}

    @extend_schema_field(serializers.ChoiceField(choices=[(name, name) for name in STEPS.values()]))
    def get_step(self, row: Escalation) -> str:
        return STEPS[Step(row.step)]

    def get_days_late(self, row: Escalation) -> int:
        on: date = self.context["on"]
        return (on - row.due).days

    def get_latest(self, row: Escalation) -> date:
        return kind_of(about=row.about).longest(row.about, self.context["on"])

    @extend_schema_field(EscalationLinksSerializer)
    def get_links(self, row: Escalation) -> dict[str, str]:
        request, about = self.context["request"], row.about
        return {
            "self": address(request, "escalation", row.pk),
            "about": address(request, type_of(about), about.pk),
            "page": request.build_absolute_uri(reverse(kind_of(about=about).route, args=[about.pk])),
        }


class NewAcknowledgementSerializer(KeepingSerializer):
    """Say how it goes on. Until the day named it climbs no further."""

    words = StrictText(max_length=LONGEST, help_text="When it will be done, or why not.")
    until = StrictDate(
        help_text="The last day on which this holds: from today to `latest` of the escalation."
    )


class EscalationEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = {"GET": "decisions:read"}
    serializer_class = EscalationSerializer
    queryset = Escalation.objects.none()

    def get_queryset(self) -> Any:
        rows = taken_to(actor=self.request.user, on=self.on)
        related = ("action", "report__plan", "report__organisation", "inspection")
        return rows.select_related(*related).prefetch_related("acknowledgements__given_by")


class EscalationList(EscalationEndpoint):
    pagination_class = OnePage

    def query_parameters(self) -> frozenset[str]:
        return frozenset({fields.PARAMETER})

    @extend_schema(
        operation_id="list_escalations",
        summary="List what is late and waits for your word",
        tags=["My work"],
        responses=EscalationSerializer(many=True),
        examples=[examples.ESCALATED],
    )
    def get(self, request: Request) -> Response:
        """What was taken to you because it is late, and nobody has acknowledged for today: all of it, in one page."""
        rows = open_to(actor=request.user, rights=rights_of(request.user, self.on), on=self.on)
        prefetch_related_objects(rows, "acknowledgements__given_by")
        return self.page_of(rows)


class EscalationDetail(EscalationEndpoint):
    @extend_schema(
        operation_id="get_escalation",
        summary="Read what is late and was taken to you",
        tags=["My work"],
        examples=[examples.ESCALATED],
    )
    def get(self, request: Request, pk: int) -> Response:
        """One step, acknowledged or not. Once it is done, or has another day, it is not found."""
        return Response(self.get_serializer(self.get_object()).data)


class EscalationAcknowledge(EscalationEndpoint):
    # It answers with the escalation as it can be read, and is not the address to read it at.
    http_method_names = ["post"]
    required_scopes: ClassVar[dict[str, str]] = {"POST": "escalations:write"}

    @extend_schema(
        operation_id="acknowledge_escalation",
        summary="Say how something late goes on",
        tags=["My work"],
        request=NewAcknowledgementSerializer,
        responses=EscalationSerializer,
        examples=[examples.ACKNOWLEDGE, examples.ACKNOWLEDGED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For those to whom it was taken. What somebody acknowledged before you for today is answered 409."""
        about = self.get_object().about
        given: Any = NewAcknowledgementSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        with given.keeping():
            said = acknowledge(actor=request.user, about=about, at=clock.now(), **given.validated_data)
        row = self.get_queryset().get(pk=said.escalation_id)
        return Response(self.get_serializer(row).data)
