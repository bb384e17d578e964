"""Keep the session in which somebody ended all the others."""

from allauth.core.internal.httpkit import authenticated_user
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest


def renew_session(request: HttpRequest) -> None:
    """Let this session go on, under a new key, after a service ended every session of its user."""
    user = authenticated_user(request)
    user.refresh_from_db(fields=["access_version", "session_version"])
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)
