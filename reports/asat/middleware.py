from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from actions.models import Action
from audit import clock
from audit.past import reading_as_at
from inspections.models import Inspection, Recommendation
from reports.asat.moments import moment_of
from web import problems

PARAMETER = "as_at"
PAGES = frozenset(
    {
        *("actions:action-list", "actions:action", "actions:plan-list", "actions:plan"),
        *("actions:plan-slippage", "actions:plan-waiting", "actions:plan-mismatches"),
        *("inspections:inspection-list", "inspections:inspection"),
        *("inspections:recommendation-list", "inspections:recommendation"),
        *("inspections:coverage", "inspections:coverage-actions"),
    }
)
API = frozenset(
    {
        *("api:action-list", "api:action", "api:plan-list", "api:plan"),
        *("api:recommendation-list", "api:recommendation"),
    }
)
# Every other row is reached through one of these.
SEEN_APART = (Action, Inspection, Recommendation)
READING = ("GET", "HEAD", "OPTIONS")


class AsAtMiddleware:
    """Serve a page or a resource as the record stood at the moment in `as_at`, read-only and with today's permissions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if PARAMETER not in request.GET:
            return self.get_response(request)
        try:
            at = _moment(request)
        except ValidationError as error:
            if not (problems.is_api_request(request) or request.user.is_authenticated):
                return self.get_response(
                    request
                )  # the page to sign in; when the record began is not for everybody
            return _refused(request, error.messages[0])
        with reading_as_at(at, _seen_by(request)):
            return self.get_response(request)


def route_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""


def _moment(request: HttpRequest) -> datetime:
    route = route_of(request)
    if route not in PAGES | API:
        raise ValidationError("This cannot be read as at a past day")
    if request.method not in READING:
        raise ValidationError("The past cannot be changed. Go back to the record as it is now")
    at = moment_of(str(request.GET[PARAMETER]).strip(), now=clock.now())
    if route in API:
        # Known here, and to no list of filters.
        others = request.GET.copy()
        del others[PARAMETER]
        others._mutable = False
        request.GET = others  # type: ignore[assignment]
    return at


def _seen_by(request: HttpRequest) -> Callable[[type[Model]], Collection[int] | None]:
    def seen(model: type[Model]) -> Collection[int] | None:
        if model not in SEEN_APART:
            return None
        rows: Any = model._default_manager
        return set(rows.visible_to(request.user, clock.today()).values_list("pk", flat=True))

    return seen


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    if problems.is_api_request(request):
        errors = [{"parameter": PARAMETER, "detail": reason, "code": "invalid"}]
        problem = problems.body(status=400, instance=request.path, errors=errors)
        return JsonResponse(problem, status=400, content_type=problems.CONTENT_TYPE)
    typed = request.GET[PARAMETER]
    keep = kept(request)
    context = {"error": reason, "typed": typed, "keep": keep, "as_at_keep": None}
    return render(request, "reports/asat/refused.html", context, status=400)


def kept(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the other parameters of a page, which its form about a past day sends along."""
    return [
        (name, value)
        for name, values in request.GET.lists()
        for value in values
        if name not in (PARAMETER, "page")
    ]
