"""Error pages, the accessibility statement and the health check."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_safe

from audit.clock import ClockError
from audit.skew import require_agreeing_clocks
from web import problems
from web.context import SERVICE_NAME
from web.fault_pages import fault_page
from web.faults import fault_of


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/accessibility.html")


@never_cache
@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Report whether this process is healthy: 503 if the database does not answer, or their clocks differ."""
    try:
        require_agreeing_clocks()
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "unreachable"}, status=503)
    except ClockError as error:
        return JsonResponse({"status": "unavailable", "database": "ok", "clock": error.reason}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    too_large = isinstance(exception, RequestDataTooBig)
    status = 413 if too_large else 400
    if problems.is_api_request(request):
        return problems.respond(request, status=status)
    return render(request, "400.html", {"too_large": too_large}, status=status)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if problems.is_api_request(request):
        return problems.respond(request, status=403)
    reason = str(exception) if exception and str(exception) else ""
    return render(request, "403.html", {"reason": reason}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose CSRF token is missing or old, mostly from a page left open after its session ended."""
    if problems.is_api_request(request):
        return problems.respond(request, status=403, detail="The CSRF token is missing or not valid.")
    response = render(request, "403_csrf.html", status=403)
    # web/unsaved.py stores the text.
    response.token_refused = True  # type: ignore[attr-defined]
    return response


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if problems.is_api_request(request):
        return problems.respond(request, status=404)
    return render(request, "404.html", status=404)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Render the page without the request: the base page may need what is broken, such as the database."""
    if fault := fault_of(sys.exc_info()[1]):
        return fault_page(request, fault)
    if problems.is_api_request(request):
        return problems.respond(request, status=500)
    page = loader.get_template("500.html").render({"service_name": SERVICE_NAME})
    return HttpResponseServerError(page)
