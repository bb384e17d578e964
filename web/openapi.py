"""What the API's description (OpenAPI 3.1) says of every operation: which problems it answers with, and their form."""

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
OF_ONE = (404,)
MEANINGS = {
    400: "Something sent is not valid; `errors` names each place.",
    401: "No valid access token was sent.",
    403: "The token lacks the scope, or you may see this and may not do that with it.",
    404: "There is nothing at this address that you may see.",
    406: "The API answers in JSON only.",
    409: "Somebody changed the action since the version you named.",
    412: "This changed since you read it; the ETag you sent is another's.",
    413: "The body is larger than the server accepts.",
    415: "The body is of a media type that is not read here.",
    422: (
        "The request is well formed and cannot be carried out, because of the state the action is in; or "
        "(`/problems/personal-data`) it holds personal data: `findings` says where; or "
        "(`/problems/idempotency-key`) its Idempotency-Key was used for another request."
    ),
    428: "The ETag of what is to be changed is missing: send it in `If-Match`.",
    429: "More was asked in a minute than the service allows; `Retry-After` says when to ask again.",
}
FIELDS = (
    "The fields wanted, with commas between them; left out, all of them. The answer then has these alone, as they are "
    "described, though others are described as always there: ask for all where a program expects the whole."
)
BYTES = "application/octet-stream"
FILE = f"The file as what it is; as mere bytes where `{BYTES}` is what you accept."
UNCHANGED = "Nothing changed since you read it: the ETag you sent still holds. No body."
ETAG = {"type": "string", "pattern": '^"[^"]+"$', "example": '"9f86d081884c7d659a2feaa0c55ad015"'}
IF_MATCH = {"type": "string", "minLength": 1}
# What the answers bear, once for all of them: `#/components/headers/`.
HEADERS = {
    "RateLimit": (
        {"type": "string", "example": '"reads";r=598;t=41'},
        "How many requests of this kind are left (`r`) until the count begins again in `t` seconds.",
    ),
    "RateLimit-Policy": (
        {"type": "string", "example": '"reads";q=600;w=60'},
        "The limit itself: `q` requests in `w` seconds, for reading and for writing apart.",
    ),
    "X-Request-ID": ({"type": "string"}, "Quote this when you ask for help; it is in our log."),
    "ETag": (
        ETAG,
        "Stands for exactly this answer. Send it back in `If-None-Match`, or to change it in `If-Match`.",
    ),
    "Idempotency-Replayed": (
        {"type": "string", "enum": ["true"]},
        "There where this is the kept answer to a request that was sent before.",
    ),
    "Retry-After": ({"type": "integer", "minimum": 1}, "Seconds to wait."),
    "WWW-Authenticate": (
        {"type": "string", "example": 'Bearer realm="api",error="insufficient_scope",scope="actions:read"'},
        "Why the token does not do (RFC 6750): none was sent, `invalid_token`, or `insufficient_scope` and the scope.",
    ),
    "Link": (
        {"type": "string"},
        'Of a page as CSV, where there are more rows: the address of the next page, `rel="next"`.',
    ),
}
EVERYWHERE = ("RateLimit", "RateLimit-Policy", "X-Request-ID")
CSV = {
    "schema": {
        "type": "string",
        "description": (
            "A line of names, then a line for each row: of the whole list, unless `page_size` or `cursor` asks for a page. "
            "`lead.name` is the name of the lead."
        ),
    }
}


