"""Which plans and actions a user may see, and the questions lists ask of them."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from actions.core import policies
from actions.core.rating import CADENCE_DAYS
from actions.core.states import OPEN, REPORTABLE, UNDER_WAY, State
from audit.actors import Reader
from partners.models import Membership
from partners.policies import CAN_OWN, rights_of
from standards import rag

if TYPE_CHECKING:
    from actions.core.models import Action  # noqa: F401  named in the base below


# How often a due date moved; "any" is "no" and "yes" together.
MOVED = {
    "any": Q(),
    "no": Q(moves=0),
    "yes": Q(moves__gt=0),
    "again": Q(moves__gt=1),
    "later": Q(due__gt=F("original_due")),
}


class ActionQuerySet(QuerySet["Action"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        supporting = self.model.supporting.through._default_manager.all()
        return self.filter(policies.visible(rights_of(user, on), supporting))

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def overdue(self, on: date) -> Self:
        """Keep the actions still to be done whose due date has passed."""
        return self.filter(overdue_on(on))

    def awaiting_allocation(self) -> Self:
        """Keep what a programme manager has to allocate: of live plans, and not delivered by districts."""
        return self.filter(state=State.AWAITING_ALLOCATION, by_districts=False, plan__state="live")

    def stale(self, on: date) -> Self:
        """Keep the actions under way without an update within the plan's cadence and seven days."""
        late = Q()
        for cadence, days in CADENCE_DAYS.items():
            late |= Q(plan__cadence=cadence, reported_on__lt=rag.stale_before(cadence_days=days, on=on))
        reported = self.alias(reported_on=Coalesce("last_reported_on", "allocated_on"))
        return reported.filter(late, state__in=REPORTABLE, by_districts=False)

    def with_computed_rag(self, on: date) -> Self:
        """Give each row `computed`: the rating that `standards.rag.compute` finds; empty where there is none."""
        late = Q()
        for cadence, days in CADENCE_DAYS.items():
            late |= Q(plan__cadence=cadence, reported_on__lt=rag.stale_before(cadence_days=days, on=on))
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
        return self.alias(reported_on=Coalesce("last_reported_on", "allocated_on")).annotate(computed=rules)

    def mismatched(self, on: date, how: str = "any") -> Self:
        """Keep the actions whose declared rating is not the computed one; undeclared counts as green.

        `computed` is annotated, and `steps`: by how many the declared rating is the better one (Action.rag_gap).

        Args:
            how: `better` or `worse` than the dates say, or `any`.
        """
        rated = self.with_computed_rag(on).exclude(computed="")
        steps = _steps_to_green("computed") - _steps_to_green("rag")
        conditions = {"better": Q(steps__gt=0), "worse": Q(steps__lt=0), "any": ~Q(steps=0)}
        return rated.annotate(steps=steps).filter(conditions[how])

    def orphaned(self, on: date) -> Self:
        """Keep the open actions whose owner no longer has a role here that can own one."""
        return self.filter(orphaned_on(on))

    def retest_due(self, on: date) -> Self:
        """Keep the complete actions whose re-test is due."""
        return self.filter(state=State.COMPLETE, retest_on__lte=on)

    def retest_set(self) -> Self:
        """Keep the complete actions that are to be tested again, due or not."""
        return self.filter(state=State.COMPLETE, retest_on__isnull=False)

    def led_by(self, user: Reader, on: date) -> Self:
        """Keep the actions the user is responsible for: as owner, alternate or for the lead organisation."""
        return self.filter(policies.led(rights_of(user, on)))

    def dated(self) -> Self:
        """Keep the actions with a due date of their own: allocated once, and not delivered by districts."""
        return self.filter(original_due__isnull=False, by_districts=False)

    def moved(self, how: str) -> Self:
        """Keep what has a due date of its own that was moved so: a key of MOVED."""
        return self.dated().filter(MOVED[how])

    def of_user(self, user: Reader) -> Self:
        """Keep the actions the user owns or is the alternate for."""
        return self.filter(Q(owner=user) | Q(alternate=user))

    def for_list(self) -> Self:
        """Join what one line of a list shows."""
        return self.select_related("plan", "pillar", "area", "lead", "owner")

    def with_parts(self, user: Reader, on: date) -> Self:
        """Give each row `seen_parts`, its districts' parts that the user sees, and its parent only where they see it."""
        return self.prefetch_related(*self.seen_relatives(user, on))

    def seen_relatives(self, user: Reader, on: date) -> "tuple[Prefetch[Any], Prefetch[Any]]":
        """Return the prefetches of `with_parts`: of the parts, and of the parent."""
        visible = self.model.objects.visible_to(user, on)
        return (
            Prefetch("children", queryset=visible.only("parent"), to_attr="seen_parts"),
            Prefetch("parent", queryset=visible.only("ref")),
        )

    def tally(self, *by: str, on: date) -> "QuerySet[Any, dict[str, Any]]":
        """Count actions by the named fields, state and declared rating.

        `late` says how many of them are overdue, `waiting` how many wait on a partner, `orphaned` how many need an
        owner since theirs left; `parents` are delivered by districts, `parts` are one district's part of them.
        """
        groups = self.order_by().values(*by, "state", "rag")
        counted: QuerySet[Any, dict[str, Any]] = groups.annotate(
            number=Count("pk"),
            late=Count("pk", filter=overdue_on(on)),
            waiting=Count("pk", filter=Q(waiting_since__isnull=False)),
            orphaned=Count("pk", filter=orphaned_on(on)),
            parents=Count("pk", filter=Q(by_districts=True)),
            parts=Count("pk", filter=Q(parent__isnull=False)),
        )
        return counted


def overdue_on(on: date) -> Q:
    return Q(due__lt=on, state__in=UNDER_WAY)


def orphaned_on(on: date) -> Q:
    in_post = Membership.objects.running(on).filter(
        user=OuterRef("owner"), user__is_active=True, partnership=OuterRef("partnership"), role__in=CAN_OWN
    )
    return Q(~Exists(in_post), owner__isnull=False, state__in=OPEN)


def _steps_to_green(rating: str) -> Case:
    """Return how far a rating is from green; undeclared counts as green."""
    cases = [When(**{rating: value.value}, then=Value(steps)) for value, steps in rag.STEPS_TO_GREEN.items()]
    return Case(*cases, default=Value(0), output_field=IntegerField())
