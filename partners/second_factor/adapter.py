"""Changes to allauth's defaults for second factors: secrets are stored encrypted, and errors say what to do."""

from typing import Any

from allauth.account.internal.stagekit import get_pending_stage
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import InvalidToken
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from audit.actors import Reader
from audit.security_events import log_event
from web import callers
from web.context import SERVICE_NAME
from web.encryption import cipher
from web.language import lazy_text

PURPOSE = b"prevent-tracker partners.second_factor"


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": lazy_text(
            "Enter the code that your app shows now. If it is refused again, check the clock of your phone."
        ),
        "unreadable_secret": lazy_text(
            "No code can be checked, because the key of the service has changed. Tell an administrator."
        ),
    }

    def generate_authenticator_name(self, user: Reader, type: Any) -> str:  # noqa: A002  allauth's name
        return gettext("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        # ALLOWED_HOSTS has been checked, so the address is one of this service.
        return {"id": context.request.get_host().partition(":")[0], "name": SERVICE_NAME}

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Return the error of a code, and log that one was wrong: whoever guesses codes knows the password."""
        if code == "incorrect_code":
            request = context.request
            user = getattr(get_pending_stage(request), "login", request).user
            log_event("factor_failed", account=user.pk or "-", address=callers.address_of(request))
        error: ValidationError = super().validation_error(code, *args)
        return error

    def encrypt(self, text: str) -> str:
        return cipher(PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a stored secret.

        Raises:
            ValidationError: neither SECRET_KEY nor any of SECRET_KEY_FALLBACKS decrypts it.
        """
        try:
            return cipher(PURPOSE).decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise self.validation_error("unreadable_secret") from error