class ProblemErrorSerializer(serializers.Serializer[Any]):
    pointer = serializers.CharField(
        required=False, help_text="JSON pointer to the place in the body; `#` is the whole of it."
    )
    parameter = serializers.CharField(required=False, help_text="Name of the query parameter.")
    header = serializers.CharField(required=False, help_text="Name of the header.")
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
        described = super()._get_response_headers_for_code(status_code, direction)
        return {**described, **self._headers(status_code)} if self._statuses() else described

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
            text = "An ETag you were given. Where it still holds the answer is 304, without a body."
            yield _header("If-None-Match", text, {"type": "string"})
            text = "An ETag you were given. Where it does not hold any more the answer is 412."
            yield _header(etags.HEADER, text, IF_MATCH)
            return
        text = (
            "A name of your own for this request, such as a UUID. Sent again with the same key, it is not carried "
            "out again: the first answer is given again."
        )
        yield _header(idempotency.HEADER, text, {"type": "string", "pattern": idempotency.KEY})
        if self.method == "PATCH":
            text = "The ETag of what you read. Nothing is changed when somebody else changed it since: 412."
            yield {**_header(etags.HEADER, text, IF_MATCH), "required": True}
        elif resource := self._resource():
            text = (
                f"The ETag of `{resource}` as you read it, if you like. Nothing is changed when somebody else changed that "
                "since: 412."
            )
            yield _header(etags.HEADER, text, IF_MATCH)

    def _resource(self) -> str:
        """Return the address of what a POST changes, which its `If-Match` is compared with; none where it makes anew."""
        names = re.findall(r"{\w+}", self.path)
        found = etags.resource_of(self.view, re.sub(r"{\w+}", "1", self.path))
        if found is None:
            return ""
        above = f"/{found.route}".split("<")[0]
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
        """Say that any file can be had as bytes, and say it first: no generator of clients knows every kind of file."""
        kinds = body["content"]
        if any(kind["schema"].get("format") == "binary" for kind in kinds.values()):
            body["content"] = {BYTES: {"schema": {"type": "string", "format": "binary"}}, **kinds}
            body["description"] = FILE

    def _get_serializer_name(self, serializer: Any, direction: Any, *args: Any, **kwargs: Any) -> str:
        """Call what is sent by its own name: a test holds that nothing is both sent and answered."""
        name: str = super()._get_serializer_name(serializer, direction, *args, **kwargs)
        return name.removesuffix("Request").removeprefix("Patched") if direction == "request" else name

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> dict[str, Any]:
        """Refuse in what is sent what is not known; promise in an answer all that is always there."""
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
            fewest = serializer.min_length or (None if serializer.allow_empty else 1)
            limits = {"minItems": fewest, "maxItems": serializer.max_length}
            schema.update({name: limit for name, limit in limits.items() if limit is not None})
        return schema

    def _statuses(self) -> list[int]:
        if not self.view.get_authenticators():
            return []
        shared = {*STATUSES[self.method], *(OF_ONE if "{" in self.path else ())}
        if self.method == "POST" and self._resource():
            shared.add(412)
        return sorted({*shared, *self.view.also_answers})

    def _example(self, status: int) -> dict[str, Any]:
        wrong = {
            "GET": {"parameter": "colour", "detail": "Unknown query parameter “colour”", "code": "invalid"},
            "POST": {"pointer": "#/narrative", "detail": "This field is required.", "code": "required"},
        }
        errors = [wrong.get(self.method, wrong["POST"])] if status == 400 else None
        example = problems.body(
            status=status,
            instance=self.path.replace("{", "").replace("}", ""),
            errors=errors,
            kind=self.view.also_answers.get(status),
        )
        return {**example, "request_id": EXAMPLE_REQUEST_ID}


def _header(name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": text, "schema": schema}


def describe_headers(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add what the answers' headers mean; called by the generator when all else is described."""
    result["components"]["headers"] = {
        name: {"description": text, "schema": schema} for name, (schema, text) in HEADERS.items()
    }
    return result


def describe_refusals(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Say what every operation refuses: fields it does not know, parameters without a value, and null in a form."""
    schemas = result["components"]["schemas"]
    for operation in (each for methods in result["paths"].values() for each in methods.values()):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query" and parameter["schema"] == {"type": "string"}:
                parameter["schema"]["minLength"] = 1
            if "description" in parameter:
                # Where generators of clients look for it.
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
    """Return the API's description. It is the same for everyone, so one process works it out once."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema
