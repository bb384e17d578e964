"""How large a request may be, by its address and caller: a larger one is refused before anything of it is read."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import Resolver404, get_resolver, resolve

from web import problems

logger = logging.getLogger(__name__)
ANONYMOUS_BYTES = 64 * 1024
SETTING = "body_setting"
View = TypeVar("View", bound=Callable[..., Any])


class BodyTooLarge(RequestDataTooBig):
    """A body larger than its address accepts.

    Args:
        limit: the largest body in bytes.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"This address accepts up to {filesizeformat(limit).replace(chr(0xA0), ' ')} at once."
        )
        self.limit = limit


def takes_files(setting: str) -> Callable[[View], View]:
    """Let a view, or the class of one, accept files beside its form.

    Args:
        setting: the name of the setting with the largest sum of the files in one request.
    """

    def mark(view: View) -> View:
        setattr(view, SETTING, setting)
        return view

    return mark


class BodyLimitMiddleware:
    """Refuse a body by its Content-Length. A body without one is never read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = _content_length(request)
        if length > ANONYMOUS_BYTES and length > (limit := body_limit(request)):
            # Checking the form's token, for the page that says so, would read and store the body.
            request._mark_post_parse_error()
            logger.warning("A body of %s bytes was refused: %s accepts %s.", length, request.path, limit)
            respond: Any = get_resolver().resolve_error_handler(400)
            response: HttpResponse = respond(request, exception=BodyTooLarge(limit))
            return response
        return self.get_response(request)


def _content_length(request: HttpRequest) -> int:
    """Return how much Django would read: it takes forms of a number that no server should pass on, such as 1_000."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def body_limit(request: HttpRequest) -> int:
    """Return the largest body of a request in bytes."""
    has_token = problems.is_api_request(request) and "Authorization" in request.headers
    if has_token or request.user.is_authenticated:
        return form_bytes() + _files(request)
    return form_bytes() if _was_signed_in(request) else ANONYMOUS_BYTES


def form_bytes() -> int:
    """Return the largest form without files, which is also what a form may add to its files."""
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)


def _files(request: HttpRequest) -> int:
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return 0
    setting = getattr(view, SETTING, "") or getattr(getattr(view, "cls", None), SETTING, "")
    return int(getattr(settings, setting)) if setting else 0


def takes_any_files(request: HttpRequest) -> bool:
    """Return whether the view of a request accepts files beside its form."""
    return _files(request) > 0


def _was_signed_in(request: HttpRequest) -> bool:
    """Return whether the session has ended only lately: what was typed is then stored until the next sign-in."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return bool(key) and Session.objects.filter(session_key=key).exists()
