from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from audit.actors import Reader
from audit.models import Tracked
from partners import policies
from partners.accounts import four_eyes
from partners.partnerships.models import Partnership


class ChangeRequestQuerySet(QuerySet["ChangeRequest"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        visible = policies.visible_changes(user, policies.rights_of(user, on))
        return self.filter(pk__in=ChangeRequest.objects.filter(visible).values("pk"))

    def waiting(self, on: date) -> Self:
        """Return the requests that can still be decided."""
        return self.filter(state=ChangeRequest.State.WAITING, lapses_on__gte=on)


class ChangeRequest(Tracked):
    """A change to somebody's access that one administrator requests and another approves or rejects."""

    class Kind(models.TextChoices):
        ACCOUNT = four_eyes.ACCOUNT, gettext_lazy("Change of an account")
        MEMBERSHIP = four_eyes.MEMBERSHIP, gettext_lazy("Membership")
        LAST_DAY = four_eyes.LAST_DAY, gettext_lazy("Later last day of a membership")
        FACTOR = four_eyes.FACTOR, gettext_lazy("Reset of the second factor")
        SIGN_ON = four_eyes.SIGN_ON, gettext_lazy("Link to the identity provider")

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("Waiting")
        APPROVED = "approved", gettext_lazy("Approved")
        REJECTED = "rejected", gettext_lazy("Rejected")
        WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")

    is_dated = False
    ledger_path = None

    kind = models.CharField(max_length=12, choices=Kind)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="changes_of_access"
    )
    partnership = models.ForeignKey(
        Partnership, null=True, blank=True, on_delete=models.PROTECT, related_name="changes_of_access"
    )
    values = models.JSONField(
        default=dict, blank=True, help_text=gettext_lazy("What would change, by the name of the field.")
    )
    reason = models.CharField(max_length=500, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(editable=False)
    lapses_on = models.DateField(help_text=gettext_lazy("The last day on which it can be decided."))
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decision_reason = models.CharField(max_length=500, blank=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "user", "values"],
                condition=Q(state="waiting"),
                name="changerequest_waits_once",
                violation_error_message=gettext_lazy("The same change is waiting for approval already"),
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None) | ~Q(state="waiting") & ~Q(decided_at=None),
                name="changerequest_decided_when_not_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.user}"

    def get_absolute_url(self) -> str:
        return reverse("partners:approval", args=[self.pk])

    def is_lapsed(self, on: date) -> bool:
        """Whether nobody decided it in time."""
        return self.state == self.State.WAITING and self.lapses_on < on

    def status(self, on: date) -> str:
        return gettext("Lapsed") if self.is_lapsed(on) else self.get_state_display()
