"""The API's index, its OpenAPI description, and its documentation page."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache, wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.views.decorators.csrf import csrf_exempt

from web import problems
from web.endpoints import READING
from web.openapi import description

# The page of the structures that no operation answers with by itself.
OTHER = "other-structures"
FIRST_SUCCESS = ("200", "201", "204")
ROOT = "/api/v1/"
# A page of more is too long to read.
MOST_OPERATIONS = 16


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a body."""

    name: str
    type: str
    text: SafeString
    required: bool = False


@dataclass(frozen=True)
class Body:
    """A request body in one media type."""

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


@dataclass(frozen=True)
class Part:
    """A page of the documentation: a tag, or one resource of it."""

    name: str
    title: str
    operations: list[Operation]
    structures: list[Structure]


def public_read_only(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Let everyone read a page, and answer 405 to other methods."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def read(request: HttpRequest) -> HttpResponse:
        if request.method not in READING:
            return problems.not_allowed(request, methods=READING)
        return view(request)

    return read


@public_read_only
def index(request: HttpRequest) -> JsonResponse:
    lists = [path for path, methods in description()["paths"].items() if "get" in methods and "{" not in path]
    addresses = [*lists, reverse("api:schema"), reverse("api:docs")]
    links = {path.split("/")[-2]: request.build_absolute_uri(path) for path in addresses}
    return JsonResponse({"name": description()["info"]["title"], "version": "v1", "links": links})


@public_read_only
def schema(request: HttpRequest) -> JsonResponse:
    return JsonResponse(description())


@public_read_only
def docs(request: HttpRequest) -> HttpResponse:
    """Show how to start and the contents; with `part`, the operations of one part and the structures they answer with."""
    spec, parts = description(), _parts()
    name = request.GET.get("part", "")
    if name and name not in parts:
        raise Http404("There is no such part of the documentation")
    site = request.build_absolute_uri("/").rstrip("/")
    context: dict[str, Any] = {"info": spec["info"], "parts": parts.values(), "site": site}
    if name:
        return render(request, "api/part.html", context | {"part": parts[name], "text": _text(name, site)})
    context["oauth"] = spec["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    return render(request, "api/docs.html", context)


@cache
def _parts() -> dict[str, Part]:
    """Return each tag with its operations and the structures of their answers, and last the other structures.

    A tag of many operations has a part for each of its resources.
    """
    every = list(operations(description()))
    sizes = Counter(each.tag for each in every)
    tags: dict[str, list[Operation]] = {}
    for each in every:
        resource = each.path.removeprefix(ROOT).partition("/")[0].replace("-", " ")
        title = f"{each.tag}: {resource}" if sizes[each.tag] > MOST_OPERATIONS else each.tag
        tags.setdefault(title, []).append(each)
    by_name = {each.name: each for each in structures(description())}
    parts, placed = {}, set()
    for tag, group in tags.items():
        names = dict.fromkeys(
            answer.type for each in group for answer in each.answers if answer.type in by_name
        )
        placed |= set(names)
        parts[slugify(tag)] = Part(slugify(tag), tag, group, [by_name[name] for name in names])
    rest = [each for name, each in by_name.items() if name not in placed]
    return parts | {OTHER: Part(OTHER, "Other structures", [], rest)}


@lru_cache(maxsize=128)
def _text(name: str, site: str) -> SafeString:
    """Render the long part of a page once: it is the same for everyone."""
    return render_to_string("api/reference.html", {"part": _parts()[name], "site": site})


def operations(spec: dict[str, Any]) -> Iterator[Operation]:
    """Yield every operation in the description, in order."""
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            yield _operation(spec, path, method, operation)


def structures(spec: dict[str, Any]) -> Iterator[Structure]:
    """Yield every structure of bodies, with its fields."""
    for name, part in spec["components"]["schemas"].items():
        if "properties" in part:
            yield Structure(name, _markup(part.get("description", "")), list(_fields(spec, part)))


def _operation(spec: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Operation:
    body = _content(operation.get("requestBody", {}))
    success = next(operation["responses"][code] for code in FIRST_SUCCESS if code in operation["responses"])
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        tag=operation["tags"][0],
        summary=operation.get("summary", operation["operationId"]),
        text=_markup(operation.get("description", "")),
        scopes=[scope for each in operation.get("security", []) for scope in each.get("oauth2", [])],
        parameters=[_parameter(spec, each) for each in operation.get("parameters", [])],
        bodies=[
            Body(media_type, list(_fields(spec, _resolve(spec, form["schema"]))))
            for media_type, form in operation.get("requestBody", {}).get("content", {}).items()
        ],
        answers=[
            Answer(code, _markup(each["description"] or "Done."), _structure(_content(each)))
            for code, each in operation["responses"].items()
        ],
        sends=_example(body),
        gets=_example(_content(success)),
    )


def _parameter(spec: dict[str, Any], parameter: dict[str, Any]) -> Field:
    text = parameter.get("description", "") or ("ID in the address." if parameter["in"] == "path" else "")
    return Field(
        parameter["name"], _type(spec, parameter["schema"]), _markup(text), parameter.get("required", False)
    )


def _fields(spec: dict[str, Any], structure: dict[str, Any]) -> Iterator[Field]:
    required = structure.get("required", [])
    for name, part in structure.get("properties", {}).items():
        yield Field(name, _type(spec, part), _markup(part.get("description", "")), name in required)


def _content(body: dict[str, Any]) -> dict[str, Any]:
    """Return the first media type of a body; empty if there is none."""
    return next(iter(body.get("content", {}).values()), {})


def _structure(content: dict[str, Any]) -> str:
    """Return the name of a body's structure; empty for a file or an empty body."""
    name: str = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return name


def _resolve(spec: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    target: dict[str, Any] = spec["components"]["schemas"][name] if name else schema
    return target


def _example(content: dict[str, Any]) -> str:
    examples = [each["value"] for each in content.get("examples", {}).values()]
    return json.dumps(examples[0], indent=2, ensure_ascii=False) if examples else ""


def _markup(text: str) -> SafeString:
    """Return text as HTML, with code between backticks marked up."""
    plain, *rest = text.split("`")
    tags = ("<code>{}</code>", "{}")
    return format_html("{}", plain) + format_html_join(
        "", "{}", ((format_html(tags[index % 2], part),) for index, part in enumerate(rest))
    )


def _type(spec: dict[str, Any], schema: dict[str, Any]) -> str:
    """Describe the type of a schema in a few words."""
    if "$ref" in schema:
        target = _resolve(spec, schema)
        return _type(spec, target) if "enum" in target else str(schema["$ref"].rpartition("/")[2])
    for joint in ("oneOf", "anyOf", "allOf"):
        if joint in schema:
            return " or ".join(dict.fromkeys(_type(spec, each) for each in schema[joint]))
    if "enum" in schema:
        return "one of " + ", ".join(schema["enum"])
    kinds = schema.get("type", "anything")
    if kinds == "array":
        return f"list of {_type(spec, schema['items'])}"
    words = " or ".join([kinds] if isinstance(kinds, str) else kinds)
    details = [str(schema["format"])] if "format" in schema else []
    if "maxLength" in schema:
        details.append(f"up to {schema['maxLength']} characters")
    if "minimum" in schema and "maximum" in schema:
        details.append(f"{schema['minimum']} to {schema['maximum']}")
    return f"{words} ({', '.join(details)})" if details else words
