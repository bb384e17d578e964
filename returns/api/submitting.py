"""Submitting a return through the API, and returning it with a question."""

from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actions.bulk.services import MOST
from actions.core.services.change import Refused
from audit import clock
from partners.policies import rights_of
from returns import policies
from returns.api import examples
from returns.api.drafting import LENGTHS, REPEATED
from returns.api.reading import ReturnEndpoint, ReturnWithRowsSerializer
from returns.services.submitting import question_return, submit_return
from web import problems
from web.api import IdField, KeepingSerializer, StrictSerializer, StrictText, VersionField
from web.callers import actor_of

INCOMPLETE = (
    "The return was not submitted because it is not complete. Each error names an action and a field."
)


class ReturnSubmissionSerializer(StrictSerializer):
    """The version to submit; optional."""

    version = VersionField()


class ReturnQuestionRowSerializer(StrictSerializer):
    """A question about one action."""

    action = IdField(help_text="Id of an action of the return.")
    question = StrictText(max_length=LENGTHS["question"])


class ReturnQuestionSerializer(KeepingSerializer):
    """Questions about the whole return, about some of its actions, or both."""

    question = StrictText(
        max_length=LENGTHS["question"],
        required=False,
        allow_blank=True,
        default="",
        help_text="Question about the whole return.",
    )
    rows: Any = serializers.ListSerializer(
        child=ReturnQuestionRowSerializer(),
        required=False,
        max_length=MOST,
        help_text="Questions about actions, at most one for each.",
    )

    def validate_rows(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        pks: set[int] = set()
        errors = [{"action": [REPEATED]} if _is_repeated(row["action"], pks) else {} for row in rows]
        if any(errors):
            raise serializers.ValidationError(errors)
        return rows


def _is_repeated(pk: int, earlier: set[int]) -> bool:
    is_repeated = pk in earlier
    earlier.add(pk)
    return is_repeated


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
        """Submit a return: each of its rows becomes a progress update, all of them or none.

        If a row is not complete, nothing is submitted: `errors` name each `action` and `field`. When a return is submitted
        again after a question, a changed row becomes an update that corrects the earlier one.
        """
        report = self.get_return()
        serializer = ReturnSubmissionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        version = serializer.validated_data.get("version")
        try:
            submit_return(actor=actor_of(request), report=report, version=version, at=clock.now())
        except Refused as error:
            return self._incomplete(error)
        return Response(self.represent(self.get_return()))

    def _incomplete(self, refusal: Refused) -> Response:
        errors = [
            {**error, "pointer": "#", "action": pk, "field": error["pointer"].removeprefix("#/")}
            for pk, row_error in refusal.by_action.items()
            for error in problems.problem_of(row_error, instance=self.request.path, place="")["errors"]
        ]
        problem = problems.body(status=422, instance=self.request.path, detail=INCOMPLETE, errors=errors)
        return Response(problem, 422, content_type=problems.CONTENT_TYPE)


class ReturnQuestion(ReturnEndpoint):
    def why_not(self) -> str:
        return policies.why_not_question(rights_of(self.request.user, self.on), self.get_return())

    @extend_schema(
        operation_id="question_return",
        summary="Return it with a question",
        tags=["Returns"],
        request=ReturnQuestionSerializer,
        responses=ReturnWithRowsSerializer,
        examples=[examples.QUESTION, examples.QUESTIONED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Return a submitted return to its organisation with a question. Only the programme manager can."""
        report = self.get_return()
        serializer = ReturnQuestionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        rows = serializer.validated_data.get("rows", [])
        places = {f"question_{row['action']}": index for index, row in enumerate(rows)}
        try:
            with serializer.keeping():
                question_return(
                    actor=actor_of(request),
                    report=report,
                    question=serializer.validated_data["question"],
                    rows={row["action"]: row["question"] for row in rows},
                    at=clock.now(),
                )
        except ValidationError as error:
            if places.keys().isdisjoint(getattr(error, "error_dict", {})):
                raise
            return self._refused(error, places)
        return Response(self.represent(self.get_return()))

    def _refused(self, error: ValidationError, places: dict[str, int]) -> Response:
        """Return the problems of the questions at their places in the body."""
        question_problems = []
        for key, errors in error.error_dict.items():
            place = f"/rows/{places[key]}/question" if key in places else f"/{key}"
            error = ValidationError(errors)
            question_problems.append(problems.problem_of(error, instance=self.request.path, place=place))
        problem = problems.of_several(question_problems, detail=question_problems[0]["detail"])
        return Response(problem, problem["status"], content_type=problems.CONTENT_TYPE)
