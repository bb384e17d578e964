from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy

from actions.core.models import Action, ActionChildQuerySet
from actions.core.states import ACTION_CLOSED, UNDER_WAY
from actions.progress.models import ProgressUpdate
from actions.waits.states import OPEN_STATES, DependencyState
from audit.actors import Actor
from audit.clock import london_date
from audit.models import Tracked
from partners.models import Organisation
from web.text import LongText


class DependencyQuerySet(ActionChildQuerySet["Dependency"]):
    def open(self) -> Self:
        """Return requests that are not closed."""
        return self.filter(state__in=OPEN_STATES)

    def with_status(self, how: str, on: date) -> Self:
        """Return requests that are open (`yes`), `unanswered`, `late` (past `needed_by`), or `declined` and unsettled."""
        if how == "declined":
            return self.unsettled()
        narrower = {"unanswered": Q(state=DependencyState.REQUESTED), "late": Q(needed_by__lt=on)}
        return self.open().filter(narrower.get(how, Q()))

    def unsettled(self) -> Self:
        """Return declined requests of actions under way, until the action has a later update or another request.

        An update by the partner itself after it declined does not count.
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
    """A request to a partner for something that an action is waiting on."""

    State = DependencyState

    ledger_path = "action__partnership__ledger"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="dependencies")
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=gettext_lazy("waiting on"),
        on_delete=models.PROTECT,
        related_name="dependencies",
    )
    needed = LongText(gettext_lazy("what is needed"), max_length=1000)
    since = models.DateField(gettext_lazy("waiting since"))
    needed_by = models.DateField(gettext_lazy("needed by"), null=True, blank=True)
    state = models.CharField(max_length=12, choices=DependencyState, default=DependencyState.REQUESTED)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = LongText(max_length=1000, blank=True)
    expected_on = models.DateField(
        null=True, blank=True, help_text=gettext_lazy("Date by which the partner expects to provide it.")
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_on = models.DateField(null=True, blank=True, editable=False)
    ending = LongText(gettext_lazy("details"), max_length=1000, blank=True)

    lapse_verb = "dependency.ended"

    objects = DependencyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["since", "pk"]
        verbose_name_plural = gettext_lazy("dependencies")
        indexes = [models.Index(fields=["organisation", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "organisation"],
                condition=Q(state__in=OPEN_STATES),
                name="dependency_one_open_per_partner",
                violation_error_message=gettext_lazy(
                    "This action already has an open request to that organisation."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, ended_on=None)
                | ~Q(state__in=OPEN_STATES) & Q(ended_on__isnull=False),
                name="dependency_ended_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="requested", answered_at=None)
                | Q(state__in=["acknowledged", "declined"], answered_at__isnull=False)
                | Q(state__in=["met", "ended"]),
                name="dependency_answer_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("since")), name="dependency_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return gettext("{ref}: waiting on {organisation}").format(
            ref=self.action.ref, organisation=self.organisation
        )

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_unsettled(self) -> bool:
        """Whether it was declined and the action's lead has not closed it."""
        return self.state == DependencyState.DECLINED and self.ended_by_id is None

    def days_waiting(self, on: date) -> int:
        """Return the days the action has waited by the day, or waited until the request was closed or declined."""
        last = self.ended_on or on
        if self.state == DependencyState.DECLINED and self.answered_at is not None:
            last = localtime(self.answered_at).date()
        return (last - self.since).days

    def lapse_values(self, *, actor: Actor, at: datetime) -> dict[str, Any]:
        """Return the field values that close the request when its action is closed."""
        return {
            "state": DependencyState.ENDED,
            "ended_by": actor,
            "ended_on": london_date(at),
            "ending": ACTION_CLOSED,
        }
