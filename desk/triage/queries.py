"""What a programme manager sorts out each month: who has not reported, and which actions need attention."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from actions.lists.filters import ActionFilter
from actions.models import Action, Evidence, Plan, Question
from audit.actors import Actor, Reader
from desk.escalations.services import current_in_plans, escalations_of_plan, is_paused
from desk.reminders.queries import Candidate, candidates
from partners.policies import Role, rights_of
from returns.models import Return
from returns.states import ReturnState
from web.language import lazy_text, period_text

# What the page counts: its label, what it means, the filters of the action list, and whose owners can be reminded.
QUESTIONS: Sequence[tuple[str, str, Sequence[tuple[str, str]], str]] = (
    (
        lazy_text("Late"),
        lazy_text("The due date has passed"),
        [("overdue", "yes")],
        lazy_text("late actions"),
    ),
    (
        lazy_text("Update missing"),
        lazy_text("No update for longer than the plan allows"),
        [("stale", "yes")],
        lazy_text("actions without an update"),
    ),
    (
        lazy_text("Update requested"),
        lazy_text("Not answered yet"),
        [("update_requested", "yes")],
        lazy_text("actions with an update request"),
    ),
    (
        lazy_text("Slipping"),
        lazy_text("Due later than the original date"),
        [("state", "open"), ("moved", "later")],
        "",
    ),
    (
        lazy_text("RAG mismatch"),
        lazy_text("Declared better than the dates show"),
        [("rag_differs", "better")],
        lazy_text("actions with a RAG mismatch"),
    ),
    (lazy_text("Waiting on a partner"), "", [("waiting", "yes")], ""),
    (
        lazy_text("Waiting too long"),
        lazy_text("Past the date the work is needed by"),
        [("waiting", "late")],
        "",
    ),
    (
        lazy_text("Not allocated"),
        lazy_text("No owner or due date yet"),
        [("state", "awaiting_allocation"), ("part", "leaves")],
        "",
    ),
    (lazy_text("Owner left"), lazy_text("The owner no longer has a role"), [("owner", "gone")], ""),
)
ALLOCATE = lazy_text("Not allocated")


@dataclass(frozen=True)
class ReturnsOfPeriod:
    """The returns of a plan for one period.

    Attributes:
        missing: those that are not in: open, missed, or returned with a question, each with who can be reminded.
    """

    plan: Plan
    label: str
    number: int
    submitted: int
    due_on: date
    closes_on: date
    missing: Sequence[Candidate]
    address: str
    missing_address: str

    @property
    def can_be_reminded(self) -> Sequence[Candidate]:
        return [row for row in self.missing if not row.refusal]

    @property
    def remind_address(self) -> str:
        query = [("return", str(row.subject.pk)) for row in self.can_be_reminded]
        return f"{reverse('desk:remind')}?{urlencode(query)}"


@dataclass(frozen=True)
class Line:
    """A count of actions, with the address of exactly those actions.

    Attributes:
        subject: the actions whose owners can be reminded, in words; empty where nobody is.
    """

    label: str
    hint: str
    number: int
    address: str
    remind_address: str = ""
    subject: str = ""
    allocate_address: str = ""


@dataclass(frozen=True)
class OpenRows:
    """A count of rows that belong to a plan's actions, with the address of exactly those rows."""

    number: int
    label: str
    address: str


def managed_plans(*, user: Reader, on: date) -> list[Plan]:
    """Return the live plans that the user runs, the one that began last first."""
    managed = rights_of(user, on).partnerships(Role.PROGRAMME_MANAGER)
    plans = Plan.objects.visible_to(user, on).filter(partnership__in=managed, state=Plan.State.LIVE)
    return list(plans.select_related("partnership").order_by("-starts_on", "-pk"))


def returns_of_last_period(*, plan: Plan, user: Reader, on: date) -> ReturnsOfPeriod | None:
    """Return the returns of the last period that opened; None before the first."""
    visible = Return.objects.visible_to(user, on).filter(plan=plan)
    start = visible.order_by("-period_start").values_list("period_start", flat=True).first()
    if start is None:
        return None
    reports = list(visible.filter(period_start=start).select_related("plan", "organisation", "submitted_by"))
    missing = [report for report in reports if report.state != ReturnState.SUBMITTED]
    address = f"{reverse('returns:return-list')}?plan={plan.pk}&period={start.isoformat()}"
    return ReturnsOfPeriod(
        plan=plan,
        label=period_text(reports[0].period),
        number=len(reports),
        submitted=len(reports) - len(missing),
        due_on=reports[0].due_on,
        closes_on=reports[0].closes_on,
        missing=candidates(subjects=missing, on=on),
        address=address,
        missing_address=f"{address}&state=missing",
    )


def lines_of(*, plan: Plan, user: Reader, on: date) -> list[Line]:
    """Count the actions of each question with the filters of the list that it opens."""
    # The plan is known to be visible, so it is not checked again as a filter of each question.
    visible = Action.objects.visible_to(user, on).filter(plan=plan)
    lines = []
    for label, hint, pairs, subject in QUESTIONS:
        query = urlencode([("plan", str(plan.pk)), *pairs])
        asked, names = QueryDict(urlencode(pairs)), {name for name, _ in pairs}
        number = ActionFilter(asked, visible, user=user, on=on, only=names).qs.order_by().count()
        lines.append(
            Line(
                label,
                hint,
                number,
                f"{reverse('actions:action-list')}?{query}",
                f"{reverse('desk:remind')}?scope=all&{query}" if subject and number else "",
                subject,
                f"{reverse('actions:action-bulk')}?scope=all&change=allocate&{query}"
                if label == ALLOCATE and number
                else "",
            )
        )
    return lines


def open_rows_of(*, plan: Plan, user: Actor, on: date) -> list[OpenRows]:
    """Count a plan's escalations and questions without an answer, and its evidence that is about to expire."""
    escalations = escalations_of_plan(actor=user, plan=plan, on=on)
    questions = Question.objects.visible_to(user, on).filter(action__plan=plan)
    evidence = Evidence.objects.visible_to(user, on).filter(action__plan=plan)
    return [
        OpenRows(
            escalations.filter(current_in_plans(on=on), ~is_paused(on=on)).count(),
            gettext("Escalations not acknowledged"),
            reverse("desk:plan-escalations", args=[plan.pk]),
        ),
        OpenRows(
            questions.open().count(),
            gettext("Questions not answered"),
            reverse("actions:plan-questions", args=[plan.pk]),
        ),
        OpenRows(
            evidence.expiring(on).count(),
            gettext("Evidence that expires within 28 days"),
            reverse("actions:plan-evidence", args=[plan.pk], query={"show": "expiring"}),
        ),
    ]
