"""API that records many progress updates in one request: all or none, or each one separately."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from actions.bulk.services import MOST
from actions.core import examples
from actions.core.models import Action
from actions.core.partial_results import PartialResults
from actions.core.policies import why_not_change_many
from actions.core.states import State
from actions.progress.api import NewUpdateSerializer, UpdateSerializer
from actions.progress.models import ProgressUpdate
from actions.progress.services import OnError, ProgressReport, report_on_each
from audit import clock
from partners.policies import rights_of
from partners.scoping import HasScope
from web import problems
from web.api import IdField, KeepingSerializer, StrictChoice
from web.callers import actor_of
from web.endpoints import Endpoint
from web.openapi import ProblemSerializer

ALL, EACH = "all", "each"
MODES = [(ALL, "Record all updates, or none"), (EACH, "Record each update that is valid")]
NO_ACTION = "There is no such action, or you do not have access to it."

NO_UPDATE = gettext_lazy("This action has no such update.")
TWICE = gettext_lazy("Another update in this request is about this action.")


class UpdateOfManySerializer(NewUpdateSerializer):
    """One of several progress updates."""

    action = IdField(help_text="Id of the action. Each action can have one update.")
    corrects = IdField(
        required=False, allow_null=True, help_text="Id of the update of this action that this one corrects."
    )
    keep_personal_data_reason = None

    def validate_corrects(self, pk: int | None) -> Any:
        return pk

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs["rag"] = attrs["rag"] or ""
        return attrs


class NewUpdatesSerializer(KeepingSerializer):
    """Up to 500 updates. One reason to keep personal data applies to all of them."""

    mode = StrictChoice(
        choices=MODES,
        help_text="`all` records every update, or none if any is refused. `each` records those that are valid.",
    )
    updates = PartialResults(
        child=UpdateOfManySerializer(),
        allow_empty=False,
        max_length=MOST,
        help_text="The updates, each for a different action.",
    )


class UpdateResultSerializer(serializers.Serializer[Any]):
    """The result of one update in the request."""

    index = serializers.IntegerField(help_text="Its position in `updates`, counted from 0.")
    status = serializers.IntegerField(help_text="The HTTP status this update would have had on its own.")
    update = UpdateSerializer(allow_null=True, help_text="The recorded update; null if it was refused.")
    problem = ProblemSerializer(
        allow_null=True,
        help_text="Why it was refused, with pointers into the request body; null if it was recorded.",
    )


class UpdateResultsSerializer(serializers.Serializer[Any]):
    recorded = serializers.IntegerField(help_text="How many updates were recorded.")
    refused = serializers.IntegerField(help_text="How many were refused.")
    results = UpdateResultSerializer(
        many=True, help_text="One result for each update, in the order of the request."
    )


class UpdatesOfMany(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = {"POST": "updates:write"}
    serializer_class = UpdateResultsSerializer
    queryset = ProgressUpdate.objects.none()
    also_answers: ClassVar[dict[int, problems.Kind]] = {
        412: problems.KINDS[412],
        404: (
            *problems.KINDS[404][:2],
            "With `all`: there is no such action as the first one refused, or you do not have access to it.",
        ),
    }

    def why_not(self) -> str:
        return why_not_change_many(rights_of(self.request.user, self.on))

    @extend_schema(
        operation_id="create_updates",
        summary="Report progress on many actions",
        tags=["Updates"],
        request=NewUpdatesSerializer,
        responses={
            200: OpenApiResponse(
                UpdateResultsSerializer, description="With `each`: the result of each update."
            ),
            201: OpenApiResponse(
                UpdateResultsSerializer, description="With `all`: every update was recorded."
            ),
        },
        examples=[examples.NEW_UPDATES, examples.EACH_UPDATE, examples.ALL_UPDATES],
    )
    def post(self, request: Request) -> Response:
        """Up to 500 updates at once, each for a different action.

        With `all`, every update is recorded, or none: the problem lists every error and has the status of the first
        refused update. With `each`, the response is 200 and lists the result of each update.
        """
        serializer = NewUpdatesSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        items, whole = serializer.validated_data["updates"], serializer.validated_data["mode"] == ALL
        reports, refused = self._read(items)
        on_error = OnError.EACH if not whole else OnError.NOTHING if refused else OnError.ALL
        with serializer.keeping():
            outcome = report_on_each(
                actor=actor_of(request), reports=list(reports.values()), at=clock.now(), on_error=on_error
            )
        refused |= {
            index: outcome.errors[each.action.pk]
            for index, each in reports.items()
            if each.action.pk in outcome.errors
        }
        problems_by_index = {
            index: problems.problem_of(error, instance=request.path, place=f"/updates/{index}")
            for index, error in sorted(refused.items())
        }
        if whole and problems_by_index:
            detail = f"Nothing was recorded: {len(problems_by_index)} of {len(items)} updates were refused. Each error names its place."
            problem = problems.of_several(list(problems_by_index.values()), detail=detail)
            return Response(problem, problem["status"], content_type=problems.CONTENT_TYPE)
        rows = self._recorded(outcome.updates.values())
        results = [
            _result(
                index,
                problems_by_index.get(index),
                rows[reports[index].action.pk] if index not in problems_by_index else None,
            )
            for index in range(len(items))
        ]
        answer = {"recorded": len(rows), "refused": len(problems_by_index), "results": results}
        return Response(answer, status.HTTP_201_CREATED if whole else status.HTTP_200_OK)

    def _read(self, items: list[Any]) -> tuple[dict[int, ProgressReport], dict[int, Exception]]:
        """Return the valid reports and the errors of the others, by their index in the list."""
        named = [each for each in items if not isinstance(each, Exception)]
        visible = Action.objects.visible_to(self.request.user, self.on).select_related("partnership")
        actions = visible.in_bulk({each["action"] for each in named})
        corrected = {each["corrects"] for each in named if each.get("corrects")}
        updates = ProgressUpdate.objects.filter(action__in=actions).in_bulk(corrected) if corrected else {}
        reports: dict[int, ProgressReport] = {}
        refused: dict[int, Exception] = {}
        reported: set[int] = set()
        for index, each in enumerate(items):
            try:
                reports[index] = _report_of(each, actions, updates, reported)
            except exceptions.APIException as error:
                refused[index] = error
        return reports, refused

    def _recorded(self, updates: Iterable[ProgressUpdate]) -> dict[int, Any]:
        """Return the updates as they are answered, by their actions."""
        visible = ProgressUpdate.objects.visible_to(self.request.user, self.on)
        rows = visible.filter(pk__in=[update.pk for update in updates])
        whole = rows.select_related("action", "author", "corrected_by")
        context = self.get_serializer_context()
        return {row.action_id: UpdateSerializer(row, context=context).data for row in whole}


def _report_of(
    item: Any, actions: Mapping[int, Action], updates: Mapping[int, ProgressUpdate], reported: set[int]
) -> ProgressReport:
    """Read one update; `reported` are the actions that those before it are about."""
    if isinstance(item, Exception):
        raise item
    action = actions.get(item["action"])
    if action is None:
        raise exceptions.NotFound(NO_ACTION)
    if action.pk in reported:
        raise exceptions.ValidationError({"action": TWICE})
    reported.add(action.pk)
    corrects = updates.get(item.get("corrects") or 0)
    if item.get("corrects") and (corrects is None or corrects.action_id != action.pk):
        raise exceptions.ValidationError({"corrects": ErrorDetail(str(NO_UPDATE), "does_not_exist")})
    stays = action.percent if item["state"] == State.IN_PROGRESS else 0
    return ProgressReport(**{"percent": stays, **item, "action": action, "corrects": corrects})


def _result(index: int, problem: dict[str, Any] | None, update: Any) -> dict[str, Any]:
    done = problem["status"] if problem else status.HTTP_201_CREATED
    return {"index": index, "status": done, "update": update, "problem": problem}
