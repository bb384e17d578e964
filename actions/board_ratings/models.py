from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from actions.core.models import Action, ActionChildQuerySet
from actions.core.requests import CitesMinute
from web.text import LongText
from web.wording import RATING_CHOICES


class BoardRating(CitesMinute):
    """The rating that a board gave an action by a minute, or that it ended its rating.

    A later one replaces it. The action has the current one beside the declared and the computed rating.
    """

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="board_ratings")
    rag = models.CharField(
        gettext_lazy("RAG"),
        max_length=10,
        choices=RATING_CHOICES,
        blank=True,
        help_text=gettext_lazy("Empty where the board ended its rating."),
    )
    reason = LongText(max_length=2000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    ledger_path = "action__partnership__ledger"

    objects = ActionChildQuerySet["BoardRating"].as_manager()

    class Meta(CitesMinute.Meta):
        ordering: ClassVar[list[str]] = ["-recorded_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(minute__isnull=False) & ~Q(reference=""), name="boardrating_has_minute"
            ),
        ]

    def __str__(self) -> str:
        rating = self.get_rag_display() or gettext("no longer rated")
        return gettext("{ref}: {rating} by the board").format(ref=self.action.ref, rating=rating)
