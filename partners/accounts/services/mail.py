"""Emails about an account: an invitation, a link to choose a password, and notices that the password or the second factor changed."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from partners.accounts.models import User
from partners.accounts.services.links import INVITATION_DAYS, invitation_path, password_path

PASSWORD_RESET = "password_reset_key"  # noqa: S105  names of templates
PASSWORD_CHANGED = "password_changed"  # noqa: S105
FACTOR_CHANGED = "second_factor_changed"
INVITATION = "invitation"
LINKS = {PASSWORD_RESET: password_path, INVITATION: invitation_path}


def recipient(*, user_id: int | None) -> User | None:
    """Return the user who gets emails about an account; None if it is closed or an API client's."""
    people = User.objects.filter(is_active=True, kind=User.Kind.USER)
    return people.filter(pk=user_id).first() if user_id is not None else None


def send(*, kind: str, user: User, at: datetime) -> None:
    """Send an email about an account to its user.

    Args:
        kind: INVITATION or PASSWORD_RESET, with a link valid from now on, PASSWORD_CHANGED or FACTOR_CHANGED.
        at: when the password or the second factor was changed.

    Raises:
        OSError: the mail server rejects the email or does not answer.
    """
    context = {
        "user": user,
        "at": at,
        "site": settings.SITE_ADDRESS,
        "ask_for_link": settings.SITE_ADDRESS + reverse("account_reset_password"),
        "security": settings.SITE_ADDRESS + reverse("mfa_index"),
        "tokens": settings.SITE_ADDRESS + reverse("partners:token-list"),
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        "days": INVITATION_DAYS,
        "has_password": user.has_usable_password(),
    }
    if kind in LINKS:
        context["link"] = settings.SITE_ADDRESS + LINKS[kind](user=user)
    subject = render_to_string(f"account/email/{kind}_subject.txt", context)
    body = render_to_string(f"account/email/{kind}_message.txt", context)
    headers = {"Auto-Submitted": "auto-generated"}
    EmailMessage(subject=" ".join(subject.split()), body=body, to=[user.email], headers=headers).send()
