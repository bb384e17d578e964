from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.timezone import localtime

from actions.core.models import Action, ActionChildQuerySet
from actions.core.states import ACTION_CLOSED, UNDER_WAY
from actions.progress.models import ProgressUpdate
from actions.waits.states import WAITED_FOR, DependencyState
from audit.clock import london_date
from audit.models import Tracked
from partners.models import Organisation
from web.text import LongText


class DependencyQuerySet(ActionChildQuerySet["Dependency"]):
    def open(self) -> Self:
        """Keep what is still waited for."""
        return self.filter(state__in=WAITED_FOR)

    def with_status(self, how: str, on: date) -> Self:
        """Keep what is waited for (`yes`), is `unanswered`, `late` (past its wanted day), or `declined` and unsettled."""
        if how == "declined":
            return self.unsettled()
        narrower = {"unanswered": Q(state=DependencyState.ASKED), "late": Q(wanted_by__lt=on)}
        return self.open().filter(narrower.get(how, Q()))

    def unsettled(self) -> Self:
        """Keep what was declined, of actions under way, until they report or name another partner after it.

        The partner's own report after its refusal settles nothing.
        """
        of_action = {"action": OuterRef("action")}
        reported = ProgressUpdate.objects.filter(
            submitted_at__gt=OuterRef("answered_at"), **of_action
        ).exclude(author=OuterRef("answered_by"))
        others = self.model.objects.filter(raised_at__gt=OuterRef("answered_at"), **of_action)
        return self.filter(
            ~Exists(reported),
            ~Exists(others),
            state=DependencyState.DECLINED,
            ended_by=None,
            action__state__in=UNDER_WAY,
        )


class Dependency(Tracked):
    """What an action waits for from a partner, with a clock of its own."""

    State = DependencyState

    ledger_path = "action__partnership__ledger"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="dependencies")
    organisation = models.ForeignKey(
        Organisation, verbose_name="waiting on", on_delete=models.PROTECT, related_name="dependencies"
    )
    needed = LongText("what is needed", max_length=1000)
    since = models.DateField("waiting since")
    wanted_by = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=DependencyState, default=DependencyState.ASKED)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = LongText(max_length=1000, blank=True)
    expected_on = models.DateField(
        null=True, blank=True, help_text="The day by which the partner says it will be there."
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_on = models.DateField(null=True, blank=True, editable=False)
    ending = LongText("how it ended", max_length=1000, blank=True)

    lapse_verb = "dependency.ended"

    objects = DependencyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["since", "pk"]
        verbose_name_plural = "dependencies"
        indexes = [models.Index(fields=["organisation", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "organisation"],
                condition=Q(state__in=WAITED_FOR),
                name="dependency_one_open_per_partner",
                violation_error_message="This action waits on that organisation already.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=WAITED_FOR, ended_on=None)
                | ~Q(state__in=WAITED_FOR) & Q(ended_on__isnull=False),
                name="dependency_ended_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at=None)
                | Q(state__in=["acknowledged", "declined"], answered_at__isnull=False)
                | Q(state__in=["met", "ended"]),
                name="dependency_answer_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("since")), name="dependency_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action.ref}: waiting on {self.organisation}"

    @property
    def is_open(self) -> bool:
        return self.state in WAITED_FOR

    @property
    def is_unsettled(self) -> bool:
        """Say whether it was declined and who leads the action has not said how it goes on without it."""
        return self.state == DependencyState.DECLINED and self.ended_by_id is None

    def days_waiting(self, on: date) -> int:
        """How many days the action waits, or waited until it came, was declined or was no longer needed."""
        last = self.ended_on or on
        if self.state == DependencyState.DECLINED and self.answered_at is not None:
            last = localtime(self.answered_at).date()
        return (last - self.since).days

    def lapse_values(self, *, actor: Any, at: datetime) -> dict[str, Any]:
        """Return the fields that end the wait when its action is closed."""
        return {
            "state": DependencyState.ENDED,
            "ended_by": actor,
            "ended_on": london_date(at),
            "ending": ACTION_CLOSED,
        }
