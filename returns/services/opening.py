"""When a return opens, for whom and until when; and what becomes of one that nobody submitted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Min

from actions.core import policies
from actions.core.policies import MANAGERS_ONLY
from actions.core.states import REPORTABLE
from actions.models import Action, Plan
from actions.plans.periods import Span, span_of
from audit.clock import london_date
from audit.services import Item, append_many, writing
from audit.state import states_of
from partners.models import Membership, Organisation, Role
from partners.policies import rights_of
from returns.models import Return
from returns.states import ReturnState
from standards.cadence import Cadence, Frequency, Period

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Kept:
    """What keeping the returns came to: those opened and those missed."""

    opened: list[Return]
    missed: list[Return]


def keep_returns(*, actor: Any, at: datetime) -> Kept:
    """Open and close what is due of every plan. It may run as often as it likes, and in two places at once.

    Raises:
        PermissionDenied: unless the actor is the system, or runs every plan concerned.
    """
    kept = Kept([], [])
    asking = Plan.objects.filter(state=Plan.State.LIVE, returns_from__isnull=False)
    for plan in asking.select_related("partnership").order_by("pk"):
        kept.opened.extend(open_returns(actor=actor, plan=plan, at=at))
    on = london_date(at)
    late = Return.objects.filter(state=ReturnState.OPEN, closes_on__lt=on).order_by().values("plan")
    for plan in Plan.objects.filter(pk__in=late).select_related("partnership").order_by("pk"):
        kept.missed.extend(close_returns(actor=actor, plan=plan, at=at))
    return kept


def open_returns(*, actor: Any, plan: Plan, at: datetime) -> list[Return]:
    """Open the returns of every period that has ended: one for each organisation that led an action of the plan by
    then which is still to be reported on, and that has a SPOC or partner contact on the day.

    Doing it again opens nothing twice. An organisation that got its first SPOC while a return of the others is still
    open gets one with the same days. Where it was not done for months, all of their returns are opened; those whose
    last day has passed are then missed when returns are closed. A cadence that changed counts from the period after
    the last one opened; a quarter begun before that goes on month by month.

    Raises:
        PermissionDenied: unless the actor is the system or runs the partnership's plans.
    """
    on = london_date(at)
    _require_keeper(actor, plan, on)
    with writing(plan.partnership.ledger_id) as ledger:
        plan = Plan.objects.get(pk=plan.pk)
        spans = _spans(plan, on)
        since = _led_since(plan, on) if spans else {}
        organisations = Organisation.objects.in_bulk(since)
        have = set(
            plan.returns.filter(period_start__in=[span.period_start for span in spans]).values_list(*PLACE)
        )
        opened = [
            Return(plan=plan, organisation=organisations[pk], **span._asdict())
            for span in spans
            for pk, day in sorted(since.items())
            if day <= span.period_end and (pk, span.period_start) not in have
        ]
        Return.objects.bulk_create(opened)
        items = [Item(verb="return.opened", target=report) for report in opened]
        append_many(actor=actor, ledger=ledger, at=at, items=items)
    return opened


PLACE = ("organisation", "period_start")


def close_returns(*, actor: Any, plan: Plan, at: datetime) -> list[Return]:
    """Record as missed what was not submitted by its last day. Nothing else is said by that of any action.

    Raises:
        PermissionDenied: unless the actor is the system or runs the partnership's plans.
    """
    on = london_date(at)
    _require_keeper(actor, plan, on)
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
            Item(verb="return.missed", target=report, before=old)
            for report, old in zip(missed, before, strict=True)
        ]
        append_many(actor=actor, ledger=ledger, at=at, items=items)
    return missed


def _require_keeper(actor: Any, plan: Plan, on: date) -> None:
    if actor.actor_type == "system":
        return
    if not policies.may_manage(rights_of(actor, on), plan.partnership_id):
        raise PermissionDenied(MANAGERS_ONLY)


def _spans(plan: Plan, on: date) -> list[Span]:
    """Return the days of the returns that are asked on a day: those still open, and those that begin with it."""
    if plan.state != Plan.State.LIVE or plan.returns_from is None:
        return []
    known = [
        Span(*row) for row in plan.returns.order_by("period_start").values_list(*Span._fields).distinct()
    ]
    last = max((span.period_end for span in known), default=None)
    running = [span for span in known if span.closes_on >= on]
    return running + [
        span_of(plan=plan, period=period, cadence=how) for period, how in _ended(plan, last, on)
    ]


def _ended(plan: Plan, last: date | None, on: date) -> Iterator[tuple[Period, Cadence]]:
    """Yield the periods that have ended and come after those already opened."""
    assert plan.returns_from is not None
    first = max(plan.returns_from, plan.starts_on)
    if last is not None:
        first = max(first, last + ONE_DAY)
    cadence = plan.returns_cadence
    for period in cadence.periods(first, min(on - ONE_DAY, plan.ends_on)):
        for part, how in _beyond(period, cadence, last):
            if part.last_day < on:
                yield part, how


def _beyond(period: Period, cadence: Cadence, last: date | None) -> list[tuple[Period, Cadence]]:
    """Return the period, or the months of a quarter that earlier returns leave of it."""
    if last is None or period.first_day > last:
        return [(period, cadence)]
    monthly = replace(cadence, frequency=Frequency.MONTHLY)
    return [(month, monthly) for month in monthly.periods(last + ONE_DAY, period.last_day)]


def _led_since(plan: Plan, on: date) -> dict[int, date]:
    """Return the organisations that are asked, and since when they have led an action that is still reported on."""
    actions = Action.objects.filter(plan=plan, state__in=REPORTABLE, by_districts=False)
    posts = Membership.objects.running(on).filter(
        partnership=plan.partnership_id, role__in=(Role.SPOC, Role.PARTNER_CONTACT), user__is_active=True
    )
    led = actions.filter(lead__in=posts.values("organisation")).order_by().values_list("lead")
    return {lead: since for lead, since in led.annotate(since=Min("allocated_on")) if since is not None}
