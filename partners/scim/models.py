from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from audit.actors import Reader
from audit.models import Tracked
from partners.partnerships.models import Partnership
from partners.policies import rights_of
from partners.scim import policies


class ProvisionedAccountQuerySet(QuerySet["ProvisionedAccount"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(partnership__in=policies.provisioned_partnerships(rights_of(user, on)))


class ProvisionedAccount(Tracked):
    """An account that an identity provider manages by SCIM, for one partnership."""

    is_dated = False
    ledger_path = "partnership__ledger"

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="provisioned_accounts"
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="provisioned_account"
    )
    external_id = models.CharField(
        max_length=200, blank=True, help_text="The identity provider's own id of the person."
    )
    is_suspended = models.BooleanField(
        default=False, help_text="Whether the identity provider deactivated it, so that it may open it again."
    )
    changed_at = models.DateTimeField(editable=False)

    objects = ProvisionedAccountQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["partnership", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "external_id"],
                condition=~Q(external_id=""),
                name="provisionedaccount_external_id_unique",
                violation_error_message="Another account has this externalId",
            )
        ]

    def __str__(self) -> str:
        return gettext("{user}, managed by SCIM").format(user=self.user)
