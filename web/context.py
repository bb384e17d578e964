from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest

SERVICE_NAME = "Prevent Tracker"


def _session_seconds(request: HttpRequest) -> int:
    return request.session.get_expiry_age()


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Return the values that the base template shows on every page."""
    return {
        "service_name": SERVICE_NAME,
        # A function: a page that needs no session must not load it.
        "session_seconds": partial(_session_seconds, request),
        "idle_seconds": settings.SESSION_COOKIE_AGE,
        "idle_minutes": settings.SESSION_IDLE_MINUTES,
        "session_hours": settings.SESSION_HOURS,
        "sign_on_provider": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        "only_sign_on": settings.SIGN_IN == "oidc",
        "demo_date": settings.DEMO_DATE,
        "section": f"/{request.path.lstrip('/').partition('/')[0]}/" if request.path != "/" else "/",
    }
