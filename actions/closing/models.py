from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from actions.core.models import Action, RequestQuerySet
from actions.core.requests import Request
from actions.core.states import DECIDED, RequestState


class ClosureProposal(Request):
    """A programme manager's proposal to the board to withdraw or supersede an action."""

    class Kind(models.TextChoices):
        WITHDRAW = "withdraw", gettext_lazy("Withdraw")
        SUPERSEDE = "supersede", gettext_lazy("Supersede")

    kind = models.CharField(max_length=10, choices=Kind)
    superseded_by = models.ForeignKey(
        Action, on_delete=models.PROTECT, null=True, blank=True, related_name="proposed_to_supersede"
    )

    objects = RequestQuerySet["ClosureProposal"].as_manager()

    class Meta(Request.Meta):
        constraints = [
            *Request.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="withdraw", superseded_by=None)
                | Q(kind="supersede", superseded_by__isnull=False),
                name="closureproposal_names_successor",
                violation_error_message=gettext_lazy("Enter the replacement action."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=DECIDED) | Q(decided_by__isnull=False),
                name="closureproposal_decision_has_an_author",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.APPROVED) | Q(minute__isnull=False),
                name="closureproposal_approved_has_minute",
                violation_error_message=gettext_lazy("Choose the minute of the board's decision."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action.ref}: {self.get_kind_display().lower()}"
