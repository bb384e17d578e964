from collections.abc import Callable, Collection
from datetime import datetime
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext

from audit import clock
from audit.past import Past
from reports.asat.links import keep_moment
from reports.asat.moments import check_began, moment_of
from reports.asat.queries import record_began, seen_by
from web import problems

PARAMETER = "as_at"
PAGES = frozenset(
    {
        *(
            "actions:action-list",
            "actions:action-export",
            "actions:action",
            "actions:plan-list",
            "actions:plan",
        ),
        *("actions:plan-slippage", "actions:plan-waiting", "actions:plan-mismatches"),
        *("actions:plan-evidence", "actions:plan-questions"),
        *("inspections:inspection-list", "inspections:inspection"),
        *(
            "inspections:recommendation-list",
            "inspections:recommendation-export",
            "inspections:recommendation",
        ),
        *("inspections:coverage", "inspections:coverage-actions"),
    }
)
API = frozenset(
    {
        *("api:action-list", "api:action", "api:plan-list", "api:plan"),
        *("api:recommendation-list", "api:recommendation"),
    }
)
READING = ("GET", "HEAD", "OPTIONS")
# The view ran for a caller who may ask, whether or not the row was there.
LET_IN = (200, 304, 404)


class AsAtMiddleware:
    """Serve a page or a resource as the record stood at the moment in `as_at`, read-only and with today's permissions.

    The API knows its caller only once the view has run. Until then nobody is told that a moment is wrong, because that
    would say when the record began.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if PARAMETER not in request.GET:
            return self.get_response(request)
        route, is_api = route_of(request.path_info), problems.is_api_request(request)
        if is_api and route not in API:
            return self.get_response(request)  # the endpoint refuses a parameter that it does not know
        if not is_api and not request.user.is_authenticated:
            return self.get_response(request)  # the page to sign in
        typed = str(request.GET[PARAMETER]).strip()
        try:
            at = _moment(request, route, typed)
        except ValidationError as error:
            if is_api and request.method in READING:
                response = self.get_response(_without_parameter(request))
                if response.status_code not in LET_IN:
                    return response
            return _refused(request, typed, error.messages[0])
        return self._answer(request, typed, at, is_api=is_api)

    def _answer(self, request: HttpRequest, typed: str, at: datetime, *, is_api: bool) -> HttpResponse:
        def seen(model: type[Model]) -> Collection[int] | None:
            return seen_by(request.user, clock.today())(model)

        past = Past(at, seen)
        with past.reading():
            response = self.get_response(_without_parameter(request) if is_api else request)
        if response.status_code in LET_IN:
            try:
                check_began(at, began=record_began(request.user, clock.today()))
            except ValidationError as error:
                return _refused(request, typed, error.messages[0])
        return _kept_in_past(request, response, past, typed)


def route_of(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def _moment(request: HttpRequest, route: str, typed: str) -> datetime:
    if route not in PAGES | API:
        raise ValidationError(gettext("This cannot be read as at a past day"))
    if request.method not in READING:
        raise ValidationError(gettext("The past cannot be changed. Go back to the record as it is now"))
    return moment_of(typed, now=clock.now())


def _without_parameter(request: HttpRequest) -> HttpRequest:
    """Take the moment out of the query: it is known here, and to no list of filters."""
    others = request.GET.copy()
    del others[PARAMETER]
    others._mutable = False
    request.GET = others  # type: ignore[assignment]
    return request


def _kept_in_past(request: HttpRequest, response: Any, past: Past, typed: str) -> HttpResponse:
    """Let what is sent later be read from the past too, and let the links of a page lead to the past."""
    if response.streaming and not isinstance(response, FileResponse):
        response.streaming_content = past.stream(response.streaming_content)
    elif response.get("Content-Type", "").startswith("text/html"):
        here = request.path_info
        page = keep_moment(
            response.content.decode(),
            name=PARAMETER,
            value=typed,
            here=here,
            is_dated=cache(lambda path: route_of(path) in PAGES),
        )
        response.content = page.encode()
    kept_response: HttpResponse = response
    return kept_response


def _refused(request: HttpRequest, typed: str, reason: str) -> HttpResponse:
    if problems.is_api_request(request):
        errors = [{"parameter": PARAMETER, "detail": reason, "code": "invalid"}]
        problem = problems.body(status=400, instance=request.path, errors=errors)
        headers = {"Cache-Control": "no-store"}
        return JsonResponse(problem, status=400, content_type=problems.CONTENT_TYPE, headers=headers)
    context = {"error": reason, "typed": typed, "keep": kept(request), "as_at_keep": None}
    return render(request, "reports/asat/refused.html", context, status=400)


def kept(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the other parameters of a page, which its form about a past day sends along."""
    return [
        (name, value)
        for name, values in request.GET.lists()
        for value in values
        if name not in (PARAMETER, "page")
    ]
