"""ETags are checksums of responses: they save sending a response twice, and prevent lost updates."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.http import HttpResponse, HttpResponseBase, RawPostDataException
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.http import parse_etags
from rest_framework.request import Request

from audit.services import writing
from web import problems
from web.idempotency import final_response
from web.renderers import Json

ANY = "*"
HEADER = "If-Match"
WEAK = (
    "If-Match compares strong ETags only (RFC 9110, section 13.1.1), so a weak one never matches. "
    "Read the resource again and send its ETag without W/."
)
NOT_COMPARED = "This address does not support If-Match. Send the request without it"
# Headers that a 304 repeats (RFC 9110, section 15.4.5).
HEADERS_OF_304 = (
    *("Cache-Control", "Deprecation", "ETag", "Link"),
    *("RateLimit", "RateLimit-Policy", "Sunset", "Vary"),
)


def tag_of(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()}"'


def add_etag(request: Request, response: HttpResponseBase) -> HttpResponseBase:
    """Return the response to a GET with its ETag, or 304 without a body if the caller has this version.

    Django's `get_conditional_response` would answer 412 to any If-Unmodified-Since, as no response has a
    Last-Modified; RFC 9110 (section 13.1.4) says to ignore it.

    Raises:
        HttpProblem: 412, if `If-Match` names another version.
    """
    if response.status_code != 200:
        return response
    if "ETag" not in response and not response.streaming:
        response["ETag"] = tag_of(response.content)
    tags = _if_match(request)
    if tags is not None:
        _require_match(tags, response.get("ETag", ""))
    if "ETag" not in response or not _is_known(request, response["ETag"]):
        return response
    if file := getattr(response, "file_to_stream", None):
        # Close only the file: closing the response would end the request and the database connection.
        file.close()
    not_modified = HttpResponse(status=304)
    del not_modified["Content-Type"]
    for name in HEADERS_OF_304:
        if name in response:
            not_modified[name] = response[name]
    return not_modified


def require_if_match(view: Any, handle: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return a handler of a PATCH that requires `If-Match` with the current ETag.

    The ETag is that of the view's `get`. The ledger from `view.ledger_id()` stays locked from the comparison to the end
    of the change, so nobody else writes in between.
    """

    def handle_patch(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ledger_id = view.ledger_id()
        tags = _if_match(request)
        if tags is None:
            raise problems.HttpProblem(428)
        with _locked_if_match(view, tags, ledger_id):
            response = final_response(view, lambda: handle(request, *args, **kwargs))
            if response.status_code < 400:
                response["ETag"] = _current_tag(view)
            return response

    return handle_patch


def check_if_match(view: Any, handle: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return a handler of a POST that compares `If-Match`, if sent, with the current ETag.

    The ETag is that of the resource which the POST changes (`resource_of`); nobody else writes in between.
    """

    def handle_post(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if HEADER not in request.headers:
            return handle(request, *args, **kwargs)
        match = resource_of(view, request.path)
        if match is None:
            raise problems.HttpProblem(400, NOT_COMPARED, header=HEADER)
        resource = match.func.cls(**match.func.initkwargs)
        resource.request, resource.args, resource.kwargs = request, match.args, match.kwargs
        resource.format_kwarg = None
        ledger_id, tags = resource.ledger_id(), _if_match(request)
        with _locked_if_match(resource, tags or [], ledger_id):
            return final_response(view, lambda: handle(request, *args, **kwargs))

    return handle_post


def resource_of(view: Any, path: str) -> ResolverMatch | None:
    """Return the nearest resource above an address, with an id and a `get`; None if there is none.

    A POST to `/actions/41/submit/` or `/actions/41/updates/` changes `/actions/41/`.
    """
    parts = path.strip("/").split("/") if view.takes_if_match else []
    while parts := parts[:-1]:
        try:
            match = resolve(f"/{'/'.join(parts)}/")
        except Resolver404:
            continue
        above = getattr(match.func, "cls", None)
        is_readable = hasattr(above, "get") and "get" in above.http_method_names
        if is_readable and "pk" in match.kwargs and not above.pagination_class:
            return match
    return None


@contextmanager
def _locked_if_match(resource: Any, tags: list[str], ledger_id: int) -> Iterator[None]:
    """Lock the ledger from the comparison to the end of the change.

    Raises:
        HttpProblem: 412, if the resource has another ETag.
    """
    _read_body(resource.request)
    with writing(ledger_id):
        if tags != [ANY]:
            _require_match(tags, _current_tag(resource))
        yield


def _read_body(request: Request) -> None:
    """Read the body before locking, so that a slow sender does not make others wait."""
    with suppress(RawPostDataException):  # already read, to compare it with an earlier request
        _ = request._request.body


def _require_match(tags: list[str], current: str) -> None:
    """Compare strongly (RFC 9110, section 13.1.1): a weak ETag never matches."""
    if current in tags or (tags == [ANY] and current):
        return
    all_weak = all(tag.startswith("W/") for tag in tags)
    raise problems.HttpProblem(412, WEAK if all_weak else "")


def _if_match(request: Request) -> list[str] | None:
    """Return the ETags in `If-Match`, or None if it was not sent."""
    header = request.headers.get(HEADER)
    if header is None:
        return None
    tags = parse_etags(header)
    if not tags:
        raise problems.HttpProblem(
            400, "Send the ETag exactly as you received it, including the quotation marks", header=HEADER
        )
    return tags


def _current_tag(view: Any) -> str:
    """Return the ETag that a GET of the resource as JSON would have now."""
    return tag_of(Json().render(view.get(view.request, *view.args, **view.kwargs).data))


def _is_known(request: Request, tag: str) -> bool:
    """Compare weakly (RFC 9110, section 13.1.2): a proxy that compresses may have made the ETag weak."""
    known = [each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))]
    return known == [ANY] or tag in known
