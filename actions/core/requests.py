from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from actions.core.models import Action
from actions.core.states import ACTION_CLOSED, DECIDED, RequestState
from audit.actors import Actor
from audit.models import Tracked
from meetings.models import Minute
from web.language import lazy_text
from web.text import LongText

if TYPE_CHECKING:
    from partners.models import User


class CitesMinute(Tracked):
    """A row that may cite the minute of a board's decision, and keeps it as it was cited."""

    minute = models.ForeignKey(
        Minute,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=gettext_lazy("The minute of the board's decision."),
    )
    reference = models.CharField(
        lazy_text("minute reference"),
        max_length=200,
        blank=True,
        help_text=gettext_lazy("The minute as it was cited."),
    )

    class Meta:
        abstract = True


class Request(CitesMinute):
    """Something about an action that one person asks for and another decides.

    The asker's reason and the decider's are two fields. There is one open request of a kind per action.
    """

    State = RequestState

    ledger_path = "action__partnership__ledger"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="%(class)ss")
    reason = LongText(max_length=2000)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    taken_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=gettext_lazy("The person responsible for the request since its author handed over."),
    )
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.REQUESTED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = LongText(max_length=2000, blank=True)
    lapse_verb = "request.lapsed"

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(state=RequestState.REQUESTED),
                name="%(class)s_one_open",
                violation_error_message=gettext_lazy(
                    "A request of this kind is open already. It is decided first."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=RequestState.values)
                & (
                    Q(state=RequestState.REQUESTED, decided_at=None, decided_by=None)
                    | ~Q(state=RequestState.REQUESTED) & Q(decided_at__isnull=False)
                ),
                name="%(class)s_closed_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=DECIDED)
                | Q(decided_by=None)
                | ~Q(decided_by=F("requested_by"))
                & (Q(taken_over_by=None) | ~Q(decided_by=F("taken_over_by"))),
                name="%(class)s_decided_by_another",
                violation_error_message=gettext_lazy("Nobody decides on their own request."),
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == RequestState.REQUESTED

    @property
    def answerable(self) -> "User":
        """The person responsible for the request now."""
        return self.taken_over_by or self.requested_by

    def lapse_values(self, *, actor: Actor, at: datetime) -> dict[str, Any]:
        """Return the fields that close the request when its action is closed."""
        return {
            "state": RequestState.WITHDRAWN,
            "decided_by": actor,
            "decided_at": at,
            "decision_reason": ACTION_CLOSED,
        }
