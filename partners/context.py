"""Template context that depends on the user's memberships: the base page reads it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from audit import clock
from partners.accounts.models import User
from partners.approvals.models import ChangeRequest


def membership_context(request: HttpRequest) -> dict[str, Any]:
    """Return `nav_roles` and `approvals_waiting` for the navigation, and `sandboxes` for the banner.

    They are queried only if a template reads them, so that a fragment of a page costs no query.
    """
    return {
        "nav_roles": SimpleLazyObject(lambda: _roles(request)),
        "approvals_waiting": SimpleLazyObject(lambda: _approvals_waiting(request)),
        "sandboxes": SimpleLazyObject(lambda: _sandboxes(request)),
    }


def _roles(request: HttpRequest) -> frozenset[str]:
    user = _user(request)
    return frozenset(user.role_names(clock.today()) if user else ())


def _approvals_waiting(request: HttpRequest) -> int:
    user, on = _user(request), clock.today()
    return ChangeRequest.objects.visible_to(user, on).waiting(on).count() if user else 0


def _sandboxes(request: HttpRequest) -> list[str]:
    user = _user(request)
    return user.sandbox_names(clock.today()) if user else []


def _user(request: HttpRequest) -> User | None:
    """Return the signed-in user; None for a visitor, or if a request failed before sign-in was checked."""
    user = getattr(request, "user", None)
    return user if isinstance(user, User) else None
