"""Addresses of second factors, under the names that allauth's own code reverses."""

from allauth.mfa.base import views as base
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from partners.accounts.renewal import with_new_key
from partners.accounts.urls import page_or_form
from partners.second_factor import views

urlpatterns = [
    path("code/", page_or_form(base.authenticate), name="mfa_authenticate"),
    path("reauthenticate/code/", page_or_form(with_new_key(base.reauthenticate)), name="mfa_reauthenticate"),
    path("security/app/add/", page_or_form(views.AddAppView.as_view()), name="mfa_activate_totp"),
    path("security/app/remove/", page_or_form(views.RemoveAppView.as_view()), name="mfa_deactivate_totp"),
    path(
        "reauthenticate/passkey/",
        page_or_form(with_new_key(webauthn.reauthenticate_webauthn)),
        name="mfa_reauthenticate_webauthn",
    ),
    path("security/passkeys/add/", page_or_form(views.AddPasskeyView.as_view()), name="mfa_add_webauthn"),
    path(
        "security/passkeys/<int:pk>/remove/",
        page_or_form(views.RemovePasskeyView.as_view()),
        name="mfa_remove_webauthn",
    ),
    path("security/codes/", page_or_form(views.NewCodesView.as_view()), name="mfa_generate_recovery_codes"),
]
