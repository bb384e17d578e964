import re
import uuid
from collections.abc import Callable
from functools import partial

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware
from django.utils import timezone

from audit.request_id import REQUEST_ID, request_id
from web.sessions import EXTENDED_AT, extend

EXTENDED_AFTER = 60  # seconds
# Set on a request that a page makes by itself: it is no use of the service.
IS_POLL = "is_poll"
SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


class RequestIdMiddleware:
    """Give each request one id, for its log lines, ledger entries and response.

    A proxy's own id is used if it is short and plain, so that both logs can be compared. Any other id is replaced,
    because it could forge log lines.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        header = request.headers.get("X-Request-ID", "")
        value = header if SANE.fullmatch(header) else uuid.uuid4().hex
        setattr(request, REQUEST_ID, value)
        token = request_id.set(value)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = value
        return response


class ExtendSessionMiddleware:
    """Extend the session of a signed-in person whenever they use the service, but store that once a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Do not load a session only for this: public pages need neither a session nor the database.
        # A request with a token has a user and no session.
        is_signed_in = (
            request.session.accessed and SESSION_KEY in request.session and request.user.is_authenticated
        )
        if is_signed_in and response.status_code < 500 and not hasattr(request, IS_POLL):
            # The clock of the sessions themselves, which a demonstration does not shift.
            now = int(timezone.now().timestamp())
            signed_in = request.user.last_login
            since = request.session.get(EXTENDED_AT, signed_in.timestamp() if signed_in else 0)
            if now - since >= EXTENDED_AFTER:
                extend(request.session, now)
        return response


class SlashMiddleware(CommonMiddleware):
    """Redirect an address without its final slash with 308, which preserves the method.

    After a 301 most programs turn a POST into a GET, get a list, and assume that their update was saved.
    """

    response_redirect_class = partial(HttpResponsePermanentRedirect, preserve_request=True)  # type: ignore[assignment]
