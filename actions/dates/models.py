from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_lazy

from actions.core.models import RequestQuerySet
from actions.core.requests import Request
from actions.core.states import DECIDED, RequestState
from partners.models import ClientSecret, User
from web.language import day_text


class DateChange(Request):
    """A request for a new due date, or an earlier date that applied at once. The original due date never changes."""

    class Level(models.TextChoices):
        AT_ONCE = "at_once", gettext_lazy("Applied at once")
        MANAGER = "manager", gettext_lazy("Programme manager")
        BOARD = "board", gettext_lazy("Board")

    old_due = models.DateField(gettext_lazy("previous due date"))
    new_due = models.DateField(gettext_lazy("requested due date"))
    level = models.CharField(gettext_lazy("decided by"), max_length=10, choices=Level)

    objects = RequestQuerySet["DateChange"].as_manager()

    class Meta(Request.Meta):
        constraints = [
            *Request.Meta.constraints,
            models.CheckConstraint(condition=~Q(new_due=F("old_due")), name="datechange_moves_the_date"),
            models.CheckConstraint(
                condition=Q(level="at_once", new_due__lt=F("old_due"), state=RequestState.APPROVED)
                | Q(level__in=["manager", "board"], new_due__gt=F("old_due")),
                name="datechange_later_is_decided",
            ),
            models.CheckConstraint(
                condition=Q(level="at_once") | ~Q(state__in=DECIDED) | Q(decided_by__isnull=False),
                name="datechange_decision_has_an_author",
            ),
            models.CheckConstraint(
                condition=~Q(level="board", state=RequestState.APPROVED) | Q(minute__isnull=False),
                name="datechange_board_has_minute",
                violation_error_message=gettext_lazy("Choose the minute of the board's decision."),
            ),
        ]

    def __str__(self) -> str:
        return gettext("{ref}: {old_due} to {new_due}").format(
            ref=self.action.ref, old_due=day_text(self.old_due), new_due=day_text(self.new_due)
        )

    @property
    def secret_holders(self) -> frozenset[int]:
        """The people who have or may have seen a secret of the client that made the request: they could have made it themselves."""
        if self.requested_by.kind != User.Kind.CLIENT:
            return frozenset()
        return ClientSecret.objects.all().creators(self.requested_by_id, self.requested_at)

    @property
    def days(self) -> int:
        """Days from the previous to the requested due date; negative when it is earlier."""
        return (self.new_due - self.old_due).days
