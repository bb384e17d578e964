"""Which plans and actions a user may see, and the questions lists ask of them."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Model,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from actions import policies
from actions.states import (
    OPEN,
    REPORTABLE,
    SENT_BACK,
    UNDER_WAY,
    WAITED_FOR,
    DependencyState,
    RequestState,
    State,
)
from partners.models import Membership
from partners.policies import CAN_OWN, rights_of
from standards import rag

if TYPE_CHECKING:
    from actions.models import (  # noqa: F401  named in the bases below
        Action,
        Assurance,
        Dependency,
        Evidence,
        Plan,
        Return,
        SavedView,
        UpdateRequest,
        Watch,
    )

# How long ahead the expiry of evidence is told.
EXPIRING = timedelta(days=28)
CADENCE_DAYS = {"monthly": 31, "quarterly": 92}
# How often a due date moved; "any" is "no" and "yes" together.
MOVED = {
    "any": Q(),
    "no": Q(moves=0),
    "yes": Q(moves__gt=0),
    "again": Q(moves__gt=1),
    "later": Q(due__gt=F("original_due")),
}


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

    def awaiting_allocation(self) -> Self:
        """Keep what a programme manager has to allocate: of live plans, and not delivered by districts."""
        return self.filter(state=State.AWAITING_ALLOCATION, by_districts=False, plan__state="live")

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

    def mismatched(self, on: date, how: str = "any") -> Self:
        """Keep the actions whose declared rating is not the computed one; undeclared counts as green.

        `computed` is annotated, and `steps`: by how many the declared rating is the better one (Action.hope).

        Args:
            how: `better` or `worse` than the dates say, or `any`.
        """
        rated = self.with_computed_rag(on).exclude(computed="")
        steps = _steps_to_green("computed") - _steps_to_green("rag")
        wanted = {"better": Q(steps__gt=0), "worse": Q(steps__lt=0), "any": ~Q(steps=0)}
        return rated.annotate(steps=steps).filter(wanted[how])

    def orphaned(self, on: date) -> Self:
        """Keep the open actions whose owner no longer holds a role here that can own one."""
        return self.filter(orphaned_on(on))

    def retest_due(self, on: date) -> Self:
        """Keep the complete actions whose re-test is due."""
        return self.filter(state=State.COMPLETE, retest_on__lte=on)

    def retest_set(self) -> Self:
        """Keep the complete actions that are to be tested again, due or not."""
        return self.filter(state=State.COMPLETE, retest_on__isnull=False)

    def evidenced(self, how: str, on: date) -> Self:
        """Keep the actions with evidence that is `expiring` or `expired` (newest versions count), or with `none`.

        What districts deliver is shown by evidence of their parts.
        """
        evidence: Any = self.model._meta.get_field("evidence").related_model
        rows: EvidenceQuerySet = evidence._default_manager.filter(action=OuterRef("pk"))
        if how == "none":
            return self.filter(~Exists(rows), by_districts=False)
        return self.filter(Exists(rows.expired(on) if how == "expired" else rows.expiring(on)))

    def led_by(self, user: Any, on: date) -> Self:
        """Keep the actions that the user answers for: as owner, as alternate or for the lead organisation."""
        return self.filter(policies.led(rights_of(user, on)))

    def dated(self) -> Self:
        """Keep the actions with a due date of their own: allocated once, and not delivered by districts."""
        return self.filter(original_due__isnull=False, by_districts=False)

    def moved(self, how: str) -> Self:
        """Keep what has a due date of its own that was moved so: a key of MOVED."""
        return self.dated().filter(MOVED[how])

    def of_user(self, user: Any) -> Self:
        """Keep the actions the user owns or is the alternate for."""
        return self.filter(Q(owner=user) | Q(alternate=user))

    def for_list(self) -> Self:
        """Join what one line of a list shows."""
        return self.select_related("plan", "pillar", "area", "lead", "owner")

    def waiting(self, how: str, on: date, *, organisation: int | None = None) -> Self:
        """Keep the actions that wait on a partner so: `yes`, `no`, or as `DependencyQuerySet.so` names it.

        Args:
            organisation: on this one.
        """
        dependencies: Any = self.model._meta.get_field("dependencies").related_model
        rows: DependencyQuerySet = dependencies._default_manager.filter(action=OuterRef("pk"))
        if organisation is not None:
            rows = rows.filter(organisation=organisation)
        found = Exists(rows.so("yes" if how == "no" else how, on))
        return self.filter(~found if how == "no" else found)

    def asked(self) -> Self:
        """Keep the actions of which an update was asked for that has not come."""
        requests: Any = self.model._meta.get_field("update_requests").related_model
        return self.filter(Exists(requests._default_manager.open().filter(action=OuterRef("pk"))))

    def with_parts(self, user: Any, on: date) -> Self:
        """Give each row `seen_parts`, its districts' parts that the user sees, and its parent only where they see it."""
        seen: Any = self.model._default_manager
        return self.prefetch_related(
            Prefetch("children", queryset=seen.visible_to(user, on).only("parent"), to_attr="seen_parts"),
            Prefetch("parent", queryset=seen.visible_to(user, on).only("ref")),
        )

    def with_waits(self) -> Self:
        """Give each row `waits`: what it waits for from partners, the longest wait first."""
        dependencies: Any = self.model._meta.get_field("dependencies").related_model
        still = dependencies._default_manager.open().select_related("organisation")
        return self.prefetch_related(Prefetch("dependencies", queryset=still, to_attr="waits"))

    def with_returned(self) -> Self:
        """Give each row `returned`: the judgement that sent it back, one or none, until it is submitted again."""
        judgements: Any = self.model._meta.get_field("assurances").related_model
        still = judgements._default_manager.unanswered().select_related("given_by")
        return self.prefetch_related(Prefetch("assurances", queryset=still, to_attr="returned"))

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


