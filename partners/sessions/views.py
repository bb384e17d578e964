"""Buttons that end a person's own sessions."""

from allauth.core.internal.httpkit import authenticated_user
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from partners.accounts.renewal import renew_session
from partners.accounts.services.access import end_session, end_sessions
from web.confirmation import confirm_first
from web.pages import press


@require_POST
@confirm_first
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the user's sessions."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    return press(
        request,
        lambda **who: end_session(session=session, **who),
        done=gettext("Session ended. Its browser is signed out."),
        leads_to=reverse("mfa_index"),
    )


@require_POST
@confirm_first
def sessions_end_others(request: HttpRequest) -> HttpResponse:
    """End every session of the user but this one."""
    response = press(
        request,
        lambda **who: end_sessions(users=[authenticated_user(request)], **who),
        done=gettext("You are signed out everywhere else."),
        leads_to=reverse("mfa_index"),
    )
    renew_session(request)
    return response
