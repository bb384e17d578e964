"""Authentication of API clients by bearer token."""

from typing import Any

from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from oauth2_provider.settings import oauth2_settings
from oauthlib.common import Request as OauthRequest
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from partners.clients.api.schemes import credential
from partners.tokens.services import PREFIX


def bearer_token(request: Request) -> str | None:
    """Return the bearer token in the Authorization header, or None."""
    return credential(get_authorization_header(request).decode("latin-1"), "bearer")


class ClientAuthentication(OAuth2Authentication):
    """Authenticate an API client as its own account.

    Only the Authorization header is read, so the query and the body wait until the caller is known. A wrong token is
    an error even if a session cookie was sent too.
    """

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        token = bearer_token(request)
        if token is None or token.startswith(PREFIX):
            return None
        bearer = OauthRequest(uri=request.build_absolute_uri(request.path))
        validator = oauth2_settings.OAUTH2_VALIDATOR_CLASS()
        if not validator.validate_bearer_token(token, [], bearer):
            request.oauth2_error = getattr(bearer, "oauth2_error", None) or {"error": "invalid_token"}
            raise AuthenticationFailed("The access token is not valid or has expired. Request a new one.")
        if bearer.client is None or bearer.client.user is None:
            request.oauth2_error = {"error": "invalid_token"}
            raise AuthenticationFailed("This access token does not belong to an API client.")
        return bearer.client.user, bearer.access_token
