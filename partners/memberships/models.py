from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_lazy

from audit.models import Tracked
from partners import policies
from partners.organisations.models import Organisation
from partners.organisations.querysets import ReferenceQuerySet
from partners.partnerships.models import Partnership
from partners.policies import Role

GRANTS = """
    SELECT starts_on, ends_on, role, partnership_id, organisation_id, is_sandbox
    FROM partners_membership JOIN partners_partnership ON partners_partnership.id = partnership_id
    WHERE user_id = %s
"""


class MembershipQuerySet(ReferenceQuerySet["Membership"]):
    def running(self, on: date) -> "MembershipQuerySet":
        return self.filter(policies.running(on))

    def to_review(self, on: date) -> "MembershipQuerySet":
        """Return those that run on the day and should have been reviewed by then. Sandboxes are not reviewed."""
        return self.running(on).filter(review_by__lte=on, partnership__is_sandbox=False)


class Membership(Tracked):
    """One role, for one organisation, in one partnership, between two days (the last day counts)."""

    is_dated = False
    ledger_path = "partnership__ledger"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    alternate = models.BooleanField(
        default=False, help_text=gettext_lazy("Covers for the main SPOC of the organisation. Only for SPOCs.")
    )
    starts_on = models.DateField(gettext_lazy("first day"))
    ends_on = models.DateField(gettext_lazy("last day"), null=True, blank=True)
    review_by = models.DateField(
        editable=False, help_text=gettext_lazy("A year after it was granted or last reviewed.")
    )
    reviewed_on = models.DateField(gettext_lazy("last reviewed"), null=True, blank=True, editable=False)
    review_announced_on = models.DateField(
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy("When it was announced that it ends unless it is reviewed."),
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "user", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "partnership", "organisation", "role", "starts_on"], name="membership_unique"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_start",
                violation_error_message=gettext_lazy(
                    "The last day must be the same as or after the first day"
                ),
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            models.CheckConstraint(
                condition=Q(alternate=False) | Q(role=Role.SPOC),
                name="membership_alternate_is_spoc",
                violation_error_message=gettext_lazy("Only a SPOC can be an alternate"),
            ),
        ]

    @staticmethod
    def grants_of(user_id: int) -> list[tuple[Any, ...]]:
        """Return of each membership of a user its two days, role, partnership, organisation, and whether it is in a sandbox.

        Every request and every change asks this, so it is written out: composing it took ten times as long as asking it.
        """
        with connection.cursor() as cursor:
            cursor.execute(GRANTS, [user_id])
            return list(cursor.fetchall())

    def __str__(self) -> str:
        return f"{self.user}: {self.capacity}, {self.organisation}"

    @property
    def capacity(self) -> str:
        """Name of the role; for a SPOC, main or alternate."""
        if self.role != Role.SPOC:
            return self.get_role_display()
        return gettext("Alternate SPOC") if self.alternate else gettext("Main SPOC")

    def clean(self) -> None:
        if self.organisation_id and self.organisation.partnership_id != self.partnership_id:
            raise ValidationError({"organisation": gettext("Select an organisation in this partnership")})
