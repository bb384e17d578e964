"""Which plans and actions a user may see, and the questions lists ask of them."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db.models import Case, CharField, Count, Exists, F, Model, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from actions import policies
from actions.states import OPEN, REPORTABLE, WAITED_FOR, RequestState, State
from partners.models import Membership
from partners.policies import CAN_OWN, rights_of
from standards import rag

if TYPE_CHECKING:
    from actions.models import Action, Dependency, Evidence, Plan  # noqa: F401  named in the bases below

CADENCE_DAYS = {"monthly": 31, "quarterly": 92}
# Somebody answers for these, and they are not done.
UNDER_WAY = (*REPORTABLE, State.AWAITING_ASSURANCE)


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
        return heard.filter(late, state__in=REPORTABLE, by_districts=False)

    def with_computed_rag(self, on: date) -> Self:
        """Give each row `computed`: the rating that `standards.rag.compute` finds; empty where there is none."""
        late = Q()
        for cadence, days in CADENCE_DAYS.items():
            late |= Q(plan__cadence=cadence, heard_on__lt=rag.stale_before(cadence_days=days, on=on))
        rules = Case(
            When(~Q(state__in=UNDER_WAY) | Q(by_districts=True), then=Value("")),
            When(due__lt=on, then=Value(rag.Rag.RED.value)),
            When(late, then=Value(rag.Rag.AMBER.value)),
            When(
                due__lte=on + rag.NEARLY_DUE,
                percent__lt=rag.NEARLY_DONE_PERCENT,
                then=Value(rag.Rag.AMBER.value),
            ),
            default=Value(rag.Rag.GREEN.value),
            output_field=CharField(),
        )
        return self.alias(heard_on=Coalesce("last_reported_on", "allocated_on")).annotate(computed=rules)

    def mismatched(self, on: date) -> Self:
        """Keep the actions whose declared rating is not the computed one; undeclared counts as green.

        `computed` is annotated.
        """
        said = self.with_computed_rag(on).alias(
            said=Case(When(rag="", then=Value(rag.Rag.GREEN.value)), default=F("rag"))
        )
        return said.exclude(computed="").exclude(computed=F("said"))

    def orphaned(self, on: date) -> Self:
        """Keep the open actions whose owner no longer holds a role here that can own one."""
        in_post = Membership.objects.running(on).filter(
            user=OuterRef("owner"),
            user__is_active=True,
            partnership=OuterRef("partnership"),
            role__in=CAN_OWN,
        )
        return self.filter(~Exists(in_post), owner__isnull=False, state__in=OPEN)

    def retest_due(self, on: date) -> Self:
        """Keep the complete actions whose re-test is due."""
        return self.filter(state=State.COMPLETE, retest_on__lte=on)

    def of_user(self, user: Any) -> Self:
        """Keep the actions the user owns or is the alternate for."""
        return self.filter(Q(owner=user) | Q(alternate=user))

    def for_list(self) -> Self:
        """Join what one line of a list shows."""
        return self.select_related("plan", "pillar", "area", "lead", "owner")

    def tally(self, *by: str, on: date) -> "QuerySet[Any, dict[str, Any]]":
        """Count actions by the named fields, state and declared rating.

        `late` says how many of them are overdue, `waiting` how many wait on a partner.
        """
        groups = self.order_by().values(*by, "state", "rag")
        counted: QuerySet[Any, dict[str, Any]] = groups.annotate(
            number=Count("pk"),
            late=Count("pk", filter=overdue_on(on)),
            waiting=Count("pk", filter=Q(waiting_since__isnull=False)),
        )
        return counted


def overdue_on(on: date) -> Q:
    return Q(due__lt=on, state__in=UNDER_WAY)


Row_co = TypeVar("Row_co", bound=Model, covariant=True)


class ActionChildQuerySet(QuerySet[Row_co]):
    """Updates, evidence and assurances: seen by those who see their action."""

    def visible_to(self, user: Any, on: date) -> Self:
        actions: Any = self.model._meta.get_field("action").related_model._default_manager  # type: ignore[union-attr]
        return self.filter(action__in=actions.visible_to(user, on))


class RequestQuerySet(ActionChildQuerySet[Row_co]):
    """What is asked about an action and decided by another."""

    def open(self) -> Self:
        return self.filter(state=RequestState.REQUESTED)


class DependencyQuerySet(ActionChildQuerySet["Dependency"]):
    def open(self) -> Self:
        """Keep what is still waited for."""
        return self.filter(state__in=WAITED_FOR)


class EvidenceQuerySet(ActionChildQuerySet["Evidence"]):
    def current(self, on: date) -> Self:
        """Keep the newest versions that have not expired."""
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=on), superseded_by=None)
