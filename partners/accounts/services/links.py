"""Links by which a person chooses a password: for an hour after asking for one, for a week after an invitation."""

from datetime import timedelta

from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from partners.accounts.models import User
from partners.accounts.reset_links import reset_links

SALT = "partners.invitations"
INVITATION_DAYS = 7


def password_path(*, user: User) -> str:
    """Return the path at which a person chooses a password, valid for an hour from now."""
    key = reset_links.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})


def invitation_path(*, user: User) -> str:
    """Return the path in an invitation. It works for a week, until a password is chosen."""
    return reverse("account_invitation", args=[signing.dumps([user.pk, _seal(user)], salt=SALT)])


def invited_user(*, token: str) -> User | None:
    """Return whose invitation this is; None if it has expired, or a password has been chosen since."""
    try:
        pk, seal = signing.loads(token, salt=SALT, max_age=timedelta(days=INVITATION_DAYS))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    user = without_password(users=User.objects.filter(pk=pk)).first()
    return user if user is not None and constant_time_compare(seal, _seal(user)) else None


def without_password(*, users: QuerySet[User]) -> QuerySet[User]:
    """Keep the people who have not chosen a password yet."""
    return users.filter(
        kind=User.Kind.USER, is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX
    ).order_by("name", "pk")


def _seal(user: User) -> str:
    """Return a text that changes with the password, and when the access of the account ends."""
    return salted_hmac(SALT, f"{user.password}{user.access_version}").hexdigest()[:20]
