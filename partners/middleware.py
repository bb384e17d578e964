from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from partners.policies import reading_rights_once


class RightsMiddleware:
    """Ask for the visitor's rights once where a request only reads; a page asks some twenty times."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with reading_rights_once():
            return self.get_response(request)
