from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from actions.saved_views import policies
from audit.actors import Reader
from audit.models import Tracked
from partners.models import Partnership
from partners.policies import rights_of


class SavedViewQuerySet(QuerySet["SavedView"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(policies.visible_views(rights_of(user, on)))


class WatchQuerySet(QuerySet["Watch"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        """Return the user's own watches, of views they may still open."""
        return self.filter(user=user, view__in=SavedView.objects.visible_to(user, on))


class SavedView(Tracked):
    """Filters and sort order of the action list, saved under a name. Each reader sees only the actions they may see."""

    is_dated = False
    ledger_path = "partnership__ledger"
    constraint_fields = {
        "savedview_name_unique": "name",
    }

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_views", editable=False
    )
    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="saved_views", editable=False
    )
    name = models.CharField(max_length=80)
    query = models.JSONField(
        editable=False, help_text=gettext_lazy("Filters and sort order: a list of names and values.")
    )
    shared = models.BooleanField(
        gettext_lazy("shared with the partnership"),
        default=False,
        help_text=gettext_lazy("Everyone in the partnership may open it."),
    )
    created_at = models.DateTimeField(editable=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "partnership", "name"],
                name="savedview_name_unique",
                violation_error_message=gettext_lazy(
                    "You already have a view with this name. Enter another name."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def query_string(self) -> str:
        return urlencode([tuple(pair) for pair in self.query])


class Watch(models.Model):
    """A subscription to notices of changes in a view, with what its user already knows.

    It is a preference and no decision about the work, so it is not in the ledger. `notified_mark` is the mark of the latest
    notice, `viewed_mark` the mark of the user's latest look at the view's page.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="watches")
    since = models.DateTimeField()
    notified_mark = models.JSONField(
        help_text=gettext_lazy("Ledger sequence and action ids in the view at the time.")
    )
    viewed_mark = models.JSONField(help_text=gettext_lazy("The same, when the user last looked."))
    last_viewed_at = models.DateTimeField()

    objects = WatchQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["view__name", "pk"]
        verbose_name_plural = gettext_lazy("watches")
        constraints = [models.UniqueConstraint(fields=["user", "view"], name="watch_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.view}"
