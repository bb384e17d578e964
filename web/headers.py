"""What every answer says to browsers and caches, whoever makes it: a view, a file server, a refusal."""

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
PLAIN_HTTP = "Use https. What you sent could be read on its way: revoke the token or link and make a new one."


class HeadersMiddleware:
    """Let no cache keep an answer that does not say otherwise, and switch off what no page uses.

    Static files say otherwise, and nothing that is made for one person does.
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
    """Refuse programs that ask without TLS, where people are led on to https.

    A redirect would hide that their token has crossed the network in the open, every time they ask.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refuses = settings.SECURE_SSL_REDIRECT and not request.is_secure()
        if refuses and re.match(settings.REFUSED_WITHOUT_TLS, request.path.lstrip("/")):
            return problems.respond(request, status=403, detail=PLAIN_HTTP)
        return self.get_response(request)


def clear_site_data(view: View) -> View:
    """Make the browser forget the pages and texts it holds once the view has signed somebody out.

    Not its cookies: they would go for every service of the organisation's domain.
    """

    @wraps(view)
    def clearing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return clearing
