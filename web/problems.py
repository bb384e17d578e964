"""Errors of the API as problem details (RFC 9457)."""

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
from audit.screening import PERSONAL_DATA_CODE
from audit.versions import StaleError
from web.faults import fault_of
from web.queries import WrongQuery
from web.storage import NO_SPACE, NO_SPACE_MESSAGE

CONTENT_TYPE = "application/problem+json"
API_PREFIXES = ("/api/", "/oauth/")
NO_FIELD = {NON_FIELD_ERRORS, "non_field_errors"}

# The slug of a problem's type, its title, and its default detail.
Kind = tuple[str, str, str]

# Programs depend on the slugs, so never rename one.
KINDS: dict[int, Kind] = {
    400: ("bad-request", "Bad request", "The request could not be read."),
    401: ("unauthenticated", "Not signed in", "Send a valid access token."),
    403: ("forbidden", "Not allowed", "You can view this but not change it."),
    404: ("not-found", "Not found", "Not found, or you do not have access to it."),
    405: ("method-not-allowed", "Method not allowed", "This address does not accept this method."),
    406: ("not-acceptable", "Not acceptable", "This address cannot respond in a media type you accept."),
    409: (
        "conflict",
        "Already settled",
        "Someone else has settled this since you read it. Read it again.",
    ),
    412: (
        "precondition-failed",
        "Precondition failed",
        "This has changed since you read it. Read it again, then retry.",
    ),
    413: ("too-large", "Too large", "The request is larger than the server accepts."),
    415: ("unsupported-media-type", "Unsupported media type", "Send application/json."),
    422: ("unprocessable", "Cannot be processed", "The request is valid but cannot be carried out now."),
    428: (
        "precondition-required",
        "Precondition required",
        "Send the ETag of what you read in If-Match, so that you do not overwrite someone else's change.",
    ),
    429: ("too-many-requests", "Too many requests", "Wait before you try again."),
    500: (
        "server-error",
        "Something went wrong",
        "The server failed to answer. Quote the request ID when you report it.",
    ),
    503: ("unavailable", "Unavailable", "Try again in a few minutes."),
    507: (
        "no-space",
        "No space left",
        NO_SPACE_MESSAGE,
    ),
}
STALE = "precondition_failed"
# Statuses for the codes of services' errors.
BY_CODE = {"conflict": 409, STALE: 412, "state": 422, "quota": 422, PERSONAL_DATA_CODE: 422, NO_SPACE: 507}
INVALID = ("invalid", "Not valid", "The request is not valid. Each error names its field.")
PERSONAL_DATA = (
    "personal-data",
    "Personal data",
    "The request may contain personal data. Remove it, or send it again with the reason it must stay.",
)
IDEMPOTENCY_KEY = (
    "idempotency-key",
    "Key already used",
    "This Idempotency-Key was already used for another request. Send a new key with a new request.",
)


class HttpProblem(exceptions.APIException):
    """An error in the HTTP request itself, such as a precondition or a header.

    Args:
        header: the header with the error, for `errors`.
        kind: slug, title and default detail, if they differ from the status's own.
    """

    def __init__(self, status: int, detail: str = "", *, header: str = "", kind: Kind | None = None) -> None:
        super().__init__(detail)
        self.status_code = status
        self.header = header
        self.kind = kind


def is_api_request(request: HttpRequest) -> bool:
    """Return whether this address answers errors with a problem, not a page."""
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
    """Return the members of a problem (RFC 9457), plus `request_id` and, if any, `errors` and `findings`.

    Args:
        findings: the place and kind of personal data, never the data itself.
        kind: slug, title and default detail, if they differ from the status's own.
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
    """Return a problem from outside REST framework's views, such as for unknown addresses."""
    response = JsonResponse(body(status=status, instance=request.path, detail=detail), status=status)
    response["Content-Type"] = CONTENT_TYPE
    return response


def not_allowed(request: HttpRequest, *, methods: Collection[str]) -> JsonResponse:
    """Return 405 from outside REST framework's views."""
    response = respond(request, status=405)
    response["Allow"] = ", ".join(methods)
    return response


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Translate an exception of a REST framework view; None for an unexpected one, which is then raised."""
    request: HttpRequest = context["request"]
    explanation = _explain(error)
    if explanation is None:
        return None
    set_rollback()
    status, detail, errors = explanation
    if request.method in {"GET", "HEAD"} or isinstance(error, WrongQuery):
        errors = [_of_parameter(item) for item in errors]
    if isinstance(error, exceptions.UnsupportedMediaType):
        detail = f"Send {' or '.join(parser.media_type for parser in context['view'].parser_classes)}."
    findings = list(_findings(error)) if isinstance(error, ValidationError) else []
    kind = error.kind if isinstance(error, HttpProblem) else None
    response = Response(
        body(
            status=status, instance=request.path, detail=detail, errors=errors, findings=findings, kind=kind
        ),
        status=status,
        content_type=CONTENT_TYPE,
        headers=_headers(error),
    )
    if status == 403:
        # web/request_log.py logs it.
        response.refusal = detail
    return response


def problem_of(error: Exception, *, instance: str, place: str) -> dict[str, Any]:
    """Return the problem with one of several items in a body.

    Args:
        place: JSON pointer to the item, such as `/updates/3`.

    Raises:
        Exception: the error itself, if it is unexpected.
    """
    explanation = _explain(error)
    if explanation is None:
        raise error
    status, detail, errors = explanation
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


def of_several(problems: list[dict[str, Any]], *, detail: str) -> dict[str, Any]:
    """Merge several problems: the kind of the first, with the errors and findings of all."""
    problem = {**problems[0], "detail": detail}
    for member in ("errors", "findings"):
        if items := [item for each in problems for item in each.get(member, ())]:
            problem[member] = items
    return problem


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
            has_detail = status != HTTPStatus.BAD_REQUEST and errors[0]["code"] != PERSONAL_DATA_CODE
            return status, errors[0]["detail"] if has_detail else "", errors
        case exceptions.ValidationError():
            return 400, "", list(_serializer_errors(error.detail, ""))
        case Http404() | ObjectDoesNotExist():
            # No detail, so that nobody can tell a foreign row from a missing one.
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
    for pointer, one in _by_pointer(error):
        for message in one.messages:
            # A version in the body is the same as an ETag in `If-Match`.
            yield _error(pointer, message, STALE if isinstance(one, StaleError) else one.code)


def _findings(error: ValidationError) -> Iterator[dict[str, Any]]:
    for pointer, one in _by_pointer(error):
        if one.code == PERSONAL_DATA_CODE and one.params:
            finding = one.params["finding"]
            yield {
                "pointer": f"#{pointer}",
                "kind": finding.kind.value,
                "start": finding.start,
                "end": finding.end,
            }


def _by_pointer(error: ValidationError) -> Iterator[tuple[str, ValidationError]]:
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
    """Return an error with its place as a JSON pointer (RFC 6901); the empty pointer is the whole body."""
    return {"pointer": f"#{pointer}", "detail": detail, "code": code or "invalid"}


def _of_parameter(error: dict[str, str]) -> dict[str, str]:
    """Name the query parameter instead of a place in the body, which this request does not have."""
    if "header" in error:
        return error
    return {
        "parameter": error["pointer"].removeprefix("#/"),
        "detail": error["detail"],
        "code": error["code"],
    }


def _escape(name: Any) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")
