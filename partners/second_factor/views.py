"""Pages of a person's second factor. allauth checks codes and keeps secrets; each change is recorded in the ledger."""

from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString

from audit import clock
from partners.accounts.renewal import renew_session
from partners.second_factor import services
from partners.second_factor.queries import app_and_passkeys, is_required

WEBAUTHN = Authenticator.Type.WEBAUTHN


def _record(request: HttpRequest, verb: str) -> None:
    user = authenticated_user(request)
    services.record_factor_change(actor=user, user=user, verb=verb, at=clock.now())
    renew_session(request)


def _show_codes(request: HttpRequest) -> HttpResponse:
    """Show the recovery codes, once: as the response to the form that created them."""
    stored = Authenticator.objects.get(user=request.user, type=Authenticator.Type.RECOVERY_CODES)
    context = {"codes": RecoveryCodes(stored).get_unused_codes()}
    return render(request, "partners/second_factor/codes.html", context)


def _factors(request: HttpRequest) -> QuerySet[Authenticator]:
    return app_and_passkeys(authenticated_user(request))


def _record_removal(request: HttpRequest) -> HttpResponse:
    _record(request, services.REMOVED)
    if not _factors(request).exists():
        forget_second_factor(request)
    return redirect("mfa_index")


def forget_second_factor(request: HttpRequest) -> None:
    """Let the rest of the session count as signed in by password alone."""
    records = get_authentication_records(request, request.user)
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        record for record in records if record["method"] != "mfa"
    ]


class AddAppView(ActivateTOTPView):
    template_name = "partners/second_factor/add.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
        svg = context["totp_svg"]
        # Ours, from the secret: no user's text is in it. Inline, because the policy of pages allows no data: pictures.
        picture = SafeString(svg[svg.index("<svg") :])
        return context | {"picture": picture, "key": groups, "is_required": is_required(self.request.user)}

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        super().form_valid(form)
        _record(self.request, services.ADDED)
        record_authentication(self.request, self.request.user, "mfa", type=Authenticator.Type.TOTP)
        return _show_codes(self.request)

    def get_success_url(self) -> str:
        return "."  # the response shows the recovery codes instead


class RemoveAppView(DeactivateTOTPView):
    template_name = "partners/second_factor/remove.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = _factors(self.request).exclude(type=Authenticator.Type.TOTP).exists()
        context = {"is_required": is_required(self.request.user), "others": others}
        return super().get_context_data(**kwargs) | context

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        super().form_valid(form)
        return _record_removal(self.request)


class AddPasskeyView(AddWebAuthnView):
    template_name = "partners/second_factor/add_passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # allauth's own leaves out the form that had errors.
        return super().get_context_data(**kwargs) | kwargs | {"is_required": is_required(self.request.user)}

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        super().form_valid(form)
        _record(self.request, services.ADDED)
        record_authentication(self.request, self.request.user, "mfa", type=WEBAUTHN)
        return _show_codes(self.request) if self.did_generate_recovery_codes else redirect("mfa_index")

    def get_success_url(self) -> str:
        return "."


class RemovePasskeyView(RemoveWebAuthnView):
    template_name = "partners/second_factor/remove_passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = _factors(self.request).exclude(pk=self.object.pk).exists()
        context = {
            "is_required": is_required(self.request.user),
            "others": others,
            "name": self.object.wrap().name,
        }
        return super().get_context_data(**kwargs) | context

    def get_success_url(self) -> str:
        return "."

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        super().form_valid(form)
        return _record_removal(self.request)


class NewCodesView(GenerateRecoveryCodesView):
    template_name = "partners/second_factor/new_codes.html"
    success_url = "."  # the response shows the codes instead

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        super().form_valid(form)
        _record(self.request, services.NEW_CODES)
        return _show_codes(self.request)
