from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from actions.plans import policies
from actions.plans.models import Pillar, Plan
from actions.plans.periods import span_of
from actions.plans.pillar_sets import PILLAR_SETS
from audit.actors import Actor
from audit.clock import london_date
from audit.policies import forbid
from audit.services import append, writing
from audit.state import state_of
from partners.models import Partnership
from partners.policies import rights_of
from web.language import day_text, period_text

PLAN_FIELDS = frozenset(
    {
        *("title", "starts_on", "ends_on", "marking", "handling_instruction", "state", "cadence"),
        *("evidence_required", "return_day", "return_grace", "returns_from"),
    }
)


def create_plan(
    *,
    actor: Actor,
    partnership: Partnership,
    title: str,
    starts_on: date,
    ends_on: date,
    at: datetime,
    pillar_set: str = "",
    **fields: Any,
) -> Plan:
    """Open a plan for a period; it is a draft until it is made live.

    Args:
        pillar_set: a key of `PILLAR_SETS`, whose pillars the plan gets; empty for a plan without pillars.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field, for example a title already used.
    """
    forbid(policies.why_not_create_plan(rights_of(actor, london_date(at)), partnership.pk))
    plan = Plan(partnership=partnership, title=title.strip(), starts_on=starts_on, ends_on=ends_on, **fields)
    with writing(partnership.ledger_id) as ledger:
        plan.full_clean()
        _require_askable(plan, london_date(at))
        plan.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="plan.created", target=plan)
        for order, name in enumerate(PILLAR_SETS[pillar_set].names if pillar_set else (), 1):
            save_pillar(actor=actor, pillar=Pillar(plan=plan, name=name, order=order), at=at)
    return plan


def change_plan(*, actor: Actor, plan: Plan, at: datetime, **fields: Any) -> Plan:
    """Change a plan's title, period, marking, cadence, state (draft, live, closed) or its need of evidence.

    Open returns keep their days: a changed cadence applies to returns that open later.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field; a closed plan is not reopened as a draft, and no returns are asked from a
            period whose last day to submit has passed.
    """
    unknown = fields.keys() - PLAN_FIELDS
    if unknown:
        raise TypeError(f"change_plan cannot set {', '.join(sorted(unknown))}")
    forbid(policies.why_not_change_plan(rights_of(actor, london_date(at)), plan))
    with writing(plan.partnership.ledger_id) as ledger:
        plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        before = state_of(plan)
        for name, value in fields.items():
            setattr(plan, name, value)
        if before["state"] != Plan.State.DRAFT and plan.state == Plan.State.DRAFT:
            raise ValidationError(
                {"state": gettext("A plan that has been live cannot become a draft again.")}
            )
        plan.full_clean()
        if (now := state_of(plan)) != before:
            if now["returns_from"] != before["returns_from"]:
                _require_askable(plan, london_date(at))
            plan.save(update_fields=sorted(fields))
            append(actor=actor, ledger=ledger, at=at, verb="plan.changed", target=plan, before=before)
    return plan


def _require_askable(plan: Plan, on: date) -> None:
    """Refuse to ask for returns that nobody could submit in time."""
    if plan.returns_from is None:
        return
    if plan.returns_from > plan.ends_on:
        raise ValidationError({"returns_from": gettext("Enter a date before the plan ends.")})
    cadence = plan.returns_cadence
    period = cadence.period_of(max(plan.returns_from, plan.starts_on))
    try:
        closes = span_of(plan=plan, period=period, cadence=cadence).closes_on
    except ValueError as error:
        raise ValidationError({"returns_from": gettext("Enter a day from 1990 to 2099.")}) from error
    if closes < on:
        raise ValidationError(
            {
                "returns_from": gettext(
                    "The return for {period} would already have closed on {closes}. Enter a later date."
                ).format(period=period_text(period), closes=day_text(closes))
            }
        )


def save_pillar(*, actor: Actor, pillar: Pillar, at: datetime) -> Pillar:
    """Create a pillar (one without an id) or change one; an unchanged pillar writes nothing.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field, for example a name already used in the plan.
    """
    forbid(policies.why_not_change_plan(rights_of(actor, london_date(at)), pillar.plan))
    with writing(pillar.plan.partnership.ledger_id) as ledger:
        before = None
        if pillar.pk is not None:
            before = state_of(
                Pillar.objects.select_for_update(of=("self",)).get(pk=pillar.pk, plan=pillar.plan)
            )
        pillar.full_clean()
        if before is not None and state_of(pillar) == before:
            return pillar
        pillar.save(force_insert=before is None)
        verb = "pillar.created" if before is None else "pillar.changed"
        append(actor=actor, ledger=ledger, at=at, verb=verb, target=pillar, before=before)
    return pillar
