"""Scopes of access tokens: never more than the client was registered for."""

from typing import Any

from oauth2_provider.scopes import SettingsScopes
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView


class ClientScopes(SettingsScopes):
    """Offer a client the scopes it was registered for, and all of them by default."""

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return application.scopes.split() if application is not None else []

    def get_default_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return self.get_available_scopes(application, request)


class ScopeMissing(PermissionDenied):
    """A valid token lacks the scope. The response header names it, for programs (RFC 6750, section 3.1)."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"This needs an access token with the scope {scope}.")
        self.auth_header = f'Bearer realm="api",error="insufficient_scope",scope="{scope}"'


class HasScope(BasePermission):
    """Allow a signed-in person, or a token with the scope that `required_scopes` of the view names for the method."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return False
        if request.auth is None or request.method not in view.allowed_methods:
            # A person needs no scope. An unknown method must get 405, not 403.
            return True
        method = "GET" if request.method == "HEAD" else request.method
        scope = view.required_scopes.get(method)  # type: ignore[attr-defined]
        if scope is None:
            return False
        if not request.auth.allow_scopes([scope]):
            raise ScopeMissing(scope)
        return True
