"""Responses to a method that an address does not accept."""

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve

from web import problems, unsaved


class WrongMethodMiddleware:
    """Redirect a GET of an address that only accepts a form to the page with the form; otherwise answer 405.

    After sign-in people are redirected to the address they requested, which may be that of a button.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or problems.is_api_request(request):
            return response
        if request.method in ("GET", "HEAD"):
            page = page_above(request.path)
            unsaved.lead_on(request, page)
            return redirect(page)
        page_405 = render(request, "405.html", status=response.status_code)
        page_405["Allow"] = response["Allow"]
        return page_405


def page_above(path: str) -> str:
    """Return the nearest existing address above a path."""
    while path.strip("/"):
        path = f"{path.rstrip('/').rpartition('/')[0]}/"
        with suppress(Resolver404):
            resolve(path)
            return path
    return "/"
