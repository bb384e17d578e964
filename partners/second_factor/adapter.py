"""Changes to allauth's defaults for second factors: secrets are stored encrypted, and errors say what to do."""

from allauth.mfa.adapter import DefaultMFAAdapter

from web.encryption import cipher

PURPOSE = b"prevent-tracker partners.second_factor"


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Enter the code that your app shows now. If it is refused again, check the clock of your phone.",
    }

    def encrypt(self, text: str) -> str:
        return cipher(PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a stored secret.

        Raises:
            InvalidToken: neither SECRET_KEY nor any of SECRET_KEY_FALLBACKS decrypts it.
        """
        return cipher(PURPOSE).decrypt(encrypted_text.encode()).decode()
