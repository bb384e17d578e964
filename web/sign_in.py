"""allauth's forms in GOV.UK markup and plain English. settings.ACCOUNT_FORMS and MFA_FORMS list them."""

import json
import struct
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkey_forms
from cryptography.exceptions import InvalidSignature
from django.utils.translation import gettext

from web.forms import GovukFormMixin
from web.language import lazy_text

ADVICE = lazy_text("Use 12 characters or more. Three random words are easy to remember and hard to guess.")
# Characters from which a password has this strength; assets/app.js says the same while it is typed.
STRENGTHS = (
    (20, lazy_text("strong")),
    (16, lazy_text("good")),
    (12, lazy_text("fair")),
    (1, lazy_text("too short")),
)


class _Plain(GovukFormMixin):
    labels: dict[str, str] = {}
    hints: dict[str, str] = {}

    def word_errors(self) -> None:
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.label = self.labels.get(name, field.label)
            # allauth's help texts use HTML of another design.
            field.help_text = self.hints.get(name, "")
        super().word_errors()


def strength_of(password: str) -> str:
    """Return how strong a password is, in a word. Length decides, and a character that is repeated counts twice at most."""
    length = min(len(password), 2 * len(set(password)))
    return next((word for least, word in STRENGTHS if length >= least), "")


class _WithNewPassword(_Plain):
    hints = {"password1": ADVICE}

    def word_errors(self) -> None:
        super().word_errors()
        field = self.fields["password1"]  # type: ignore[attr-defined]
        strengths = [gettext("This password is {word}.").format(word=word) for _, word in STRENGTHS]
        field.widget.attrs["data-strength"] = json.dumps(strengths, ensure_ascii=False)
        typed = self.data.get("password1", "") if self.is_bound else ""  # type: ignore[attr-defined]
        if word := strength_of(typed):
            field.help_text = gettext("{advice} The password you entered was {word}.").format(
                advice=ADVICE, word=word
            )


class LoginForm(_Plain, allauth_forms.LoginForm):
    labels = {"login": lazy_text("Email address"), "password": lazy_text("Password")}


class ChangePasswordForm(_WithNewPassword, allauth_forms.ChangePasswordForm):
    labels = {
        "oldpassword": lazy_text("Current password"),
        "password1": lazy_text("New password"),
        "password2": lazy_text("Confirm new password"),
    }


class ResetPasswordForm(_Plain, allauth_forms.ResetPasswordForm):
    labels = {"email": lazy_text("Email address")}
    hints = {
        "email": lazy_text(
            "We will send a link to choose a new password, if there is an account with this email address."
        )
    }


class ResetPasswordKeyForm(_WithNewPassword, allauth_forms.ResetPasswordKeyForm):
    labels = {"password1": lazy_text("New password"), "password2": lazy_text("Confirm new password")}


class ReauthenticateForm(_Plain, allauth_forms.ReauthenticateForm):
    labels = {"password": lazy_text("Password")}


class _WithCode(_Plain):
    labels = {"code": lazy_text("Code")}
    hints = {
        "code": lazy_text("The 6 digits that your authenticator app shows, or a recovery code of 8 digits.")
    }

    def word_errors(self) -> None:
        super().word_errors()
        # A phone shows its keyboard of digits.
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "spellcheck": "false"}  # type: ignore[attr-defined]


class CodeForm(_WithCode, mfa_forms.AuthenticateForm):
    pass


class ConfirmCodeForm(_WithCode, mfa_forms.ReauthenticateForm):
    pass


class AddAppForm(_WithCode, ActivateTOTPForm):
    hints = {"code": lazy_text("The 6 digits that the app shows for Prevent Tracker.")}


class _WithCredential(_Plain):
    """A form that the browser fills in with the passkey's answer; whatever is wrong with it, the advice is the same."""

    advice = lazy_text("The passkey was not accepted. Try again, or use a code.")

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(None, self.advice)  # type: ignore[misc]
        self.cleaned_data.pop("credential", None)  # type: ignore[attr-defined]

    def full_clean(self) -> None:
        """Clean as usual. What the browser sent is parsed from binary fields, which fails in many ways."""
        try:
            super().full_clean()  # type: ignore[misc]
        except (ValueError, TypeError, LookupError, AttributeError, struct.error, InvalidSignature):
            self.add_error(None, self.advice)


class AddPasskeyForm(_WithCredential, passkey_forms.AddWebAuthnForm):
    advice = lazy_text("The passkey was not added. Try again, or add an authenticator app.")
    labels = {"name": lazy_text("Name of the passkey")}
    hints = {"name": lazy_text("For example: work laptop")}


class PasskeyForm(_WithCredential, passkey_forms.AuthenticateWebAuthnForm):
    pass


class ConfirmPasskeyForm(_WithCredential, passkey_forms.ReauthenticateWebAuthnForm):
    pass
