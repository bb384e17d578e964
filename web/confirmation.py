"""Ask for the password or second factor again before something that opens the account, or the record, to others."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from rest_framework.request import Request

View = Callable[..., HttpResponse]
SAFE = ("GET", "HEAD")


def needs_confirmation(request: HttpRequest) -> bool:
    """Return whether the person neither signed in nor confirmed who they are within the last 5 minutes.

    Whoever has neither password nor factor to confirm with needs none.
    """
    if not request.user.is_authenticated or not get_adapter(request).get_reauthentication_methods(
        request.user
    ):
        return False
    records = get_authentication_records(request, request.user)
    latest = max((record["at"] for record in records), default=0)
    return bool(time.time() - latest >= app_settings.REAUTHENTICATION_TIMEOUT)


def confirm_first(view: View) -> View:
    """Show the page to whoever confirmed lately; others confirm first. What they posted is not lost."""

    @wraps(view)
    def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if needs_confirmation(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return confirmed


def confirm_before_posting(view: View) -> View:
    """Show the page to everybody; confirm first where it is posted."""
    checked = confirm_first(view)

    @wraps(view)
    def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return (view if request.method in SAFE else checked)(request, *args, **kwargs)

    return confirmed


def why_not_unconfirmed(request: Request) -> str:
    """Return why an API request with a browser's session must wait; empty for one with a token."""
    if request.auth is None and needs_confirmation(request._request):
        return gettext(
            "Confirm who you are on the website first, at /accounts/reauthenticate/, or use an access token."
        )
    return ""
