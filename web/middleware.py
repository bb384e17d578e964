import re
import uuid
from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware

from audit.request_id import request_id

REQUEST_ID = "request_id"
SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


class RequestIdMiddleware:
    """Give each request one id that its log lines, its ledger entries and its answer bear.

    A proxy's own id is kept when it is short and plain, so that two logs can be laid side by side; anything else
    could forge log lines and is replaced.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        value = given if SANE.fullmatch(given) else uuid.uuid4().hex
        setattr(request, REQUEST_ID, value)
        token = request_id.set(value)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = value
        return response


class SlashMiddleware(CommonMiddleware):
    """Send an address without its last slash on by 308, which keeps the method.

    After a 301 most programs turn a POST into a GET, read a list, and believe that their update was recorded.
    """

    response_redirect_class = partial(HttpResponsePermanentRedirect, preserve_request=True)  # type: ignore[assignment]