class UpdateRequestQuerySet(ActionChildQuerySet["UpdateRequest"]):
    def open(self) -> Self:
        """Keep what no update answered yet, of actions that can be reported on. A correction answers nothing."""
        action: Any = self.model._meta.get_field("action").related_model
        updates: Any = action._meta.get_field("updates").related_model._default_manager
        answers = updates.filter(
            action=OuterRef("action"), submitted_at__gt=OuterRef("asked_at"), corrects=None
        )
        return self.filter(~Exists(answers), action__state__in=REPORTABLE, action__by_districts=False)


class DependencyQuerySet(ActionChildQuerySet["Dependency"]):
    def open(self) -> Self:
        """Keep what is still waited for."""
        return self.filter(state__in=WAITED_FOR)

    def so(self, how: str, on: date) -> Self:
        """Keep what is waited for (`yes`), is `unanswered`, `late` (past its wanted day), or `declined` and unsettled."""
        if how == "declined":
            return self.unsettled()
        narrower = {"unanswered": Q(state=DependencyState.ASKED), "late": Q(wanted_by__lt=on)}
        return self.open().filter(narrower.get(how, Q()))

    def unsettled(self) -> Self:
        """Keep what was declined, of actions under way, until they report or name another partner after it.

        The partner's own report after its refusal settles nothing.
        """
        action: Any = self.model._meta.get_field("action").related_model
        updates: Any = action._meta.get_field("updates").related_model._default_manager
        of_action = {"action": OuterRef("action")}
        reported = updates.filter(submitted_at__gt=OuterRef("answered_at"), **of_action).exclude(
            author=OuterRef("answered_by")
        )
        others = self.model._default_manager.filter(raised_at__gt=OuterRef("answered_at"), **of_action)
        return self.filter(
            ~Exists(reported),
            ~Exists(others),
            state=DependencyState.DECLINED,
            ended_by=None,
            action__state__in=UNDER_WAY,
        )


class AssuranceQuerySet(ActionChildQuerySet["Assurance"]):
    def unanswered(self) -> Self:
        """Keep what sent an action back to its owner and is the last judgement of it, until it is submitted again.

        Reports do not answer it. An action that is closed, or waits for assurance again, has none.
        """
        later = self.model._default_manager.filter(
            Q(given_at__gt=OuterRef("given_at")) | Q(given_at=OuterRef("given_at"), pk__gt=OuterRef("pk")),
            action=OuterRef("action"),
        )
        return self.filter(~Exists(later), opinion__in=SENT_BACK, action__state__in=REPORTABLE)


class EvidenceQuerySet(ActionChildQuerySet["Evidence"]):
    def current(self, on: date) -> Self:
        """Keep the newest versions that have not expired."""
        return self.newest().filter(Q(expires_on=None) | Q(expires_on__gte=on))

    def newest(self) -> Self:
        """Keep what no later version took the place of."""
        return self.filter(superseded_by=None)

    def expiring(self, on: date) -> Self:
        """Keep the newest versions that still count and will not within 28 days."""
        return self.newest().filter(expires_on__gte=on, expires_on__lte=on + EXPIRING)

    def expired(self, on: date) -> Self:
        """Keep the newest versions whose last day has passed."""
        return self.newest().filter(expires_on__lt=on)


class ReturnQuerySet(QuerySet["Return"]):
    def visible_to(self, user: Any, on: date) -> Self:
        return self.filter(policies.visible_returns(rights_of(user, on)))


class ReturnChildQuerySet(QuerySet[Row_co]):
    """Rows and commentaries: seen by those who see their return, and the action a row is about."""

    def visible_to(self, user: Any, on: date) -> Self:
        returns: Any = self.model._meta.get_field("report").related_model._default_manager  # type: ignore[union-attr]
        found = self.filter(report__in=returns.visible_to(user, on))
        if not any(field.name == "action" for field in self.model._meta.fields):
            return found
        actions: Any = self.model._meta.get_field("action").related_model._default_manager  # type: ignore[union-attr]
        return found.filter(action__in=actions.visible_to(user, on))


class SavedViewQuerySet(QuerySet["SavedView"]):
    def visible_to(self, user: Any, on: date) -> Self:
        return self.filter(policies.visible_views(rights_of(user, on)))


class WatchQuerySet(QuerySet["Watch"]):
    def visible_to(self, user: Any, on: date) -> Self:
        """Keep the user's own, of views that they may still open."""
        views: Any = self.model._meta.get_field("view").related_model._default_manager
        return self.filter(user=user, view__in=views.visible_to(user, on))
