"""Links by which a person chooses a password: for an hour after asking for one, for a week after an invitation."""

from datetime import timedelta

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core import signing
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from partners.accounts.models import User
from partners.accounts.passwords import may_use_password
from partners.accounts.reset_links import reset_links

SALT = "partners.invitations"
INVITATION_DAYS = 7


def password_path(*, user: User) -> str:
    """Return the path at which a person chooses a password, valid for an hour from now."""
    key = reset_links.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})


def invitation_path(*, user: User) -> str:
    """Return the path in an invitation: for a week, until a password is chosen. Without a password, the sign-in page."""
    if not may_use_password(user):
        return reverse("account_login")
    return reverse("account_invitation", args=[signing.dumps([user.pk, _seal(user)], salt=SALT)])


def invited_user(*, token: str) -> User | None:
    """Return whose invitation this is; None if it has expired, or a password has been chosen since."""
    try:
        pk, seal = signing.loads(token, salt=SALT, max_age=timedelta(days=INVITATION_DAYS))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    user = never_signed_in(users=User.objects.filter(pk=pk)).first()
    if user is None or not may_use_password(user):
        return None
    return user if constant_time_compare(seal, _seal(user)) else None


def never_signed_in(*, users: QuerySet[User]) -> QuerySet[User]:
    """Keep the people who cannot sign in yet: they have chosen no password or, with SIGN_IN=oidc, are not linked."""
    people = users.filter(kind=User.Kind.USER, is_active=True).order_by("name", "pk")
    has_no_password = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    if settings.SIGN_IN == "password":
        return people.filter(has_no_password)
    is_emergency = Q(address__in=settings.EMERGENCY_ACCOUNTS)
    return people.alias(address=Lower("email")).filter(
        is_emergency & has_no_password | ~is_emergency & Q(identity=None)
    )


def _seal(user: User) -> str:
    """Return a text that changes with the password, and when the access of the account ends."""
    return salted_hmac(SALT, f"{user.password}{user.access_version}").hexdigest()[:20]
