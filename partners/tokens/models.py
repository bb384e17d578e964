from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Max, Q, QuerySet

from audit.models import Tracked
from partners import policies


class PersonalTokenQuerySet(QuerySet["PersonalToken"]):
    def visible_to(self, user: Any, on: date) -> Self:
        return self.filter(policies.visible_tokens(policies.rights_of(user, on)))

    def live(self, on: date) -> Self:
        """Keep the tokens that open something on the day: neither revoked nor expired, of accounts that are open."""
        return self.filter(revoked_at=None, expires_on__gte=on, user__is_active=True)

    def with_last_use(self) -> Self:
        """Add `used_last`, the last day on which each was used; none where it never was."""
        return self.annotate(used_last=Max("uses__on"))


class PersonalToken(Tracked):
    """A token that a person made for a program of theirs: it has the person's rights, as far as its scopes go.

    The token itself is kept nowhere: it is shown once, and only its checksum is stored.
    """

    ledger_path = None
    ledger_exclude: ClassVar[frozenset[str]] = frozenset({"digest"})

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="personal_tokens"
    )
    name = models.CharField(max_length=60)
    scopes = models.CharField(max_length=1000, help_text="Separated by spaces.")
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the token.")
    created_at = models.DateTimeField(editable=False)
    expires_on = models.DateField(help_text="The last day on which it works.")
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PersonalTokenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("created_at")),
                name="personaltoken_revoked_after_creation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.name}"

    def allow_scopes(self, scopes: list[str]) -> bool:
        """Say whether the token is good for all of them, as the tokens of clients do."""
        return set(scopes) <= set(self.scopes.split())


class PersonalTokenUse(models.Model):
    """A day on which a token was used. No record of a person's, so no ledger vouches for it (ADR 11)."""

    token = models.ForeignKey(PersonalToken, on_delete=models.CASCADE, related_name="uses")
    on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-on"]
        constraints = [models.UniqueConstraint(fields=["token", "on"], name="personaltokenuse_once_a_day")]

    def __str__(self) -> str:
        return f"{self.token}, {self.on}"
