"""Which passwords are refused, and how they are stored. settings.AUTH_PASSWORD_VALIDATORS lists the validators."""

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

if TYPE_CHECKING:
    from partners.accounts.models import User

# Words of the service, and of nearly every organisation in it. Longer words are looked for inside others too.
SERVICE_WORDS = ("prevent", "tracker", "police", "council", "password")
SHORTEST_WORD = 5
# What must be left of a password without these words. Three random words with one of them among them stay possible.
FEWEST_OTHERS = 8
HASH_LENGTH = 40


def may_use_password(user: "User") -> bool:
    """Return whether the user may sign in with a password. With SIGN_IN=oidc only the emergency accounts may."""
    return settings.SIGN_IN == "password" or user.email.lower() in settings.EMERGENCY_ACCOUNTS


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id with 46 MiB for each password, as OWASP recommends: twenty people may sign in at the same time."""

    time_cost = 1
    memory_cost = 47_104
    parallelism = 1


class KnownWordsValidator:
    """Refuse a password that is little more than words of the service, the user's organisations and their areas."""

    def validate(self, password: str, user: Any = None) -> None:
        rest = password.lower()
        for word in sorted(_words_about(user), key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != password.lower() and len(re.sub(r"[\W\d_]", "", rest)) < FEWEST_OTHERS:
            raise ValidationError(
                gettext(
                    "Password must not be made of the name of this service or of your organisation. Add other words"
                ),
                code="known_words",
            )

    def get_help_text(self) -> str:
        return gettext("Do not use the name of this service or of your organisation.")


class BreachedPasswordValidator:
    """Refuse a password that is in a list of passwords from breaches, if `BREACHED_PASSWORDS` names one."""

    def validate(self, password: str, user: Any = None) -> None:
        if settings.BREACHED_PASSWORDS and is_listed(Path(settings.BREACHED_PASSWORDS), password):
            raise ValidationError(
                gettext("This password is known from a breach of another service. Choose another one"),
                code="breached",
            )

    def get_help_text(self) -> str:
        return gettext("Do not use a password that you use elsewhere.")


def is_listed(path: Path, password: str) -> bool:
    """Return whether a file lists the SHA-1 of a password.

    Args:
        path: one line for each password, sorted: its SHA-1 in hexadecimal capitals, and anything after a colon. The file
            of Have I Been Pwned has 40 GB, so it is searched by halves and never read.
    """
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        # The first line that begins at `low` or later could be the one; none that begins at `high` or later can.
        low, high = 0, path.stat().st_size
        while low < high:
            middle = (low + high) // 2
            file.seek(max(middle - 1, 0))
            if middle:
                file.readline()  # to the beginning of the next line
            line = file.readline()[:HASH_LENGTH].upper()
            if line == wanted:
                return True
            if line and line < wanted:
                low = middle + 1
            else:
                high = middle
    return False


def _words_about(user: Any) -> set[str]:
    """Return the words, in small letters, of the service and of where the user works."""
    names = list(SERVICE_WORDS)
    if user is not None and user.pk is not None:
        for row in user.memberships.select_related("organisation__area", "partnership"):
            organisation = row.organisation
            names += [organisation.name, organisation.short_name, row.partnership.name]
            names += [organisation.area.name] if organisation.area else []
    words = re.findall(r"[a-z]+", " ".join(names).lower())
    return {word for word in words if len(word) >= SHORTEST_WORD}
