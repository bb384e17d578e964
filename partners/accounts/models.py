from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy

from audit.models import Tracked
from partners import policies
from partners.partnerships.models import Partnership


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def access_version(self, pk: Any) -> int:
        """Return an account's present version of access, for a token, link or secret that is created now."""
        version: int = self.values_list("access_version", flat=True).get(pk=pk)
        return version


class User(AbstractBaseUser, PermissionsMixin, Tracked):
    """An official, or the account that an API client acts through. Signs in by email address."""

    class Kind(models.TextChoices):
        USER = "user", gettext_lazy("Person")
        CLIENT = "client", gettext_lazy("API client")

    is_dated = False
    ledger_path = None
    ledger_exclude: ClassVar[frozenset[str]] = frozenset(
        {"password", "last_login", "groups", "user_permissions"}
    )

    email = models.EmailField(gettext_lazy("email address"), max_length=254)
    name = models.CharField(
        gettext_lazy("job title"),
        max_length=120,
        help_text=gettext_lazy("Enter the post, not the person. For example, Bradford SPOC."),
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.USER)
    is_active = models.BooleanField(gettext_lazy("active"), default=True)
    is_staff = models.BooleanField(
        gettext_lazy("administrator"),
        default=False,
        help_text=gettext_lazy(
            "Can manage accounts and reference data. Gives no access to actions or returns."
        ),
    )
    joined_at = models.DateTimeField()
    suspend_on = models.DateField(
        gettext_lazy("suspension"),
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy("The day on which the account is suspended unless it is used before."),
    )
    reopened_on = models.DateField(
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy("The day on which it was last opened again."),
    )
    access_version = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=gettext_lazy(
            "Sessions, access tokens, calendar links and client secrets of an earlier version no longer work."
        ),
    )
    session_version = models.PositiveIntegerField(
        default=0, editable=False, help_text=gettext_lazy("Sessions of an earlier version no longer work.")
    )

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
                violation_error_message=gettext_lazy("There is already an account with this email address"),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session must have to count as signed in. Django compares it on each request.

        With the versions in it, sessions end without a list of them, which could leave one out.
        """
        versions = f"{self.password} {self.access_version} {self.session_version}"
        return salted_hmac("partners.User.session", versions, secret=secret, algorithm="sha256").hexdigest()

    @property
    def actor_type(self) -> str:
        return self.kind

    @property
    def actor_label(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def role_names(self, on: date) -> set[str]:
        """Return the user's roles on the day, in any partnership."""
        return {grant.role for grant in policies.rights_of(self, on).grants}

    def sandbox_names(self, on: date) -> list[str]:
        """Return the names of the sandboxes in which the user has a role on the day."""
        ids = {grant.partnership_id for grant in policies.rights_of(self, on).grants if grant.in_sandbox}
        # Every page calls this, so spare most users a query.
        return list(Partnership.objects.filter(pk__in=ids).values_list("name", flat=True)) if ids else []

    # Django's permissions control the admin site only, and an administrator sees all of it. All other rights come
    # from memberships.
    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff
