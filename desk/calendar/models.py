"""Links to a person's calendar."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy

from audit.actors import Reader
from audit.models import Tracked
from desk.calendar import policies
from partners.policies import rights_of


class CalendarLinkQuerySet(QuerySet["CalendarLink"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(policies.visible_links(rights_of(user, on)))

    def live(self) -> Self:
        """Keep the links that are not revoked or void, of accounts that are open."""
        return self.filter(revoked_at=None, user__is_active=True, access_version=F("user__access_version"))


class CalendarLink(Tracked):
    """A secret address at which a calendar program reads a person's dates.

    The secret is shown once; only its checksum is stored.
    """

    is_dated = False
    ledger_path = None
    ledger_exclude: ClassVar[frozenset[str]] = frozenset({"digest"})

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calendar_links"
    )
    name = models.CharField(max_length=60)
    digest = models.CharField(
        max_length=64, unique=True, editable=False, help_text=gettext_lazy("SHA-256 of the secret.")
    )
    created_at = models.DateTimeField(editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    access_version = models.PositiveIntegerField(
        default=0, editable=False, help_text=gettext_lazy("The account's when it was created.")
    )

    objects = CalendarLinkQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name", "access_version"],
                condition=Q(revoked_at=None),
                name="calendarlink_name_unique",
                violation_error_message=gettext_lazy(
                    "You already have a link with this name. Revoke it first, or enter another name."
                ),
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("created_at")),
                name="calendarlink_revoked_after_creation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.name}"

    @property
    def is_void(self) -> bool:
        """Whether it ended because its user's password, second factor or account changed."""
        return self.access_version != self.user.access_version
