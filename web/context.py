from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from audit import clock

SERVICE_NAME = "Prevent Tracker"


def page_furniture(request: HttpRequest) -> dict[str, Any]:
    """Return what the page shell shows on every page.

    The roles behind the navigation and the sandboxes behind the banner are worked out only when a template reads them, so that a rendered fragment
    costs no query.
    """
    return {
        "service_name": SERVICE_NAME,
        "demo_date": settings.DEMO_DATE,
        "section": f"/{request.path.lstrip('/').partition('/')[0]}/" if request.path != "/" else "/",
        "nav_roles": SimpleLazyObject(lambda: roles_of(request)),
        "sandboxes": SimpleLazyObject(lambda: sandboxes_of(request)),
    }


def roles_of(request: HttpRequest) -> frozenset[str]:
    """Return the names of the roles the request's user holds today; none for a visitor.

    Which memberships there are is known higher up: the user model says it by a `role_names(on)` method.
    """
    return frozenset(str(role) for role in _told(request, "role_names"))


def sandboxes_of(request: HttpRequest) -> list[str]:
    """Return the names of the sandboxes that the request's user sees today, as `sandbox_names(on)` says them."""
    return list(_told(request, "sandbox_names"))


def _told(request: HttpRequest, method: str) -> Iterable[str]:
    user = getattr(request, "user", None)
    ask = getattr(user, method, None)
    if user is None or not user.is_authenticated or ask is None:
        return ()
    found: Iterable[str] = ask(on=clock.today())
    return found
