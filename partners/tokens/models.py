from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import gettext_lazy

from audit.actors import Reader
from audit.models import Tracked
from partners import policies


class PersonalTokenQuerySet(QuerySet["PersonalToken"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(policies.visible_tokens(policies.rights_of(user, on)))

    def active(self, on: date) -> Self:
        """Return the tokens that work on the day: not revoked, void or expired, of active accounts."""
        return self.filter(
            revoked_at=None,
            expires_on__gte=on,
            user__is_active=True,
            access_version=F("user__access_version"),
        )

    def with_last_use(self) -> Self:
        """Add `last_used_on`, the day each was last used; None if it never was."""
        return self.annotate(last_used_on=Max("uses__on"))


class PersonalToken(Tracked):
    """A personal access token: a program acts in its user's name, within the token's scopes.

    The token is shown once, when created; only its checksum is stored.
    """

    is_dated = False
    ledger_path = None
    ledger_exclude: ClassVar[frozenset[str]] = frozenset({"digest"})

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="personal_tokens"
    )
    name = models.CharField(max_length=60)
    scopes = models.CharField(max_length=1000, help_text=gettext_lazy("Separated by spaces."))
    digest = models.CharField(
        max_length=64, unique=True, editable=False, help_text=gettext_lazy("SHA-256 of the token.")
    )
    created_at = models.DateTimeField(editable=False)
    expires_on = models.DateField(help_text=gettext_lazy("The last day on which it works."))
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    access_version = models.PositiveIntegerField(
        default=0, editable=False, help_text=gettext_lazy("The account's when it was created.")
    )

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

    @property
    def is_void(self) -> bool:
        """Whether it ended because its user's password, second factor or account changed."""
        return self.access_version != self.user.access_version

    def allow_scopes(self, scopes: list[str]) -> bool:
        """Return whether the token has all these scopes; the tokens of API clients have the same method."""
        return set(scopes) <= set(self.scopes.split())


class PersonalTokenUse(models.Model):
    """A day on which a token was used. Usage data, so it is not in a ledger (ADR 11)."""

    token = models.ForeignKey(PersonalToken, on_delete=models.CASCADE, related_name="uses")
    on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-on"]
        constraints = [models.UniqueConstraint(fields=["token", "on"], name="personaltokenuse_once_a_day")]

    def __str__(self) -> str:
        return f"{self.token}, {self.on}"
