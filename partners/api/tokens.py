"""Where a partner's system exchanges its secret for a token that lasts minutes."""

import json
from typing import Any

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from oauth2_provider.views import TokenView as LibraryTokenView

UNREADABLE = {"error": "invalid_request", "error_description": "The request could not be read."}


@method_decorator(never_cache, name="dispatch")
class TokenView(LibraryTokenView):
    """Client credentials only (RFC 6749, section 4.4); errors as section 5.2 of it has them."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = self.authorization_flow_token_response(request)
        except (ValueError, DataError):
            # The library raises on escapes that are none, and PostgreSQL on NUL characters.
            response = HttpResponse(json.dumps(UNREADABLE), status=400)
        response["Content-Type"] = "application/json"
        if response.status_code == 401:
            response["WWW-Authenticate"] = 'Basic realm="oauth"'
        return response

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().http_method_not_allowed(request, *args, **kwargs)
        response.content = json.dumps({**UNREADABLE, "error_description": "Send a POST."})
        response["Content-Type"] = "application/json"
        return response
