"""One line of the log for each request: who asked for what, the answer, and how long it took."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import LazyObject, empty

from audit.security_events import log_event
from web.callers import address_of

logger = logging.getLogger(__name__)
NOBODY = "-"
OK = 200
REFUSED, LIMITED = frozenset({401, 403}), frozenset({413, 429})
WORTH_A_WARNING = REFUSED | LIMITED


class RequestLogMiddleware:
    """Log each request by the name of its route, because an address can contain a secret."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.monotonic()
        response = self.get_response(request)
        milliseconds = round((time.monotonic() - start) * 1000)
        fields = {
            "method": request.method,
            "route": _route(request),
            "status": response.status_code,
            "ms": milliseconds,
            "account": _account(request),
            "address": address_of(request) or NOBODY,
        }
        reason = getattr(response, "refusal", "")
        logger.log(
            logging.WARNING if response.status_code in WORTH_A_WARNING else logging.INFO,
            "%s %s %s in %s ms, account %s, from %s%s",
            *fields.values(),
            f": {reason}" if reason else "",
            extra={"fields": fields | ({"reason": reason} if reason else {})},
        )
        _log_security(response, fields | {"reason": reason})
        return response


def _log_security(response: HttpResponse, fields: dict[str, object]) -> None:
    if response.status_code in REFUSED:
        log_event("refused", **fields)
    elif response.status_code in LIMITED:
        log_event("limited", **fields)
    elif response.status_code == OK and response.get("Content-Disposition", "").startswith("attachment"):
        log_event("file_sent", **fields)


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.view_name or match.route) if match else NOBODY


def _account(request: HttpRequest) -> str:
    """Return the number of the caller's account, if the request found it out: logging asks no database."""
    user = getattr(request, "user", None)
    if isinstance(user, LazyObject) and user.__dict__.get("_wrapped", empty) is empty:
        user = None
    return str(getattr(user, "pk", None) or NOBODY)
