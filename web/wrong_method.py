"""What an address answers to a method that it does not take."""

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve

from web import problems, unsaved


class WrongMethodMiddleware:
    """Lead a GET of an address that only takes a form on to the page that has the form; refuse the rest with a page.

    A sign-in leads to whatever address was asked for last, and that may have been a button's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or problems.wanted_by(request):
            return response
        if request.method in ("GET", "HEAD"):
            page = page_above(request.path)
            unsaved.lead_on(request, page)
            return redirect(page)
        refusal = render(request, "405.html", status=response.status_code)
        refusal["Allow"] = response["Allow"]
        return refusal


def page_above(path: str) -> str:
    """Return the nearest address above a path that the service has: that of the page which an address belongs to."""
    while path.strip("/"):
        path = f"{path.rstrip('/').rpartition('/')[0]}/"
        with suppress(Resolver404):
            resolve(path)
            return path
    return "/"
