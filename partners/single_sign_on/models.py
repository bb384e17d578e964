from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext, gettext_lazy

from audit.models import Tracked


class Identity(Tracked):
    """Who a person is at the identity provider: the issuer and its subject. An email address proves nothing here."""

    is_dated = False
    ledger_path = None

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="identity")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(
        max_length=255, help_text=gettext_lazy("The provider's own, unchanging id of the person.")
    )
    linked_at = models.DateTimeField(editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        verbose_name = gettext_lazy("single sign-on link")
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"],
                name="identity_unique",
                violation_error_message=gettext_lazy(
                    "This account of the provider is linked to somebody else already"
                ),
            )
        ]

    def __str__(self) -> str:
        return gettext("{user}: single sign-on").format(user=self.user)
