"""A return that is submitted, or given back with a question, by a program."""

from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actions.bulk.services import MOST
from actions.core.policies import MANAGERS_ONLY
from actions.core.services.change import Refused
from audit import clock
from partners.policies import rights_of
from returns import policies
from returns.api import examples
from returns.api.drafting import HIGHEST_VERSION, LENGTHS, TWICE
from returns.api.reading import ReturnEndpoint, ReturnWithRowsSerializer
from returns.services.submitting import question_return, submit_return
from web import problems
from web.api import IdField, KeepingSerializer, StrictInteger, StrictSerializer, StrictText

INCOMPLETE = "The return is not complete, so it was not submitted. Each error names the action and the field of its row."


class ReturnSubmissionSerializer(StrictSerializer):
    """Nothing has to be sent."""

    version = StrictInteger(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=HIGHEST_VERSION,
        help_text="The return's version you read. When it has changed since, it is not submitted: 409.",
    )


class ReturnQuestionRowSerializer(StrictSerializer):
    """What is asked about one action."""

    action = IdField(help_text="Id of an action of the return.")
    question = StrictText(max_length=LENGTHS["question"])


class ReturnQuestionSerializer(KeepingSerializer):
    """What is asked: about the whole return, about some of its actions, or both."""

    question = StrictText(
        max_length=LENGTHS["question"],
        required=False,
        allow_blank=True,
        default="",
        help_text="About the whole.",
    )
    rows: Any = serializers.ListSerializer(
        child=ReturnQuestionRowSerializer(),
        required=False,
        max_length=MOST,
        help_text="About its actions, each named once.",
    )

    def validate_rows(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        named: set[int] = set()
        errors = [{"action": [TWICE]} if _again(row["action"], named) else {} for row in rows]
        if any(errors):
            raise serializers.ValidationError(errors)
        return rows


def _again(pk: int, named: set[int]) -> bool:
    is_known = pk in named
    named.add(pk)
    return is_known


class ReturnSubmission(ReturnEndpoint):
    @extend_schema(
        operation_id="submit_return",
        summary="Submit a return",
        tags=["Returns"],
        request=ReturnSubmissionSerializer,
        responses=ReturnWithRowsSerializer,
        examples=[examples.SUBMISSION, examples.SUBMITTED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Give the return: each of its rows becomes an update of its action, all of them or none.

        What a row still lacks is named by `errors` with the `action` and the `field`, and nothing is submitted. Given again
        after a question, a row that was changed becomes an update that corrects the earlier one.
        """
        report = self.get_return()
        self.require_filler(report)
        given = ReturnSubmissionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        version = given.validated_data.get("version")
        try:
            submit_return(actor=request.user, report=report, version=version, at=clock.now())
        except Refused as refused:
            return self._incomplete(refused)
        return Response(self.told(self.get_return()))

    def _incomplete(self, refused: Refused) -> Response:
        errors = [
            {**error, "pointer": "#", "action": pk, "field": error["pointer"].removeprefix("#/")}
            for pk, lacks in refused.by_action.items()
            for error in problems.problem_of(lacks, instance=self.request.path, place="")["errors"]
        ]
        problem = problems.body(status=422, instance=self.request.path, detail=INCOMPLETE, errors=errors)
        return Response(problem, 422, content_type=problems.CONTENT_TYPE)


class ReturnQuestion(ReturnEndpoint):
    @extend_schema(
        operation_id="question_return",
        summary="Give a return back with a question",
        tags=["Returns"],
        request=ReturnQuestionSerializer,
        responses=ReturnWithRowsSerializer,
        examples=[examples.QUESTION, examples.QUESTIONED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """A submitted return goes back to who gave it. It is the programme manager who asks, with a session or a personal token."""
        report = self.get_return()
        allowed = policies.may_question(rights_of(request.user, self.on), report)
        self.require(allowed, MANAGERS_ONLY)
        given = ReturnQuestionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        rows = given.validated_data.get("rows", [])
        places = {f"question_{row['action']}": index for index, row in enumerate(rows)}
        try:
            with given.keeping():
                question_return(
                    actor=request.user,
                    report=report,
                    question=given.validated_data["question"],
                    rows={row["action"]: row["question"] for row in rows},
                    at=clock.now(),
                )
        except ValidationError as error:
            if places.keys().isdisjoint(getattr(error, "error_dict", {})):
                raise
            return self._refused(error, places)
        return Response(self.told(self.get_return()))

    def _refused(self, error: ValidationError, places: dict[str, int]) -> Response:
        """Put what is said of each question at its place in the body."""
        told = []
        for key, errors in error.error_dict.items():
            place = f"/rows/{places[key]}/question" if key in places else f"/{key}"
            told.append(problems.problem_of(ValidationError(errors), instance=self.request.path, place=place))
        problem = problems.of_several(told, detail=told[0]["detail"])
        return Response(problem, problem["status"], content_type=problems.CONTENT_TYPE)
