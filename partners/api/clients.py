"""How a partner's system proves who it is."""

from typing import Any

from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request


class ClientAuthentication(OAuth2Authentication):
    """A bearer token stands for its client, and the client acts through the account it was given."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        found = super().authenticate(request)
        if found is None:
            return None
        _, token = found
        client = token.application
        if client is None or not client.is_active or client.user is None or not client.user.is_active:
            raise AuthenticationFailed("This API client was stopped.")
        return client.user, token
