"""What the API's description (OpenAPI 3.1) says of every operation: which problems it answers with, and their form."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from standards.screening import Kind
from web import problems

EXAMPLE_REQUEST_ID = "5f0c6d3b7a9e4c51b2d8e6f4a1c3907d"
READING = (400, 401, 403, 406)
WRITING = (*READING, 409, 413, 415, 422)
OF_ONE = (404,)
MEANINGS = {
    400: "Something sent is not valid; `errors` names each place.",
    401: "No valid access token was sent.",
    403: "The token lacks the scope, or you may see this and may not do that with it.",
    404: "There is nothing at this address that you may see.",
    406: "The API answers in JSON only.",
    409: "Somebody changed the action since the version you named.",
    413: "The body is larger than the server accepts.",
    415: "The API reads JSON only.",
    422: (
        "The request is well formed and cannot be carried out, because of the state the action is in; or "
        "(`/problems/personal-data`) it holds personal data: `findings` says where."
    ),
}


class ProblemErrorSerializer(serializers.Serializer[Any]):
    pointer = serializers.CharField(
        required=False, help_text="JSON pointer to the place in the body; `#` is the whole of it."
    )
    parameter = serializers.CharField(required=False, help_text="Name of the query parameter.")
    action = serializers.IntegerField(
        required=False, help_text="Id of the action it is about, where the body does not name it."
    )
    field = serializers.CharField(required=False, help_text="With `action`: the field that is wrong of it.")
    detail = serializers.CharField(help_text="What is wrong there, for a person.")
    code = serializers.CharField(help_text="What is wrong there, for a program.")


class FindingSerializer(serializers.Serializer[Any]):
    pointer = serializers.CharField(help_text="JSON pointer to the text in the body.")
    kind = serializers.ChoiceField(
        choices=[(kind.value, kind.label) for kind in Kind], help_text="What it looks like."
    )
    start = serializers.IntegerField(
        help_text="Where it begins in the text without the spaces around it, counted in characters from 0."
    )
    end = serializers.IntegerField(help_text="Where it ends: the first character after it.")


class ProblemSerializer(serializers.Serializer[Any]):
    """Problem details for HTTP APIs (RFC 9457)."""

    type = serializers.CharField(help_text="Stable name of the kind of problem. Branch on this.")
    title = serializers.CharField(help_text="The kind of problem, in words.")
    status = serializers.IntegerField(help_text="The HTTP status again.")
    detail = serializers.CharField(help_text="What happened this time.")
    instance = serializers.CharField(help_text="The address that was asked.")
    request_id = serializers.CharField(help_text="Quote this when you ask for help; it is in our log.")
    errors = ProblemErrorSerializer(many=True, required=False)
    findings = FindingSerializer(
        many=True, required=False, help_text="With `/problems/personal-data`: where it was found."
    )


class Operations(AutoSchema):
    """Describes an operation as its view does, and adds the problems every operation shares."""

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        for status in self._statuses():
            body = self._get_response_for_code(
                ProblemSerializer, str(status), [problems.CONTENT_TYPE], direction
            )
            body["description"] = MEANINGS[status]
            body["content"][problems.CONTENT_TYPE]["example"] = self._example(status)
            bodies[str(status)] = body
        return bodies

    def _unwrap_list_serializer(self, serializer: Any, direction: Any) -> dict[str, Any] | None:
        schema = super()._unwrap_list_serializer(serializer, direction)
        if schema and schema.get("type") == "array" and isinstance(serializer, serializers.ListSerializer):
            fewest = serializer.min_length or (None if serializer.allow_empty else 1)
            limits = {"minItems": fewest, "maxItems": serializer.max_length}
            schema.update({name: limit for name, limit in limits.items() if limit is not None})
        return schema

    def _statuses(self) -> list[int]:
        if not self.view.get_authenticators():
            return []
        statuses = {*(READING if self.method == "GET" else WRITING), *(OF_ONE if "{" in self.path else ())}
        return sorted(statuses)

    def _example(self, status: int) -> dict[str, Any]:
        wrong = {
            "GET": {"parameter": "colour", "detail": "Unknown query parameter “colour”", "code": "invalid"},
            "POST": {"pointer": "#/narrative", "detail": "This field is required.", "code": "required"},
        }
        errors = [wrong.get(self.method, wrong["POST"])] if status == 400 else None
        example = problems.body(
            status=status, instance=self.path.replace("{", "").replace("}", ""), errors=errors
        )
        return {**example, "request_id": EXAMPLE_REQUEST_ID}


@cache
def description() -> dict[str, Any]:
    """Return the API's description. It is the same for everyone, so one process works it out once."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema
