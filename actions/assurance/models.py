from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy

from actions.core.models import Action, ActionChildQuerySet
from actions.core.requests import CitesMinute
from actions.core.states import REOPENING_OPINIONS, REPORTABLE
from web.text import LongText


class AssuranceQuerySet(ActionChildQuerySet["Assurance"]):
    def unanswered(self) -> Self:
        """Return the latest decision on each action that was returned or reopened, until it is submitted again.

        A progress update does not answer it. A closed action, or one awaiting assurance again, has none.
        """
        later = self.model._default_manager.filter(
            Q(assessed_at__gt=OuterRef("assessed_at"))
            | Q(assessed_at=OuterRef("assessed_at"), pk__gt=OuterRef("pk")),
            action=OuterRef("action"),
        )
        return self.filter(~Exists(later), opinion__in=REOPENING_OPINIONS, action__state__in=REPORTABLE)


class Assurance(CitesMinute):
    """An auditor's decision on an action, and the version of the action it was made on.

    Only to reopen an action can it carry out a board's decision, and cite the minute.
    """

    class Opinion(models.TextChoices):
        ASSURED = "assured", gettext_lazy("Assured")
        RETURNED = "returned", gettext_lazy("Returned")
        CONFIRMED = "confirmed", gettext_lazy("Confirmed by a re-test")
        REOPENED = "reopened", gettext_lazy("Reopened")

    ledger_path = "action__partnership__ledger"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="assurances")
    opinion = models.CharField(max_length=10, choices=Opinion)
    note = LongText(max_length=2000)
    action_version = models.PositiveIntegerField()
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assurances"
    )
    assessed_at = models.DateTimeField()
    retest_on = models.DateField(
        gettext_lazy("re-test on"),
        null=True,
        blank=True,
        help_text=gettext_lazy("Date on which completion is tested again."),
    )

    objects = AssuranceQuerySet.as_manager()

    class Meta(CitesMinute.Meta):
        ordering: ClassVar[list[str]] = ["-assessed_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(minute=None) | Q(opinion="reopened"), name="assurance_only_reopened_cites"
            )
        ]

    def __str__(self) -> str:
        return f"{self.action.ref}: {self.get_opinion_display()}"
