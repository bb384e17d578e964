"""What a token may be used for: never more than its client was registered for."""

from typing import Any

from oauth2_provider.scopes import SettingsScopes
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView


class ClientScopes(SettingsScopes):
    """A client may ask for the scopes it was registered for, and is given all of them when it asks for none."""

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return application.scopes.split() if application is not None else []

    def get_default_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return self.get_available_scopes(application, request)


class ScopeMissing(PermissionDenied):
    """The token is good and does not reach so far: the answer names the scope for programs too (RFC 6750, section 3.1)."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"This needs a token with the scope {scope}.")
        self.auth_header = f'Bearer realm="api",error="insufficient_scope",scope="{scope}"'


class HasScope(BasePermission):
    """A signed-in person, or a token with the scope the view names for the method in `required_scopes`."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return False
        if request.auth is None or request.method not in view.allowed_methods:
            # A person needs no scope; a method the address does not have is answered as such, with 405.
            return True
        method = "GET" if request.method == "HEAD" else request.method
        needed = view.required_scopes.get(method)  # type: ignore[attr-defined]
        if needed is None:
            return False
        if not request.auth.allow_scopes([needed]):
            raise ScopeMissing(needed)
        return True
