from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from audit.models import Tracked
from partners import policies
from partners.partnerships.models import Partnership


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin, Tracked):
    """An official, or the account a partner's system acts through. Signs in by e-mail address."""

    class Kind(models.TextChoices):
        USER = "user", "Person"
        CLIENT = "client", "API client"

    ledger_path = None
    ledger_exclude: ClassVar[frozenset[str]] = frozenset(
        {"password", "last_login", "groups", "user_permissions"}
    )

    email = models.EmailField("e-mail address", max_length=254)
    name = models.CharField(
        "role title", max_length=120, help_text="The post, not the person: 'Bradford SPOC'."
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.USER)
    is_active = models.BooleanField("active", default=True)
    is_staff = models.BooleanField(
        "administrator", default=False, help_text="Opens the admin site; grants no right over the work."
    )
    joined_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="An account with this e-mail address already exists.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def actor_type(self) -> str:
        return self.kind

    @property
    def actor_label(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def role_names(self, on: date) -> set[str]:
        """Return the roles this user holds on the day, in any partnership."""
        return {grant.role for grant in policies.rights_of(self, on).grants}

    def sandbox_names(self, on: date) -> list[str]:
        """Return the sandboxes among the partnerships in which this user holds a role on the day."""
        # Asked on every page: who has none is not looked up.
        here = {grant.partnership_id for grant in policies.rights_of(self, on).grants if grant.in_sandbox}
        return list(Partnership.objects.filter(pk__in=here).values_list("name", flat=True)) if here else []

    # Django's permission framework decides what staff may open in the admin site. Business rights come from
    # memberships alone, so there are no permissions to hand out: an administrator sees every admin page.
    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff
