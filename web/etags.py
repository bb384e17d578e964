"""Every representation bears the checksum of its bytes: nothing is sent twice, and nothing overwritten unseen."""

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
from web.idempotency import answered
from web.renderers import Json

ANY = "*"
HEADER = "If-Match"
WEAK = (
    "If-Match compares strong ETags only (RFC 9110, section 13.1.1), so a weak one never matches. "
    "Read it again and send the ETag without W/."
)
NOT_COMPARED = "What is sent to this address is not compared with an ETag. Leave If-Match out"
# What a 304 still says of the representation (RFC 9110, section 15.4.5).
KEPT_HEADERS = (
    *("Cache-Control", "Deprecation", "ETag", "Link"),
    *("RateLimit", "RateLimit-Policy", "Sunset", "Vary"),
)


def tag_of(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()}"'


def tagged(request: Request, response: HttpResponseBase) -> HttpResponseBase:
    """Return the answer to a GET with its ETag; where the caller has the same already, 304 without a body.

    Raises:
        HttpProblem: 412, where the caller wants another representation than this one (`If-Match`).
    """
    if response.status_code != 200:
        return response
    if "ETag" not in response and not response.streaming:
        response["ETag"] = tag_of(response.content)
    wanted = _wanted(request)
    if wanted is not None:
        _require_match(wanted, response.get("ETag", ""))
    if "ETag" not in response or not _is_known(request, response["ETag"]):
        return response
    if file := getattr(response, "file_to_stream", None):
        # The file alone: closing the response would end the request for whoever listens, the database among them.
        file.close()
    unchanged = HttpResponse(status=304)
    del unchanged["Content-Type"]
    for name in KEPT_HEADERS:
        if name in response:
            unchanged[name] = response[name]
    return unchanged


def matched(view: Any, handle: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return the handler of a PATCH that changes only what the caller has read.

    The ledger that the view names by `ledger_id` is locked first: between comparing and writing nobody else writes. What
    the caller should have read is what the view's `get` answers.
    """

    def handle_matched(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ledger_id = view.ledger_id()
        wanted = _wanted(request)
        if wanted is None:
            raise problems.HttpProblem(428)
        with _comparing(view, wanted, ledger_id):
            response = answered(view, lambda: handle(request, *args, **kwargs))
            if response.status_code < 400:
                response["ETag"] = _present_tag(view)
            return response

    return handle_matched


def compared(view: Any, handle: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return the handler of a POST that, where `If-Match` is sent, changes only what the caller has read.

    What is compared is the resource that the POST changes (`resource_of`), and nobody else writes meanwhile.
    """

    def handle_compared(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if HEADER not in request.headers:
            return handle(request, *args, **kwargs)
        found = resource_of(view, request.path)
        if found is None:
            raise problems.HttpProblem(400, NOT_COMPARED, header=HEADER)
        resource = found.func.cls(**found.func.initkwargs)
        resource.request, resource.args, resource.kwargs = request, found.args, found.kwargs
        resource.format_kwarg = None
        ledger_id, wanted = resource.ledger_id(), _wanted(request)
        with _comparing(resource, wanted or [], ledger_id):
            return answered(view, lambda: handle(request, *args, **kwargs))

    return handle_compared


def resource_of(view: Any, path: str) -> ResolverMatch | None:
    """Return what a POST to an address changes: the nearest above it with an id that a GET reads; None where it makes anew.

    `/actions/41/submit/` and `/actions/41/updates/` change `/actions/41/`.
    """
    parts = path.strip("/").split("/") if view.takes_if_match else []
    while parts := parts[:-1]:
        try:
            found = resolve(f"/{'/'.join(parts)}/")
        except Resolver404:
            continue
        above = getattr(found.func, "cls", None)
        reads = hasattr(above, "get") and "get" in above.http_method_names
        if reads and "pk" in found.kwargs and not above.pagination_class:
            return found
    return None


@contextmanager
def _comparing(resource: Any, wanted: list[str], ledger_id: int) -> Iterator[None]:
    """Hold the ledger's lock from the comparison to the end of the change.

    Raises:
        HttpProblem: 412, where the resource is not what was read.
    """
    _receive(resource.request)
    with writing(ledger_id):
        if wanted != [ANY]:
            _require_match(wanted, _present_tag(resource))
        yield


def _receive(request: Request) -> None:
    """Take the body in before anything is locked: whoever sends it slowly would make everybody else wait."""
    with suppress(RawPostDataException):  # it was read already, to be compared with an earlier request
        _ = request._request.body


def _require_match(wanted: list[str], present: str) -> None:
    """Compare strongly, as RFC 9110 (section 13.1.1) has it: a weak ETag matches nothing."""
    if present in wanted or (wanted == [ANY] and present):
        return
    all_weak = all(tag.startswith("W/") for tag in wanted)
    raise problems.HttpProblem(412, WEAK if all_weak else "")


def _wanted(request: Request) -> list[str] | None:
    """Return the ETags of `If-Match`; None where it is not sent."""
    given = request.headers.get(HEADER)
    if given is None:
        return None
    wanted = parse_etags(given)
    if not wanted:
        raise problems.HttpProblem(
            400, "Give the ETag as it was read, quotation marks included", header=HEADER
        )
    return wanted


def _present_tag(view: Any) -> str:
    """Return the ETag that a GET of the resource as JSON would bear now."""
    return tag_of(Json().render(view.get(view.request, *view.args, **view.kwargs).data))


def _is_known(request: Request, tag: str) -> bool:
    """Compare weakly, as RFC 9110 (section 13.1.2) has it: a proxy that compresses may have made the ETag weak."""
    known = [each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))]
    return known == [ANY] or tag in known
