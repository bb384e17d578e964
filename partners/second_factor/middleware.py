from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from audit import clock
from partners.policies import needs_second_factor
from web import problems

# Reached without a second factor: adding one, confirming the password for it, and signing out.
OPEN = (
    *("mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate", "account_logout"),
    *("sign_on_confirm", "sign_on_callback"),
)


def used_second_factor(request: HttpRequest) -> bool:
    """Return whether the user gave a second factor in this session, here or at the identity provider."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" or record.get("second_factor") for record in records)


class SecondFactorMiddleware:
    """Lead users who must have a second factor to the page that adds one, until they gave one in this session.

    Access tokens pass, because a person needs a session to create one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request) if self._may_continue(request) else self._lead(request)

    def _may_continue(self, request: HttpRequest) -> bool:
        if settings.MFA_REQUIRED == "none" or not request.user.is_authenticated:
            return True
        if request.path in {resolve_url(name) for name in OPEN} or used_second_factor(request):
            return True
        return settings.MFA_REQUIRED == "privileged" and not needs_second_factor(request.user, clock.today())

    def _lead(self, request: HttpRequest) -> HttpResponse:
        if problems.is_api_request(request):
            detail = "Add a second factor to your account on the website first."
            return problems.respond(request, status=403, detail=detail)
        return redirect("mfa_activate_totp")
