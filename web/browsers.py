"""Browsers: what they are called, and which accounts were used in one before."""

from typing import Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

# The first word in the text that a browser sends about itself decides; each of them also names the ones below it.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
# Accounts that share a browser, the latest last; a longer list would only make the cookie longer.
MOST_ACCOUNTS = 5
YEAR = 365 * 24 * 60 * 60


class Account(Protocol):
    @property
    def pk(self) -> int: ...


def browser_name(user_agent: str) -> str:
    """Return a browser and its system in words, such as "Firefox on Windows"."""
    browser = next((name for part, name in BROWSERS if part in user_agent), gettext("Unknown browser"))
    system = next((name for part, name in SYSTEMS if part in user_agent), "")
    return gettext("{browser} on {system}").format(browser=browser, system=system) if system else browser


def remember(request: HttpRequest, response: HttpResponse, account: Account) -> bool:
    """Store in the browser that the account was used in it; return whether that is new."""
    name = settings.KNOWN_BROWSER_COOKIE_NAME
    known = str(request.get_signed_cookie(name, "", max_age=YEAR) or "").split("-")
    others = [pk for pk in known if pk and pk != str(account.pk)]
    response.set_signed_cookie(
        name,
        "-".join([*others, str(account.pk)][-MOST_ACCOUNTS:]),
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return str(account.pk) not in known
