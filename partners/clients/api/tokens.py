"""The token endpoint: a partner's system exchanges its secret for a short-lived access token."""

import json
from base64 import b64decode
from hashlib import sha256
from typing import Any
from urllib.parse import unquote_plus

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from oauth2_provider.models import AbstractAccessToken, get_access_token_model
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.views import TokenView as LibraryTokenView
from oauthlib.common import Request, generate_token
from oauthlib.oauth2 import InvalidClientError

from audit import clock
from audit.security_events import log_event
from partners.accounts.models import User
from partners.clients.api.schemes import credential
from partners.clients.services.secrets import matching_secret, use_secret
from web.endpoints import refuse_unread_bodies
from web.problems import HttpProblem

UNREADABLE = {"error": "invalid_request", "error_description": "The request could not be read."}
FORM = "application/x-www-form-urlencoded"
FORMS = ("", FORM, "multipart/form-data")
# The library's two tables are wide, and every request reads them.
TOKEN_COLUMNS = (
    *("token", "expires", "scope", "resource", "user", "application__client_id", "application__is_active"),
    *(f"application__user__{field.attname}" for field in User._meta.concrete_fields),
)
# By it the log and secret scanners recognise an access token.
PREFIX = "ptat_"


def new_token(request: Request) -> str:
    """Return a new access token; the library calls this with its own request."""
    return f"{PREFIX}{generate_token()}"


@method_decorator(never_cache, name="dispatch")
class TokenView(LibraryTokenView):
    """Issue tokens for client credentials only (RFC 6749, section 4.4), with the errors of section 5.2."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self._refuse_unreadable(request)
            response: HttpResponse = self.authorization_flow_token_response(request)
        except HttpProblem as error:
            response = _unreadable(str(error.detail))
        except (ValueError, DataError):
            # The library raises for malformed escapes, PostgreSQL for NUL characters.
            response = _unreadable()
        response["Content-Type"] = "application/json"
        if response.status_code == 401:
            response["WWW-Authenticate"] = 'Basic realm="oauth"'
        return response

    def _refuse_unreadable(self, request: HttpRequest) -> None:
        """Raise for a body that the library cannot read; it would only report a missing grant type."""
        refuse_unread_bodies(request)
        if request.content_type not in FORMS:
            raise HttpProblem(400, f"Send the body as {FORM}.")

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().http_method_not_allowed(request, *args, **kwargs)
        response.content = _unreadable("Send a POST.").content
        response["Content-Type"] = "application/json"
        return response


def _unreadable(description: str = UNREADABLE["error_description"]) -> HttpResponse:
    return HttpResponse(json.dumps({**UNREADABLE, "error_description": description}), status=400)


class SecretsValidator(OAuth2Validator):
    """Authenticate a client by any of its active secrets; the library knows only one for each client."""

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        client_id, text = self._in_header(request) or (request.client_id, request.client_secret)
        if not client_id or not text:
            return False
        client = self._load_application(client_id, request)
        request.secret = client and matching_secret(client=client, text=text, at=clock.now())
        return bool(request.secret)

    def _extract_basic_auth(self, request: Request) -> str | None:
        """Return the credentials; the scheme may be in any case, but the library accepts only one spelling."""
        return credential(request.headers.get("HTTP_AUTHORIZATION") or "", "basic")

    def _in_header(self, request: Request) -> tuple[str, str] | None:
        """Return the id and the secret of HTTP Basic, each encoded as a form's value (RFC 6749, section 2.3.1)."""
        encoded = self._extract_basic_auth(request)
        try:
            client_id, colon, secret = b64decode(encoded or "").decode().partition(":")
        except ValueError:
            return None
        return (unquote_plus(client_id), unquote_plus(secret)) if colon else None

    def _load_access_token(self, token: str) -> AbstractAccessToken | None:
        """Load a token with its client and the client's account, which every request needs."""
        tokens = get_access_token_model().objects.select_related("application__user").only(*TOKEN_COLUMNS)
        access_token: AbstractAccessToken | None = tokens.filter(
            token_checksum=sha256(token.encode()).hexdigest()
        ).first()
        return access_token

    def _create_access_token(self, expires: Any, request: Request, token: Any, **kwargs: Any) -> Any:
        if not use_secret(actor=request.client.user, secret=request.secret, at=clock.now()):
            raise InvalidClientError(request=request)
        log_event("token_issued", account=request.client.user_id, client=request.client.pk)
        return super()._create_access_token(expires, request, token, **kwargs)
