"""Pages about the service itself, open to everyone: what it is, its words, personal data and cookies."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from web.glossary import TERMS


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "web/help/about.html")


@login_not_required
@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    return render(request, "web/help/glossary.html", {"terms": TERMS})


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    context = {"controller": settings.DATA_CONTROLLER}
    return render(request, "web/help/privacy.html", context)


@login_not_required
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    context = {
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "form_cookie": settings.CSRF_COOKIE_NAME,
        "browser_cookie": settings.KNOWN_BROWSER_COOKIE_NAME,
    }
    return render(request, "web/help/cookies.html", context)
