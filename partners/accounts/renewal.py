"""New keys for a session that goes on."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core.internal.httpkit import authenticated_user
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse

from partners.accounts.services.access import move_session

View = Callable[..., HttpResponse]


def renew_session(request: HttpRequest) -> None:
    """Let this session go on, under a new key, after a service ended every session of its user."""
    user = authenticated_user(request)
    user.refresh_from_db(fields=["access_version", "session_version"])
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)


def with_new_key(view: View) -> View:
    """Give the session a new key when its user has confirmed in the view who they are: whoever knew the former one is out."""

    @wraps(view)
    def confirming(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return view(request, *args, **kwargs)
        user = authenticated_user(request)
        before = get_authentication_records(request, user)
        response = view(request, *args, **kwargs)
        if get_authentication_records(request, user) != before:
            former = request.session.session_key or ""
            request.session.cycle_key()
            move_session(actor=user, user=user, former=former, key=request.session.session_key or "")
        return response

    return confirming
