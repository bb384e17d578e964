"""Opening returns when a reporting period ends, and closing the ones nobody submitted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Min

from actions.core.states import REPORTABLE
from actions.models import Action, Plan
from actions.plans.periods import Span, span_of
from audit.actors import Actor
from audit.clock import london_date
from audit.policies import forbid
from audit.services import Item, append_many, writing
from audit.state import states_of
from partners.models import Membership, Organisation, Role
from returns import policies
from returns.models import Return
from returns.states import ReturnState
from standards.cadence import Cadence, Frequency, Period

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ReturnChanges:
    """The returns that one run opened, and those it marked as missed."""

    opened: list[Return]
    missed: list[Return]


def open_and_close_returns(*, actor: Actor, at: datetime) -> ReturnChanges:
    """Open and close the returns of every plan that are due. Safe to repeat, and to run twice at once.

    Raises:
        PermissionDenied: unless the actor is the system, or runs every plan concerned.
    """
    changes = ReturnChanges([], [])
    plans = Plan.objects.filter(state=Plan.State.LIVE, returns_from__isnull=False)
    for plan in plans.select_related("partnership").order_by("pk"):
        changes.opened.extend(open_returns(actor=actor, plan=plan, at=at))
    on = london_date(at)
    late = Return.objects.filter(state=ReturnState.OPEN, closes_on__lt=on).order_by().values("plan")
    for plan in Plan.objects.filter(pk__in=late).select_related("partnership").order_by("pk"):
        changes.missed.extend(close_returns(actor=actor, plan=plan, at=at))
    return changes


def open_returns(*, actor: Actor, plan: Plan, at: datetime) -> list[Return]:
    """Open the returns of every period that has ended.

    Each organisation gets one if it has a SPOC or partner contact today and led an action of the plan by the end of
    the period that still needs reports.

    Repeating it opens nothing twice. An organisation with its first SPOC gets a return while the others' are still
    open, with the same dates. After months without a run, every missing return is opened; close_returns then marks
    those past their last day as missed. A changed cadence starts after the last period opened; if that leaves part
    of a quarter, its remaining months get monthly returns.

    Raises:
        PermissionDenied: unless the actor is the system or runs the partnership's plans.
    """
    on = london_date(at)
    forbid(policies.why_not_open(actor, plan, on))
    with writing(plan.partnership.ledger_id) as ledger:
        plan = Plan.objects.get(pk=plan.pk)
        spans = _spans(plan, on)
        since = _led_since(plan, on) if spans else {}
        organisations = Organisation.objects.in_bulk(since)
        existing = set(
            plan.returns.filter(period_start__in=[span.period_start for span in spans]).values_list(*PLACE)
        )
        opened = [
            Return(plan=plan, organisation=organisations[pk], **span._asdict())
            for span in spans
            for pk, day in sorted(since.items())
            if day <= span.period_end and (pk, span.period_start) not in existing
        ]
        Return.objects.bulk_create(opened)
        items = [Item(verb="return.opened", target=report) for report in opened]
        append_many(actor=actor, ledger=ledger, at=at, items=items)
    return opened


PLACE = ("organisation", "period_start")


def close_returns(*, actor: Actor, plan: Plan, at: datetime) -> list[Return]:
    """Mark returns as missed that were not submitted by their last day. Their actions do not change.

    Raises:
        PermissionDenied: unless the actor is the system or runs the partnership's plans.
    """
    on = london_date(at)
    forbid(policies.why_not_open(actor, plan, on))
    with writing(plan.partnership.ledger_id) as ledger:
        rows = Return.objects.select_for_update(of=("self",)).select_related("organisation")
        missed = list(
            rows.filter(plan=plan, state=ReturnState.OPEN, closes_on__lt=on).order_by("closes_on", "pk")
        )
        before = states_of(missed)
        for report in missed:
            report.state = ReturnState.MISSED
            report.version += 1
        if missed:
            Return.objects.bulk_update(missed, ["state", "version"])
        items = [
            Item(verb="return.missed", target=report, before=state)
            for report, state in zip(missed, before, strict=True)
        ]
        append_many(actor=actor, ledger=ledger, at=at, items=items)
    return missed


def _spans(plan: Plan, on: date) -> list[Span]:
    """Return the dates of returns that are open on a day, or open on it."""
    if plan.state != Plan.State.LIVE or plan.returns_from is None:
        return []
    spans = [
        Span(*row) for row in plan.returns.order_by("period_start").values_list(*Span._fields).distinct()
    ]
    last = max((span.period_end for span in spans), default=None)
    open_spans = [span for span in spans if span.closes_on >= on]
    return open_spans + [
        span_of(plan=plan, period=period, cadence=cadence)
        for period, cadence in _ended_periods(plan, last, on)
    ]


def _ended_periods(plan: Plan, last: date | None, on: date) -> Iterator[tuple[Period, Cadence]]:
    """Yield the periods that have ended, after the last one opened, with their cadence."""
    assert plan.returns_from is not None
    first = max(plan.returns_from, plan.starts_on)
    if last is not None:
        first = max(first, last + ONE_DAY)
    cadence = plan.returns_cadence
    for period in cadence.periods(first, min(on - ONE_DAY, plan.ends_on)):
        for part, part_cadence in _remaining_parts(period, cadence, last):
            if part.last_day < on:
                yield part, part_cadence


def _remaining_parts(period: Period, cadence: Cadence, last: date | None) -> list[tuple[Period, Cadence]]:
    """Return the period, or the months of a quarter that no earlier return covers."""
    if last is None or period.first_day > last:
        return [(period, cadence)]
    monthly = replace(cadence, frequency=Frequency.MONTHLY)
    return [(month, monthly) for month in monthly.periods(last + ONE_DAY, period.last_day)]


def _led_since(plan: Plan, on: date) -> dict[int, date]:
    """Map the organisations that owe returns to the day since when they lead an action that still needs reports."""
    actions = Action.objects.filter(plan=plan, state__in=REPORTABLE, by_districts=False)
    memberships = Membership.objects.running(on).filter(
        partnership=plan.partnership_id, role__in=(Role.SPOC, Role.PARTNER_CONTACT), user__is_active=True
    )
    leads = actions.filter(lead__in=memberships.values("organisation")).order_by().values_list("lead")
    return {lead: since for lead, since in leads.annotate(since=Min("allocated_on")) if since is not None}
