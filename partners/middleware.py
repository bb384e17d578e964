from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from partners.policies import reading_rights_once


class RightsMiddleware:
    """Query the user's rights once per request that only reads; a page checks them some twenty times."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with reading_rights_once():
            return self.get_response(request)
