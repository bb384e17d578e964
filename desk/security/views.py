"""What protects a person's account, and what is open in their name: on one page."""

from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit import clock
from desk.calendar.models import CalendarLink
from partners.accounts.passwords import may_use_password
from partners.models import Identity, PersonalToken
from partners.policies import running
from partners.second_factor.queries import app_and_passkeys, codes_left, is_required
from partners.sessions.queries import open_sessions


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Show the reader's factors, sessions, access tokens, calendar links and roles."""
    user, today = authenticated_user(request), clock.today()
    identity = Identity.objects.filter(user=user).first()
    factors = list(app_and_passkeys(user).order_by("created_at"))
    context = {
        "app": next((each for each in factors if each.type == Authenticator.Type.TOTP), None),
        "passkeys": [each.wrap() for each in factors if each.type == Authenticator.Type.WEBAUTHN],
        "codes_left": codes_left(user),
        "is_required": is_required(user),
        "identity": identity,
        "may_use_password": may_use_password(user),
        "sessions": open_sessions(user, request.session.session_key),
        "active_tokens": PersonalToken.objects.visible_to(user, today).active(today).with_last_use(),
        "calendar_links": CalendarLink.objects.visible_to(user, today).live(),
    }
    context["roles"] = (
        user.memberships.filter(running(today)).select_related("organisation", "partnership").order_by("pk")
    )
    return render(request, "desk/security/security.html", context)
