"""What went wrong, told to a program: RFC 9457 problem details."""

from collections.abc import Collection, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from audit.request_id import request_id
from audit.screening import FOUND
from web.faults import fault_of
from web.queries import WrongQuery
from web.storage import NO_SPACE

CONTENT_TYPE = "application/problem+json"
API_PREFIXES = ("/api/", "/oauth/")
NO_FIELD = {NON_FIELD_ERRORS, "non_field_errors"}

# The slug of a problem's type, its title, and what it says where nothing better is known.
Kind = tuple[str, str, str]

# Stable names: a client may branch on them, so a slug is never renamed.
KINDS: dict[int, Kind] = {
    400: ("bad-request", "Bad request", "The request could not be read."),
    401: ("unauthenticated", "Not signed in", "Send a valid access token."),
    403: ("forbidden", "Not allowed", "You may see this and may not do that with it."),
    404: ("not-found", "Not found", "There is nothing at this address that you may see."),
    405: ("method-not-allowed", "Method not allowed", "This address does not answer that method."),
    406: ("not-acceptable", "Not acceptable", "This address cannot answer in the form asked for."),
    409: (
        "conflict",
        "Changed meanwhile",
        "Somebody changed this since you read it. Read it again, then retry.",
    ),
    412: ("precondition-failed", "Precondition failed", "The state named in the request no longer holds."),
    413: ("too-large", "Too large", "The request is larger than the server accepts."),
    415: ("unsupported-media-type", "Unsupported media type", "Send application/json."),
    422: ("unprocessable", "Cannot be processed", "The request is well formed and cannot be carried out."),
    428: (
        "precondition-required",
        "Precondition required",
        "Send the ETag that you read in If-Match, so that nobody's change is overwritten unseen.",
    ),
    429: ("too-many-requests", "Too many requests", "Wait before asking again."),
    500: (
        "server-error",
        "Something went wrong",
        "The fault is ours and has been logged under the request id.",
    ),
    503: ("unavailable", "Unavailable", "Try again in a few minutes."),
    507: (
        "no-space",
        "No space left",
        "The server has no space left, so nothing was saved. Tell the team that runs the service, then try again.",
    ),
}
# What a service says by the code of its error: the row moved on, or stands where this cannot be done with it.
BY_CODE = {"conflict": 409, "state": 422, FOUND: 422, NO_SPACE: 507}
INVALID = ("invalid", "Not valid", "Some of what was sent is not valid. Each error names its field.")
PERSONAL_DATA = (
    "personal-data",
    "Personal data",
    "What was sent looks as if it holds personal data. Take it out, or keep it and say why.",
)
IDEMPOTENCY_KEY = (
    "idempotency-key",
    "Key used already",
    "This Idempotency-Key was sent with another request before. Send a new key with a new request.",
)


class HttpProblem(exceptions.APIException):
    """A refusal that belongs to HTTP itself and not to what is asked: a precondition, a header.

    Args:
        header: the header that is wrong, which is then named among the errors.
        kind: slug, title and words, where the status alone does not tell them.
    """

    def __init__(self, status: int, detail: str = "", *, header: str = "", kind: Kind | None = None) -> None:
        super().__init__(detail)
        self.status_code = status
        self.header = header
        self.kind = kind


def wanted_by(request: HttpRequest) -> bool:
    """Say whether this address belongs to programs, so that a fault is told as a problem and not as a page."""
    return request.path.startswith(API_PREFIXES)


def body(
    *,
    status: int,
    instance: str,
    detail: str = "",
    errors: list[dict[str, str]] | None = None,
    findings: list[dict[str, Any]] | None = None,
    kind: Kind | None = None,
) -> dict[str, Any]:
    """Return one problem as the members of RFC 9457 plus `request_id` and, for fields, `errors`.

    Args:
        findings: where personal data was found, and of what kind; never the data itself.
        kind: slug, title and words, where the status alone does not tell them.
    """
    slug, title, default = kind or KINDS.get(status) or _unnamed(status)
    if findings:
        slug, title, default = PERSONAL_DATA
    elif errors and status == HTTPStatus.BAD_REQUEST:
        slug, title, default = INVALID
    problem: dict[str, Any] = {
        "type": f"/problems/{slug}",
        "title": title,
        "status": status,
        "detail": detail or default,
        "instance": instance,
        "request_id": request_id.get(),
    }
    if errors:
        problem["errors"] = errors
    if findings:
        problem["findings"] = findings
    return problem


def respond(request: HttpRequest, *, status: int, detail: str = "") -> JsonResponse:
    """Answer with a problem outside REST framework's views: unknown addresses, faults in middleware."""
    response = JsonResponse(body(status=status, instance=request.path, detail=detail), status=status)
    response["Content-Type"] = CONTENT_TYPE
    return response


