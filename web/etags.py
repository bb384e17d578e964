"""Every representation bears the checksum of its bytes: nothing is sent twice, and nothing overwritten unseen."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.http import parse_etags
from rest_framework.request import Request

from audit.services import writing
from web import problems
from web.idempotency import answered
from web.renderers import Json

ANY = "*"
# What a 304 still says of the representation (RFC 9110, section 15.4.5).
KEPT_HEADERS = (
    *("Cache-Control", "Deprecation", "ETag", "Link"),
    *("RateLimit", "RateLimit-Policy", "Sunset", "Vary"),
)


def tag_of(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()}"'


def tagged(request: Request, response: HttpResponseBase) -> HttpResponseBase:
    """Return the answer to a GET with its ETag; where the caller has the same already, 304 without a body."""
    if response.status_code != 200:
        return response
    if "ETag" not in response and not response.streaming:
        response["ETag"] = tag_of(response.content)
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
        with writing(ledger_id):
            if wanted != [ANY] and _present_tag(view) not in wanted:
                raise problems.HttpProblem(412)
            response = answered(view, lambda: handle(request, *args, **kwargs))
            if response.status_code < 400:
                response["ETag"] = _present_tag(view)
            return response

    return handle_matched


def _wanted(request: Request) -> list[str]:
    given = request.headers.get("If-Match")
    if given is None:
        raise problems.HttpProblem(428)
    wanted = parse_etags(given)
    if not wanted:
        raise problems.HttpProblem(
            400, "Give the ETag as it was read, quotation marks included", header="If-Match"
        )
    return wanted


def _present_tag(view: Any) -> str:
    """Return the ETag that a GET of the resource as JSON would bear now."""
    return tag_of(Json().render(view.get(view.request, *view.args, **view.kwargs).data))


def _is_known(request: Request, tag: str) -> bool:
    """Compare weakly, as RFC 9110 (section 13.1.2) has it: a proxy that compresses may have made the ETag weak."""
    known = [each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))]
    return known == [ANY] or tag in known
