"""Emails about an account: an invitation, a link to choose a password, and notices of what could be somebody else's doing."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from audit.models import Entry
from partners.accounts.models import User
from partners.accounts.passwords import may_use_password
from partners.accounts.services.links import INVITATION_DAYS, invitation_path, password_path

PASSWORD_RESET = "password_reset_key"  # noqa: S105  names of templates
PASSWORD_CHANGED = "password_changed"  # noqa: S105
FACTOR_CHANGED = "second_factor_changed"
INVITATION = "invitation"
LINKS = {PASSWORD_RESET: password_path, INVITATION: invitation_path}
ADDRESS_CHANGED = "address_changed"
NEW_BROWSER = "new_browser"
TOKEN_CREATED = "token_created"  # noqa: S105
CLIENT_SECRET_CREATED = "client_secret_created"  # noqa: S105
SIGN_ON_CHANGED = "sign_on_changed"
SUSPENSION_ANNOUNCED = "suspension_announced"
SUSPENDED = "suspended"
REVIEW_DUE = "review_due"
MEMBERSHIP_ENDED = "membership_ended"


def recipient(*, user_id: int | None, kind: str) -> User | None:
    """Return the user who gets an email of this kind; None if the account is an API client's or closed (except in an email about that)."""
    people = User.objects.filter(kind=User.Kind.USER)
    if kind != SUSPENDED:
        people = people.filter(is_active=True)
    return people.filter(pk=user_id).first() if user_id is not None else None


def send(*, kind: str, user: User, at: datetime, about: str = "") -> None:
    """Send an email about an account to its user.

    Args:
        kind: INVITATION or PASSWORD_RESET, with a link valid from now on, or what happened to the account.
        at: when it happened.
        about: the name of the token, client or browser. For ADDRESS_CHANGED the id of the ledger's entry, which has both
            addresses: the email goes to the former one too.

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
        "clients": settings.SITE_ADDRESS + reverse("partners:client-list"),
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        "days": INVITATION_DAYS,
        "reviews": settings.SITE_ADDRESS + reverse("partners:access-review-list"),
        "grace_days": settings.MEMBERSHIP_REVIEW_GRACE_DAYS,
        "unused_days": settings.UNUSED_ACCOUNT_DAYS,
        "may_use_password": may_use_password(user),
        "provider": settings.OIDC_NAME,
        "has_password": user.has_usable_password(),
        "about": about,
    }
    to = [user.email]
    if kind == ADDRESS_CHANGED:
        changes = Entry.objects.get(pk=about).changes["email"]
        context |= {"former": changes[0], "present": changes[1]}
        to = changes
    if kind in LINKS:
        context["link"] = settings.SITE_ADDRESS + LINKS[kind](user=user)
    subject = render_to_string(f"account/email/{kind}_subject.txt", context)
    body = render_to_string(f"account/email/{kind}_message.txt", context)
    headers = {"Auto-Submitted": "auto-generated"}
    for address in to:
        # One each: nobody reads the other address in the header.
        EmailMessage(subject=" ".join(subject.split()), body=body, to=[address], headers=headers).send()
