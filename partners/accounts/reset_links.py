from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class ResetLinks(PasswordResetTokenGenerator):
    """Keys of links to choose a password. A link ends with the access of its account, not only with the password."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.access_version}{user.is_active}"


reset_links = ResetLinks()
