from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.http import urlencode

from actions.saved_views import policies
from audit.models import Tracked
from partners.models import Partnership
from partners.policies import rights_of


class SavedViewQuerySet(QuerySet["SavedView"]):
    def visible_to(self, user: Any, on: date) -> Self:
        return self.filter(policies.visible_views(rights_of(user, on)))


class WatchQuerySet(QuerySet["Watch"]):
    def visible_to(self, user: Any, on: date) -> Self:
        """Keep the user's own, of views that they may still open."""
        return self.filter(user=user, view__in=SavedView.objects.visible_to(user, on))


class SavedView(Tracked):
    """A question asked of the action list, kept under a name. Whoever opens it sees the rows that are theirs to see."""

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
    query = models.JSONField(editable=False, help_text="Filters and sort order: a list of names with values.")
    shared = models.BooleanField(
        "shared with the partnership", default=False, help_text="Everybody in the partnership may open it."
    )
    created_at = models.DateTimeField(editable=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "partnership", "name"],
                name="savedview_name_unique",
                violation_error_message="You have a view of this name. Choose another.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def query_string(self) -> str:
        return urlencode([tuple(pair) for pair in self.query])


class Watch(models.Model):
    """Somebody's wish to be told what enters, leaves or changes in a view, and what they know of it already.

    It is nobody's decision about the work, so no ledger holds it. `told` is what they were told by notice, `seen` what
    they looked at on the view's own page.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="watches")
    since = models.DateTimeField()
    told = models.JSONField(help_text="Sequence of the ledger, and the ids of the actions in the view then.")
    seen = models.JSONField(help_text="As `told`.")
    seen_at = models.DateTimeField()

    objects = WatchQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["view__name", "pk"]
        verbose_name_plural = "watches"
        constraints = [models.UniqueConstraint(fields=["user", "view"], name="watch_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.view}"
