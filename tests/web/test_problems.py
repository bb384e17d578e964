import json
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from audit.request_id import request_id
from audit.versions import StaleError
from web.api import DenyAll, StrictSerializer
from web.queries import refuse_unknown_parameters

ADDRESS = "/api/v1/actions/7/"
post = APIRequestFactory().post


class Child(StrictSerializer):
    kind = serializers.CharField()


class Update(StrictSerializer):
    id = serializers.IntegerField(read_only=True)
    narrative = serializers.CharField(max_length=10)
    files = Child(many=True, required=False)


class Open(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    error: Exception | None = None

    def get(self, request: Request) -> Response:
        return self.post(request)

    def post(self, request: Request) -> Response:
        if self.error:
            raise self.error
        serializer = Update(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response(serializer.validated_data)


def answer(request: Any, view: type[APIView] = Open, **options: Any) -> tuple[Response, dict[str, Any]]:
    response = view.as_view(**options)(request)
    response.render()
    return response, json.loads(response.content)


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (PermissionDenied("Owners do not mark their own work"), 403, "forbidden"),
        (Http404("secret name"), 404, "not-found"),
        (ObjectDoesNotExist("secret name"), 404, "not-found"),
        (ValidationError("Changed by somebody else", code="conflict"), 409, "conflict"),
        (StaleError("Changed by somebody else", version=4), 412, "precondition-failed"),
        (ValidationError({"version": StaleError("Stale", version=4)}), 412, "precondition-failed"),
        (RequestDataTooBig(), 413, "too-large"),
        (exceptions.ParseError(), 400, "bad-request"),
        (exceptions.UnsupportedMediaType("text/plain"), 415, "unsupported-media-type"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method-not-allowed"),
        (exceptions.Throttled(wait=30), 429, "too-many-requests"),
    ],
)
def test_each_fault_has_its_status_and_its_stable_type(error: Exception, status: int, kind: str) -> None:
    token = request_id.set("request-1")
    response, problem = answer(post(ADDRESS, {}, format="json"), error=error)
    request_id.reset(token)
    assert response.status_code == problem["status"] == status
    assert response["Content-Type"] == "application/problem+json"
    assert problem["type"] == f"/problems/{kind}"
    assert problem["instance"] == ADDRESS
    assert problem["request_id"] == "request-1"
    assert problem["title"]
    assert problem["detail"]


def test_a_missing_row_and_one_of_another_partnership_get_the_same_error() -> None:
    _, missing = answer(post(ADDRESS, {}, format="json"), error=Http404("Action 7 of Leicestershire"))
    assert "Leicestershire" not in json.dumps(missing)


def test_the_reason_of_a_refusal_is_shown() -> None:
    _, problem = answer(post(ADDRESS, {}, format="json"), error=PermissionDenied("You wrote this update"))
    assert problem["detail"] == "You wrote this update"


def test_every_wrong_field_of_a_service_is_named_by_a_pointer() -> None:
    error = ValidationError({"due": ["Too early", "Not a working day"], "a/b~c": "Odd", "__all__": "Not now"})
    response, problem = answer(post(ADDRESS, {}, format="json"), error=error)
    assert (response.status_code, problem["type"]) == (400, "/problems/invalid")
    assert [(item["pointer"], item["detail"]) for item in problem["errors"]] == [
        ("#/due", "Too early"),
        ("#/due", "Not a working day"),
        ("#/a~1b~0c", "Odd"),
        ("#", "Not now"),
    ]


def test_every_wrong_field_of_a_request_is_named_by_a_pointer() -> None:
    body = {
        "narrative": "x" * 11,
        "id": 4,
        "state": "complete",
        "files": [{"kind": "link"}, {"kind": "", "x": 1}],
    }
    response, problem = answer(post(ADDRESS, body, format="json"))
    assert response.status_code == 400
    details = {item["pointer"]: item["detail"] for item in problem["errors"]}
    assert details.keys() == {"#/narrative", "#/id", "#/state", "#/files/1/kind", "#/files/1/x"}
    assert details["#/id"] == "You cannot set this field"
    assert details["#/state"] == "Unknown field “state”"


def test_a_body_that_is_no_object_is_an_answer_and_not_a_fault() -> None:
    response, problem = answer(post(ADDRESS, ["x"], format="json"))
    assert (response.status_code, problem["errors"][0]["pointer"]) == (400, "#")
    response, _ = answer(post(ADDRESS, "{", content_type="application/json"))
    assert response.status_code == 400


def test_a_wrong_query_names_its_parameter() -> None:
    request = APIRequestFactory().get(ADDRESS, {"stat": "open", "rag": "red", "cursor": "x"})
    with pytest.raises(ValidationError) as caught:
        refuse_unknown_parameters(request, {"state", "rag", "cursor"})
    _, problem = answer(APIRequestFactory().get(ADDRESS), error=caught.value)
    assert problem["errors"] == [
        {"parameter": "stat", "detail": "Unknown query parameter “stat”", "code": "invalid"}
    ]


def test_a_request_without_a_token_explains_how_to_send_one() -> None:
    class Bearer(BaseAuthentication):
        def authenticate(self, request: Request) -> None:
            return None

        def authenticate_header(self, request: Request) -> str:
            return 'Bearer realm="api"'

    response, problem = answer(
        post(ADDRESS, {}, format="json"),
        authentication_classes=[Bearer],
        permission_classes=[IsAuthenticated],
    )
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    assert problem["type"] == "/problems/unauthenticated"


def test_a_throttled_request_says_when_to_retry() -> None:
    response, _ = answer(post(ADDRESS, {}, format="json"), error=exceptions.Throttled(wait=30))
    assert response["Retry-After"] == "30"


def test_a_fault_of_ours_is_not_dressed_up_as_the_callers() -> None:
    with pytest.raises(ZeroDivisionError):
        answer(post(ADDRESS, {}, format="json"), error=ZeroDivisionError())


def test_a_view_that_names_no_permission_answers_nobody() -> None:
    class Forgotten(APIView):
        authentication_classes = ()

        def get(self, request: Request) -> Response:
            return Response({})

    assert Forgotten.permission_classes == [DenyAll]
    response, _ = answer(APIRequestFactory().get(ADDRESS), Forgotten)
    assert response.status_code == 403