def not_allowed(request: HttpRequest, *, methods: Collection[str]) -> JsonResponse:
    """Answer a method that an address outside REST framework's views does not have."""
    response = respond(request, status=405)
    response["Allow"] = ", ".join(methods)
    return response


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Translate an exception of a REST framework view; None for a fault of ours, which is then raised as it is."""
    request: HttpRequest = context["request"]
    known = _explain(error)
    if known is None:
        return None
    set_rollback()
    status, detail, errors = known
    if request.method in {"GET", "HEAD"} or isinstance(error, WrongQuery):
        errors = [_of_parameter(item) for item in errors]
    if isinstance(error, exceptions.UnsupportedMediaType):
        detail = f"Send {' or '.join(parser.media_type for parser in context['view'].parser_classes)}."
    findings = list(_findings(error)) if isinstance(error, ValidationError) else []
    kind = error.kind if isinstance(error, HttpProblem) else None
    return Response(
        body(
            status=status, instance=request.path, detail=detail, errors=errors, findings=findings, kind=kind
        ),
        status=status,
        content_type=CONTENT_TYPE,
        headers=_headers(error),
    )


def problem_of(error: Exception, *, instance: str, place: str) -> dict[str, Any]:
    """Tell what went wrong with one of several things that were sent together.

    Args:
        place: JSON pointer to it in the body, such as `/updates/3`; what is said of the whole of it stands there.

    Raises:
        Exception: the error itself, where it is a fault of ours.
    """
    known = _explain(error)
    if known is None:
        raise error
    status, detail, errors = known
    if not errors:
        errors = [_error("", detail or KINDS[status][2], KINDS[status][0].replace("-", "_"))]
    findings = list(_findings(error)) if isinstance(error, ValidationError) else []
    return body(
        status=status,
        instance=instance,
        detail=detail,
        errors=[_within(place, item) for item in errors],
        findings=[_within(place, item) for item in findings],
    )


def of_several(found: list[dict[str, Any]], *, detail: str) -> dict[str, Any]:
    """Make one problem of several: of the kind of the first, with the errors and findings of all."""
    whole = {**found[0], "detail": detail}
    for member in ("errors", "findings"):
        if items := [item for each in found for item in each.get(member, ())]:
            whole[member] = items
    return whole


def _within(place: str, item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "pointer": f"#{place}{item['pointer'].removeprefix('#')}"}


def _unnamed(status: int) -> tuple[str, str, str]:
    phrase = HTTPStatus(status).phrase
    return phrase.lower().replace(" ", "-"), phrase, f"{phrase}."


def _explain(error: Exception) -> tuple[int, str, list[dict[str, str]]] | None:  # noqa: PLR0911 (one line per kind)
    match error:
        case ValidationError():
            errors = list(_field_errors(error))
            status = next((BY_CODE[item["code"]] for item in errors if item["code"] in BY_CODE), 400)
            told = status != HTTPStatus.BAD_REQUEST and errors[0]["code"] != FOUND
            return status, errors[0]["detail"] if told else "", errors
        case exceptions.ValidationError():
            return 400, "", list(_serializer_errors(error.detail, ""))
        case Http404() | ObjectDoesNotExist():
            # No message: it could tell a stranger's row from a missing one.
            return 404, "", []
        case PermissionDenied():
            return 403, str(error), []
        case RequestDataTooBig():
            return 413, "", []
        case SuspiciousOperation():
            return 400, "", []
        case HttpProblem(header=str(header)) if header:
            return error.status_code, "", [{"header": header, "detail": str(error.detail), "code": "invalid"}]
        case exceptions.APIException():
            return error.status_code, str(error.detail) if isinstance(error.detail, str) else "", []
    fault = fault_of(error)
    return (fault.status, fault.text, []) if fault else None


def _headers(error: Exception) -> dict[str, str]:
    headers = {"Cache-Control": "no-store"}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    fault = fault_of(error)
    wait = fault.retry_after if fault else getattr(error, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(int(wait))
    return headers


def _field_errors(error: ValidationError) -> Iterator[dict[str, str]]:
    for pointer, one in _placed(error):
        for message in one.messages:
            yield _error(pointer, message, one.code)


def _findings(error: ValidationError) -> Iterator[dict[str, Any]]:
    for pointer, one in _placed(error):
        if one.code == FOUND and one.params:
            found = one.params["finding"]
            yield {
                "pointer": f"#{pointer}",
                "kind": found.kind.value,
                "start": found.start,
                "end": found.end,
            }


def _placed(error: ValidationError) -> Iterator[tuple[str, ValidationError]]:
    by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for field, errors in by_field.items():
        for one in errors:
            yield "" if field in NO_FIELD else f"/{_escape(field)}", one


def _serializer_errors(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _serializer_errors(
                inner, pointer if name in NO_FIELD else f"{pointer}/{_escape(name)}"
            )
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from _serializer_errors(inner, f"{pointer}/{index}" if nested else pointer)
    else:
        yield _error(pointer, str(detail), getattr(detail, "code", None))


def _error(pointer: str, detail: str, code: str | None) -> dict[str, str]:
    """Name the place by a JSON pointer (RFC 6901); the whole document is the empty pointer."""
    return {"pointer": f"#{pointer}", "detail": detail, "code": code or "invalid"}


def _of_parameter(error: dict[str, str]) -> dict[str, str]:
    """A request without a body can only be wrong in its query: name the parameter instead of a place in a document."""
    if "header" in error:
        return error
    return {
        "parameter": error["pointer"].removeprefix("#/"),
        "detail": error["detail"],
        "code": error["code"],
    }


def _escape(name: Any) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")
