"""What all operations share in the OpenAPI 3.1 description: problems, headers and parameters."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, force_instance
from rest_framework import serializers

from standards.screening import Kind
from web import etags, fields, idempotency, problems

EXAMPLE_REQUEST_ID = "5f0c6d3b7a9e4c51b2d8e6f4a1c3907d"
COMMON = (400, 401, 403, 406, 429)
WRITING = (*COMMON, 409, 413, 415, 422)
STATUSES = {"GET": (*COMMON, 412), "POST": WRITING, "PATCH": (*WRITING, 412, 428)}

MEANINGS = {
    400: "The request is not valid. `errors` lists each problem and where it is.",
    401: "The access token is missing or not valid.",
    403: "The access token lacks the scope, or you can view this but not change it.",
    404: "Not found, or you do not have access to it.",
    406: "The API responds in JSON only.",
    409: "Someone else has already decided, answered, closed or replaced this.",
    412: "It has changed since you read it: the ETag in `If-Match`, or the `version` in the body, is no longer current.",
    413: "The body is larger than the server accepts.",
    415: "This address does not accept this media type.",
    422: (
        "The request is valid, but the action is in a state that does not allow it. Or the request contains personal "
        "data (`/problems/personal-data`; `findings` lists where). Or its Idempotency-Key was already used for another "
        "request (`/problems/idempotency-key`)."
    ),
    428: "The ETag is missing. Send the ETag of the resource you want to change in `If-Match`.",
    429: "Too many requests in a minute. `Retry-After` says when to try again.",
}
FIELDS = (
    "Fields to return, separated by commas. By default, all of them. The response then has only these fields, even if "
    "the description says that others are always present."
)
BYTES = "application/octet-stream"
FILE = f"The file with its own media type, or as `{BYTES}` if that is what you accept."
UNCHANGED = "Not changed since you read it: the ETag you sent is still current. No body."
ETAG = {"type": "string", "pattern": '^"[^"]+"$', "example": '"9f86d081884c7d659a2feaa0c55ad015"'}
IF_MATCH = {"type": "string", "minLength": 1}
# Headers of all responses, described once under `#/components/headers/`.
HEADERS = {
    "RateLimit": (
        {"type": "string", "example": '"reads";r=598;t=41'},
        "Requests of this kind left (`r`) until the limit resets in `t` seconds.",
    ),
    "RateLimit-Policy": (
        {"type": "string", "example": '"reads";q=600;w=60'},
        "The limit: `q` requests in `w` seconds. Reading and writing have separate limits.",
    ),
    "X-Request-ID": ({"type": "string"}, "Quote this when you ask for help."),
    "ETag": (
        ETAG,
        "Identifies this version of the resource. Send it in `If-None-Match` to read again, or in `If-Match` to change it.",
    ),
    "Idempotency-Replayed": (
        {"type": "string", "enum": ["true"]},
        "Present if this repeats the response to an earlier request with the same Idempotency-Key.",
    ),
    "Retry-After": ({"type": "integer", "minimum": 1}, "Seconds to wait."),
    "WWW-Authenticate": (
        {"type": "string", "example": 'Bearer realm="api",error="insufficient_scope",scope="actions:read"'},
        "Why the access token was refused (RFC 6750): no token, `invalid_token`, or `insufficient_scope` and the scope.",
    ),
    "Link": (
        {"type": "string"},
        'For a page as CSV with more rows to come: the address of the next page, `rel="next"`.',
    ),
}
EVERYWHERE = ("RateLimit", "RateLimit-Policy", "X-Request-ID")
CSV = {
    "schema": {
        "type": "string",
        "description": (
            "A header line, then a line for each row of the whole list, or of one page if you send `page_size` or `cursor`. "
            "`lead.name` is the name of the lead."
        ),
    }
}


class ProblemErrorSerializer(serializers.Serializer[Any]):
    pointer = serializers.CharField(
        required=False, help_text="JSON pointer to the place in the body; `#` is the whole body."
    )
    parameter = serializers.CharField(required=False, help_text="Name of the query parameter.")
    header = serializers.CharField(required=False, help_text="Name of the header.")
    action = serializers.IntegerField(
        required=False, help_text="ID of the action with the problem, if the body does not contain it."
    )
    field = serializers.CharField(required=False, help_text="With `action`: the field with the problem.")
    detail = serializers.CharField(help_text="What is wrong, for people.")
    code = serializers.CharField(help_text="What is wrong, for programs.")


class FindingSerializer(serializers.Serializer[Any]):
    pointer = serializers.CharField(help_text="JSON pointer to the text in the body.")
    kind = serializers.ChoiceField(
        choices=[(kind.value, kind.label) for kind in Kind], help_text="Kind of personal data it may be."
    )
    start = serializers.IntegerField(
        help_text="Position of its first character in the trimmed text, counted from 0."
    )
    end = serializers.IntegerField(help_text="Position of the first character after it.")


class ProblemSerializer(serializers.Serializer[Any]):
    """Problem details for HTTP APIs (RFC 9457)."""

    type = serializers.CharField(
        help_text="Name of the kind of problem, which never changes. Use this in programs."
    )
    title = serializers.CharField(help_text="The kind of problem, for people.")
    status = serializers.IntegerField(help_text="The HTTP status code.")
    detail = serializers.CharField(help_text="What happened this time.")
    instance = serializers.CharField(help_text="The address of the request.")
    request_id = serializers.CharField(help_text="Quote this when you ask for help.")
    errors = ProblemErrorSerializer(many=True, required=False)
    findings = FindingSerializer(
        many=True, required=False, help_text="With `/problems/personal-data`: where it is."
    )


class Operations(AutoSchema):
    """Describe an operation, and add the headers, parameters and problems that all operations share."""

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        if self.method == "GET":
            self._describe_csv(bodies["200"])
            self._describe_bytes(bodies["200"])
            bodies["304"] = {"description": UNCHANGED, "headers": self._headers("304")}
        for status in self._statuses():
            body = self._get_response_for_code(
                ProblemSerializer, str(status), [problems.CONTENT_TYPE], direction
            )
            own = self.view.also_answers.get(status)
            body["description"] = own[2] if own else MEANINGS[status]
            body["content"][problems.CONTENT_TYPE]["example"] = self._example(status)
            bodies[str(status)] = body
        return bodies

    def _get_response_headers_for_code(self, status_code: str, direction: Any = "response") -> dict[str, Any]:
        headers = super()._get_response_headers_for_code(status_code, direction)
        return {**headers, **self._headers(status_code)} if self._statuses() else headers

    def _headers(self, status: str) -> dict[str, Any]:
        names = {*EVERYWHERE}
        if status in {"200", "304"} and self.method in {"GET", "PATCH"}:
            names.add("ETag")
        if status == "200" and "text/csv" in self.map_renderers("media_type"):
            names.add("Link")
        if self.method in {"POST", "PATCH"} and status not in {"401", "428", "429"}:
            names.add("Idempotency-Replayed")
        if status in {"401", "403"}:
            names.add("WWW-Authenticate")
        if status == "429":
            names.add("Retry-After")
        return {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS if name in names}

    def _get_parameters(self) -> list[dict[str, Any]]:
        return [*super()._get_parameters(), *self._shared_parameters()]

    def _shared_parameters(self) -> Iterator[dict[str, Any]]:
        if not self._statuses():
            return
        if self.method == "GET" and self.view.takes_fields:
            yield self._fields_parameter()
        if self.method == "GET":
            text = "An ETag you received. If it is still current, the response is 304, without a body."
            yield _header("If-None-Match", text, {"type": "string"})
            text = "An ETag you received. If it is no longer current, the response is 412."
            yield _header(etags.HEADER, text, IF_MATCH)
            return
        text = (
            "Your own unique key for this request, such as a UUID. If you repeat the request with the same key, nothing is "
            "changed again and you get the first response."
        )
        yield _header(idempotency.HEADER, text, {"type": "string", "pattern": idempotency.KEY})
        if self.method == "PATCH":
            text = "The ETag of what you read. If someone else has changed it since, nothing changes and you get 412."
            yield {**_header(etags.HEADER, text, IF_MATCH), "required": True}
        elif resource := self._resource():
            text = (
                f"Optional: the ETag of `{resource}` when you read it. If someone else has changed it since, nothing changes "
                "and you get 412."
            )
            yield _header(etags.HEADER, text, IF_MATCH)

    def _resource(self) -> str:
        """Return the address of the resource whose ETag a POST compares; empty if it compares none."""
        names = re.findall(r"{\w+}", self.path)
        resource = etags.resource_of(self.view, re.sub(r"{\w+}", "1", self.path))
        if resource is None:
            return ""
        above = f"/{resource.route}".split("<")[0]
        return f"{above}{names[0]}/"

    def _fields_parameter(self) -> dict[str, Any]:
        serializer = self.view.get_serializer()
        name = f"{self._get_serializer_name(serializer, 'response')}Field"
        names = ResolvedComponent(
            name=name,
            type=ResolvedComponent.SCHEMA,
            object=name,
            schema={"type": "string", "enum": list(serializer.fields)},
        )
        self.registry.register_on_missing(names)
        return {
            "name": fields.PARAMETER,
            "in": "query",
            "description": FIELDS,
            "style": "form",
            "explode": False,
            "schema": {"type": "array", "minItems": 1, "items": names.ref},
        }

    def _describe_csv(self, body: dict[str, Any]) -> None:
        if self.view.has_csv():
            body["content"]["text/csv"] = CSV

    def _describe_bytes(self, body: dict[str, Any]) -> None:
        """Add plain bytes as the first media type of a file: client generators do not know every media type."""
        kinds = body["content"]
        if any(kind["schema"].get("format") == "binary" for kind in kinds.values()):
            body["content"] = {BYTES: {"schema": {"type": "string", "format": "binary"}}, **kinds}
            body["description"] = FILE

    def _get_serializer_name(self, serializer: Any, direction: Any, *args: Any, **kwargs: Any) -> str:
        """Name request bodies without the library's affixes; a test checks that no name has two meanings."""
        name: str = super()._get_serializer_name(serializer, direction, *args, **kwargs)
        return name.removesuffix("Request").removeprefix("Patched") if direction == "request" else name

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> dict[str, Any]:
        """Forbid unknown fields in requests, and mark fields that responses always have as required."""
        schema: dict[str, Any] = super()._map_basic_serializer(serializer, direction)
        if direction == "request":
            schema["additionalProperties"] = False
        else:
            declared = force_instance(serializer)._declared_fields
            schema["required"] = sorted(
                name
                for name in schema.get("properties", ())
                if name not in declared or declared[name]._kwargs.get("required") is not False
            )
        return schema

    def is_deprecated(self) -> bool:
        return bool(getattr(self.view, "deprecated", None)) or super().is_deprecated()

    def _unwrap_list_serializer(self, serializer: Any, direction: Any) -> dict[str, Any] | None:
        schema = super()._unwrap_list_serializer(serializer, direction)
        if schema and schema.get("type") == "array" and isinstance(serializer, serializers.ListSerializer):
            minimum = serializer.min_length or (None if serializer.allow_empty else 1)
            limits = {"minItems": minimum, "maxItems": serializer.max_length}
            schema.update({name: limit for name, limit in limits.items() if limit is not None})
        return schema

    def _statuses(self) -> list[int]:
        if not self.view.get_authenticators():
            return []
        statuses = {*STATUSES[self.method], *self.view.also_answers}
        if "{" in self.path:
            statuses.add(404)
        if self.method == "POST" and self._resource():
            statuses.add(412)
        return sorted(statuses)

    def _example(self, status: int) -> dict[str, Any]:
        error = (
            {"parameter": "colour", "detail": "Unknown query parameter “colour”", "code": "invalid"}
            if self.method == "GET"
            else {"pointer": "#/narrative", "detail": "This field is required.", "code": "required"}
        )
        example = problems.body(
            status=status,
            instance=self.path.replace("{", "").replace("}", ""),
            errors=[error] if status == 400 else None,
            kind=self.view.also_answers.get(status),
        )
        return {**example, "request_id": EXAMPLE_REQUEST_ID}


def _header(name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": text, "schema": schema}


def describe_headers(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Describe the response headers. The generator calls this at the end."""
    result["components"]["headers"] = {
        name: {"description": text, "schema": schema} for name, (schema, text) in HEADERS.items()
    }
    return result


def describe_refusals(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Describe what every operation rejects: parameters without a value, and null in a form."""
    schemas = result["components"]["schemas"]
    for operation in (each for methods in result["paths"].values() for each in methods.values()):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query" and parameter["schema"] == {"type": "string"}:
                parameter["schema"]["minLength"] = 1
            if "description" in parameter:
                # Client generators read it here.
                parameter["schema"].setdefault("description", parameter["description"])
        form = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data")
        if form:
            _without_null(schemas[form["schema"]["$ref"].rpartition("/")[2]])
    return result


def _without_null(schema: dict[str, Any]) -> None:
    for field in schema["properties"].values():
        if isinstance(field.get("type"), list):
            field["type"] = next(kind for kind in field["type"] if kind != "null")


@cache
def description() -> dict[str, Any]:
    """Return the OpenAPI description. It is the same for everyone, so each process builds it once."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema
