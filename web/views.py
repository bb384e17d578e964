"""Error pages, the accessibility statement and the health checks."""

import sys
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST, require_safe

from audit.request_id import request_id
from web import problems, unsaved
from web.bodies import BodyTooLarge
from web.context import SERVICE_NAME
from web.fault_pages import fault_page
from web.faults import fault_of
from web.health import latest_health


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/accessibility.html")


@never_cache
@login_not_required
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """Report that this process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Report whether this process can serve: 503 names what is wrong."""
    health = latest_health()
    return JsonResponse(health.body, status=health.status)


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say where to report a vulnerability (RFC 9116), where `SECURITY_CONTACT` names it."""
    if not settings.SECURITY_CONTACT:
        raise Http404("No contact is set")
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {settings.SECURITY_CONTACT_UNTIL}T00:00:00Z",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_ADDRESS}{request.path}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_POST
def extend_session(request: HttpRequest) -> HttpResponse:
    """Extend the session, as any use does, and say how many seconds it has now."""
    request.session.modified = True  # so that an error says that it was not extended
    response = HttpResponse(status=HTTPStatus.NO_CONTENT)
    response["X-Session-Seconds"] = str(request.session.get_expiry_age())
    return response


@require_POST
def discard_unsaved(request: HttpRequest) -> HttpResponse:
    """Discard a draft, or a form that was put aside when the session ended, and return to the page it was shown on."""
    if unsaved.discard(request, request.POST.getlist("path")):
        messages.success(request, gettext("What you typed was discarded."))
    page = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(page if is_ours else "/")


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    too_large = isinstance(exception, RequestDataTooBig)
    status = 413 if too_large else 400
    limit = exception.limit if isinstance(exception, BodyTooLarge) else None
    if problems.is_api_request(request):
        return problems.respond(request, status=status, detail=str(exception) if limit else "")
    return render(request, "400.html", {"too_large": too_large, "limit": limit}, status=status)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if problems.is_api_request(request):
        return problems.respond(request, status=403)
    reason = str(exception) if exception and str(exception) else ""
    response = render(request, "403.html", {"reason": reason}, status=403)
    # web/request_log.py logs it.
    response.refusal = reason  # type: ignore[attr-defined]
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose CSRF token is missing or old, mostly from a page left open after its session ended."""
    if problems.is_api_request(request):
        return problems.respond(
            request, status=403, detail=gettext("The CSRF token is missing or not valid.")
        )
    response = render(request, "403_csrf.html", status=403)
    # web/unsaved.py stores the text.
    response.token_refused = True  # type: ignore[attr-defined]
    response.refusal = reason  # type: ignore[attr-defined]
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
    page = loader.get_template("500.html").render(
        {"service_name": SERVICE_NAME, "request_id": request_id.get()}
    )
    return HttpResponseServerError(page)
