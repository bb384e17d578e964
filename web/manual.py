"""The API's front page, its description for programs, and the same description as a page for people."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache, wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt

from web import problems
from web.endpoints import READING
from web.openapi import description

FIRST_SUCCESS = ("200", "201", "204")


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a body."""

    name: str
    type: str
    text: SafeString
    required: bool = False


@dataclass(frozen=True)
class Body:
    """What is sent, in one of the forms in which an operation takes it."""

    media_type: str
    fields: list[Field]


@dataclass(frozen=True)
class Answer:
    status: str
    text: SafeString
    type: str


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    tag: str
    summary: str
    text: SafeString
    scopes: list[str]
    parameters: list[Field] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    sends: str = ""
    gets: str = ""


@dataclass(frozen=True)
class Structure:
    name: str
    text: SafeString
    fields: list[Field]


def only_read(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Open a page to everybody who reads it, and tell a program that sends something that it is only read."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def read(request: HttpRequest) -> HttpResponse:
        if request.method not in READING:
            return problems.not_allowed(request, methods=READING)
        return view(request)

    return read


@only_read
def index(request: HttpRequest) -> JsonResponse:
    lists = [path for path, methods in description()["paths"].items() if "get" in methods and "{" not in path]
    addresses = [*lists, reverse("api:schema"), reverse("api:docs")]
    links = {path.split("/")[-2]: request.build_absolute_uri(path) for path in addresses}
    return JsonResponse({"name": description()["info"]["title"], "version": "v1", "links": links})


@only_read
def schema(request: HttpRequest) -> JsonResponse:
    return JsonResponse(description())


@only_read
def docs(request: HttpRequest) -> HttpResponse:
    described = description()
    site = request.build_absolute_uri("/").rstrip("/")
    context = {
        "info": described["info"],
        "oauth": described["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"],
        "groups": _groups(),
        "reference": _reference(site),
        "site": site,
    }
    return render(request, "api/docs.html", context)


@cache
def _groups() -> list[tuple[str, list[Operation]]]:
    groups: dict[str, list[Operation]] = {}
    for each in operations(description()):
        groups.setdefault(each.tag, []).append(each)
    return list(groups.items())


@lru_cache(maxsize=4)
def _reference(site: str) -> SafeString:
    """Print the long part of the page, which is the same for everybody: half a second that strangers could ask for."""
    context = {"groups": _groups(), "structures": list(structures(description())), "site": site}
    return render_to_string("api/reference.html", context)


def operations(described: dict[str, Any]) -> Iterator[Operation]:
    """Read every operation from the description, in its order."""
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield _operation(described, path, method, operation)


def structures(described: dict[str, Any]) -> Iterator[Structure]:
    """Read every structure that bodies are made of, with its fields."""
    for name, found in described["components"]["schemas"].items():
        if "properties" in found:
            yield Structure(name, _words(found.get("description", "")), list(_fields(described, found)))


def _operation(described: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Operation:
    body = _content(operation.get("requestBody", {}))
    success = next(operation["responses"][code] for code in FIRST_SUCCESS if code in operation["responses"])
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        tag=operation["tags"][0],
        summary=operation.get("summary", operation["operationId"]),
        text=_words(operation.get("description", "")),
        scopes=[scope for each in operation.get("security", []) for scope in each.get("oauth2", [])],
        parameters=[_parameter(described, each) for each in operation.get("parameters", [])],
        bodies=[
            Body(media_type, list(_fields(described, _resolved(described, form["schema"]))))
            for media_type, form in operation.get("requestBody", {}).get("content", {}).items()
        ],
        answers=[
            Answer(code, _words(each["description"] or "Done."), _structure(_content(each)))
            for code, each in operation["responses"].items()
        ],
        sends=_example(body),
        gets=_example(_content(success)),
    )


def _parameter(described: dict[str, Any], found: dict[str, Any]) -> Field:
    text = found.get("description", "") or ("Id in the address." if found["in"] == "path" else "")
    return Field(found["name"], _type(described, found["schema"]), _words(text), found.get("required", False))


def _fields(described: dict[str, Any], found: dict[str, Any]) -> Iterator[Field]:
    required = found.get("required", [])
    for name, part in found.get("properties", {}).items():
        yield Field(name, _type(described, part), _words(part.get("description", "")), name in required)


def _content(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body in the first of its forms; nothing for an empty body."""
    return next(iter(body.get("content", {}).values()), {})


def _structure(content: dict[str, Any]) -> str:
    """Return the name of the structure that a body has; nothing for an empty one or a file."""
    name: str = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return name


def _resolved(described: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    name = found.get("$ref", "").rpartition("/")[2]
    resolved: dict[str, Any] = described["components"]["schemas"][name] if name else found
    return resolved


def _example(content: dict[str, Any]) -> str:
    examples = [each["value"] for each in content.get("examples", {}).values()]
    return json.dumps(examples[0], indent=2, ensure_ascii=False) if examples else ""


def _words(text: str) -> SafeString:
    """Set what stands between backticks as code."""
    plain, *rest = text.split("`")
    tags = ("<code>{}</code>", "{}")
    return format_html("{}", plain) + format_html_join(
        "", "{}", ((format_html(tags[index % 2], part),) for index, part in enumerate(rest))
    )


def _type(described: dict[str, Any], found: dict[str, Any]) -> str:
    """Say in a few words what a schema allows."""
    if "$ref" in found:
        resolved = _resolved(described, found)
        return _type(described, resolved) if "enum" in resolved else str(found["$ref"].rpartition("/")[2])
    for joint in ("oneOf", "anyOf", "allOf"):
        if joint in found:
            return " or ".join(dict.fromkeys(_type(described, part) for part in found[joint]))
    if "enum" in found:
        return "one of " + ", ".join(found["enum"])
    kinds = found.get("type", "anything")
    if kinds == "array":
        return f"list of {_type(described, found['items'])}"
    words = " or ".join([kinds] if isinstance(kinds, str) else kinds)
    details = [str(found["format"])] if "format" in found else []
    if "maxLength" in found:
        details.append(f"up to {found['maxLength']} characters")
    if "minimum" in found and "maximum" in found:
        details.append(f"{found['minimum']} to {found['maximum']}")
    return f"{words} ({', '.join(details)})" if details else words
