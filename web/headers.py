"""Security and cache headers of every response."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from web import problems

View = Callable[..., HttpResponse]
UNUSED = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
)
HEADERS = {
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in (*UNUSED, "midi", "payment", "usb")),
    "Cross-Origin-Resource-Policy": "same-origin",
}
PLAIN_HTTP = (
    "Use https. Others could have read this request: revoke the access token or link and create a new one."
)


class HeadersMiddleware:
    """Forbid caching unless a response allows it, and turn off browser features that no page uses.

    Only static files allow caching.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        for name, value in HEADERS.items():
            response[name] = value
        return response


class RefusePlainHttpMiddleware:
    """Refuse programs without TLS instead of redirecting them.

    A redirect would hide that the program sends its token unencrypted with every request.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refuses = settings.SECURE_SSL_REDIRECT and not request.is_secure()
        if refuses and re.match(settings.REFUSED_WITHOUT_TLS, request.path.lstrip("/")):
            return problems.respond(request, status=403, detail=PLAIN_HTTP)
        return self.get_response(request)


def clear_site_data(view: View) -> View:
    """Clear the browser's cache and storage after the view has signed someone out.

    Not its cookies: that would sign people out of every service on the organisation's domain.
    """

    @wraps(view)
    def clear(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return clear
