from typing import Any

from django.conf import settings
from django.http import HttpRequest

SERVICE_NAME = "Prevent Tracker"


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Return the values that the base template shows on every page."""
    return {
        "service_name": SERVICE_NAME,
        "session_seconds": settings.SESSION_COOKIE_AGE,
        "demo_date": settings.DEMO_DATE,
        "section": f"/{request.path.lstrip('/').partition('/')[0]}/" if request.path != "/" else "/",
    }
