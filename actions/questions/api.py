"""API of questions about actions: list, ask and answer."""

from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from actions.core.api import LOCATION, OfAction, OfActionSerializer
from actions.questions import examples, policies
from actions.questions.forms import organisations_of
from actions.questions.models import Question
from actions.questions.services import answer_question, ask_question
from audit import clock
from partners.models import Organisation
from web.api import IdField, KeepingSerializer, StrictText
from web.callers import actor_of
from web.cursors import Column, CursorPages
from web.references import NamedSerializer

LENGTHS = {field.name: field.max_length for field in Question._meta.concrete_fields if field.max_length}


class QuestionSerializer(OfActionSerializer):
    """A question about an action, and its answer. An answer closes it."""

    route = "question"
    addressee = serializers.ChoiceField(choices=Question.Addressee.choices)
    organisation = NamedSerializer(allow_null=True, help_text="The organisation that is asked, if it is one.")
    asked_by = NamedSerializer()
    answered_by = NamedSerializer(allow_null=True)

    class Meta:
        model = Question
        fields = [
            *("id", "action", "addressee", "organisation", "text", "asked_by", "asked_at"),
            *("answer", "answered_by", "answered_at", "links"),
        ]


class NewQuestionSerializer(KeepingSerializer):
    """Ask about an action. Ask about the work: never name anybody who is under suspicion."""

    addressee = serializers.ChoiceField(choices=Question.Addressee.choices, help_text="Who is asked.")
    organisation = IdField(
        required=False,
        help_text="Id of the organisation, which leads or supports the action, if you ask one.",
    )
    text = StrictText(max_length=LENGTHS["text"], help_text="The question.")

    def validate_organisation(self, pk: int) -> Organisation:
        organisation = organisations_of(self.context["action"]).filter(pk=pk).first()
        if organisation is None:
            raise serializers.ValidationError(
                gettext("There is no such organisation among those of the action."), code="does_not_exist"
            )
        return organisation


class QuestionAnswerSerializer(KeepingSerializer):
    """Answer a question, which closes it."""

    answer = StrictText(max_length=LENGTHS["answer"], help_text="The answer. It stays on record.")


class QuestionEndpoint(OfAction):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read", "POST": "questions:write"}
    serializer_class = QuestionSerializer
    queryset = Question.objects.none()

    def get_queryset(self) -> QuerySet[Question]:
        visible = Question.objects.visible_to(self.request.user, self.on)
        return visible.select_related("action__partnership", "organisation", "asked_by", "answered_by")


class QuestionList(QuestionEndpoint):
    pagination_class = CursorPages

    def in_order(self) -> list[Column]:
        return [(F("asked_at"), True), (F("pk"), True)]

    @extend_schema(
        operation_id="list_questions",
        summary="List the questions about an action",
        tags=["Questions"],
        responses=QuestionSerializer(many=True),
        examples=[examples.QUESTION],
    )
    def get(self, request: Request, pk: int) -> Response:
        """The questions and their answers, the newest first. A question is open until it has an answer."""
        return self.page_of(self.get_queryset().filter(action=self.get_action()))

    def why_not(self) -> str:
        return policies.why_not_ask(self.rights, self.get_action())

    @extend_schema(
        operation_id="ask_question",
        summary="Ask about an action",
        tags=["Questions"],
        request=NewQuestionSerializer,
        responses={201: OpenApiResponse(QuestionSerializer, description="The new question.")},
        examples=[examples.NEW_QUESTION, examples.QUESTION],
        parameters=[LOCATION],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For everybody who can view the action. It becomes a task of whoever is asked."""
        action = self.get_action()
        data = self.parsed(NewQuestionSerializer, action=action)
        with data.keeping():
            row = ask_question(actor=actor_of(request), action=action, at=clock.now(), **data.validated_data)
        return self.respond(self.get_queryset().get(pk=row.pk), status.HTTP_201_CREATED)


class QuestionDetail(QuestionEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}

    @extend_schema(
        operation_id="get_question",
        summary="Get a question",
        tags=["Questions"],
        examples=[examples.QUESTION],
    )
    def get(self, request: Request, pk: int) -> Response:
        """One question, with its answer."""
        return self.respond(self.get_object())


class QuestionAnswer(QuestionEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"POST": "questions:write"}

    def why_not(self) -> str:
        row: Any = self.get_object()
        return policies.why_not_answer(self.rights, row, row.action)

    @extend_schema(
        operation_id="answer_question",
        summary="Answer a question",
        tags=["Questions"],
        request=QuestionAnswerSerializer,
        responses=QuestionSerializer,
        examples=[examples.ANSWER, examples.ANSWERED_QUESTION],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For whoever is asked, and for whoever asked. A question that has an answer answers 409."""
        row = self.get_object()
        data = self.parsed(QuestionAnswerSerializer)
        with data.keeping():
            answer_question(actor=actor_of(request), question=row, at=clock.now(), **data.validated_data)
        return self.respond(self.get_object())
