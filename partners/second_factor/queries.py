"""What a person has beside a password."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.db.models import QuerySet

from audit import clock
from partners.accounts.models import User
from partners.policies import needs_second_factor


def app_and_passkeys(user: User) -> QuerySet[Authenticator]:
    """Return the person's app and passkeys."""
    factors: QuerySet[Authenticator] = Authenticator.objects.filter(user=user).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    return factors


def codes_left(user: User) -> int:
    """Return how many recovery codes the person has not used."""
    stored = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(stored).get_unused_codes()) if stored else 0


def is_required(user: User) -> bool:
    """Return whether the person must have a second factor."""
    if settings.MFA_REQUIRED == "privileged":
        return needs_second_factor(user, clock.today())
    return bool(settings.MFA_REQUIRED == "all")
