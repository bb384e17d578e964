"""Which plans and actions a user may see, and the questions lists ask of them."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db.models import Count, Model, Q, QuerySet
from django.db.models.functions import Coalesce

from actions import policies
from actions.states import OPEN, REPORTABLE, State
from partners.policies import rights_of
from standards import rag

if TYPE_CHECKING:
    from actions.models import Action, Plan  # noqa: F401  named in the bases below

CADENCE_DAYS = {"monthly": 31, "quarterly": 92}


class PlanQuerySet(QuerySet["Plan"]):
    def visible_to(self, user: Any, on: date) -> Self:
        actions: Any = self.model._meta.get_field("actions").related_model._default_manager
        return self.filter(policies.visible_plans(rights_of(user, on), actions.visible_to(user, on)))


class ActionQuerySet(QuerySet["Action"]):
    def visible_to(self, user: Any, on: date) -> Self:
        supporting: Any = self.model._meta.get_field("supporting").remote_field.through._default_manager  # type: ignore[union-attr]
        return self.filter(policies.visible(rights_of(user, on), supporting))

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def overdue(self, on: date) -> Self:
        """Keep the actions still to be done whose due date has passed."""
        return self.filter(overdue_on(on))

    def stale(self, on: date) -> Self:
        """Keep the actions under way of which nothing was heard within the plan's cadence and seven days."""
        late = Q()
        for cadence, days in CADENCE_DAYS.items():
            late |= Q(plan__cadence=cadence, heard_on__lt=rag.stale_before(cadence_days=days, on=on))
        heard = self.alias(heard_on=Coalesce("last_reported_on", "allocated_on"))
        return heard.filter(late, state__in=REPORTABLE)

    def of_user(self, user: Any) -> Self:
        """Keep the actions the user owns or is the alternate for."""
        return self.filter(Q(owner=user) | Q(alternate=user))

    def for_list(self) -> Self:
        """Join what one line of a list shows."""
        return self.select_related("plan", "pillar", "area", "lead", "owner")

    def tally(self, *by: str, on: date) -> "QuerySet[Any, dict[str, Any]]":
        """Count actions by the named fields, state and declared rating; `late` says how many of them are overdue."""
        groups = self.order_by().values(*by, "state", "rag")
        counted: QuerySet[Any, dict[str, Any]] = groups.annotate(
            number=Count("pk"), late=Count("pk", filter=overdue_on(on))
        )
        return counted


def overdue_on(on: date) -> Q:
    return Q(due__lt=on, state__in=(*REPORTABLE, State.AWAITING_ASSURANCE))


Row_co = TypeVar("Row_co", bound=Model, covariant=True)


class ActionChildQuerySet(QuerySet[Row_co]):
    """Updates, evidence and assurances: seen by those who see their action."""

    def visible_to(self, user: Any, on: date) -> Self:
        actions: Any = self.model._meta.get_field("action").related_model._default_manager  # type: ignore[union-attr]
        return self.filter(action__in=actions.visible_to(user, on))
