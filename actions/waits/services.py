"""What an action waits for from a partner: named by who leads the action, answered by the partner, ended when it came."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localtime

from actions.core import policies as core_policies
from actions.core.models import Action
from actions.core.services.change import Change, changing
from actions.core.states import UNDER_WAY
from actions.waits import policies as waits_policies
from actions.waits.models import Dependency
from actions.waits.states import WAITED_FOR, DependencyState
from audit.services import append
from audit.state import state_of
from partners.models import Organisation

ANSWERED = ("state", "answered_by", "answered_at", "answer", "expected_on", "ended_on")
ENDED = ("state", "ended_by", "ended_on", "ending")
PEOPLE = ["action", "organisation", "raised_by", "answered_by", "ended_by"]


def raise_dependency(
    *,
    actor: Any,
    action: Action,
    organisation: Organisation,
    needed: str,
    at: datetime,
    since: date | None = None,
    wanted_by: date | None = None,
    version: int | None = None,
) -> Dependency:
    """Name what an action waits for from a partner. The partner comes to support the action, so that it sees it.

    Args:
        since: the first day of the wait; the day it is named when left out.
        wanted_by: the day by which it is needed.

    Raises:
        PermissionDenied: unless the actor leads the action or runs the plan.
        ValidationError: keyed by field: the lead organisation itself, one of another partnership, one that is waited on
            already, one that does not support the action (unless the actor runs the plan, when it is added), a day to
            come or before the action was allocated; code `state` when the action is not under way; code `conflict`.
    """
    with changing(
        actor=actor,
        action=action,
        at=at,
        verb="action.dependency_raised",
        version=version,
        note=needed.strip(),
    ) as change:
        row = change.action
        change.forbid(waits_policies.why_not_request_from_partner(change.rights, row))
        change.require_state(*UNDER_WAY, to="made to wait on a partner")
        since = since or change.on
        _require_partner(change, organisation)
        _require_days(change, since, wanted_by)
        row.supporting.add(organisation)
        dependency = Dependency(
            action=row,
            organisation=organisation,
            needed=needed.strip(),
            since=since,
            wanted_by=wanted_by,
            raised_by=actor,
            raised_at=at,
        )
        dependency.full_clean(exclude=PEOPLE)
        dependency.save(force_insert=True)
        change.record("dependency.raised", dependency)
        _keep_clock(row)
    return dependency


def answer_dependency(
    *,
    actor: Any,
    dependency: Dependency,
    accept: bool,
    answer: str,
    at: datetime,
    expected_on: date | None = None,
) -> Dependency:
    """Say, for the organisation that is waited on, that it will come or that it will not.

    Args:
        accept: acknowledge; otherwise decline, also after an acknowledgement.
        expected_on: the day by which it will be there.

    Raises:
        PermissionDenied: unless the actor speaks for that organisation.
        ValidationError: keyed by field: a decline without a reason or with a day, a day that has passed; code
            `conflict` when it was answered or ended already, naming by whom and when.
    """
    became = "acknowledged" if accept else "declined"
    with _changing(actor, dependency, at, became, answer) as change:
        row = _under_lock(change, dependency)
        change.forbid(waits_policies.why_not_answer(change.rights, row))
        open_to = (DependencyState.ASKED,) if accept else WAITED_FOR
        if row.state not in open_to:
            raise ValidationError(closed_by(dependency=row), code="conflict")
        change.require_state(*UNDER_WAY, to="answered for")
        _require_answer(change, accept, answer, expected_on)
        before = state_of(row)
        row.state = DependencyState.ACKNOWLEDGED if accept else DependencyState.DECLINED
        row.answered_by, row.answered_at, row.answer = actor, at, answer.strip()
        row.expected_on = expected_on
        row.ended_on = None if accept else change.on
        _save(change, row, ANSWERED, became, before)
    return row


def end_dependency(*, actor: Any, dependency: Dependency, met: bool, ending: str, at: datetime) -> Dependency:
    """Say that what an action waited for came, or is no longer needed.

    What was declined stays declined: ending it says how it was settled without the partner.

    Args:
        ending: how it ended; a reason unless it came.

    Raises:
        PermissionDenied: unless the actor leads the action or runs the plan.
        ValidationError: keyed by field: no longer needed without a reason; code `conflict` when it ended already,
            naming by whom and when; code `state` when the action is not under way.
    """
    became = "met" if met else "ended"
    with _changing(actor, dependency, at, became, ending) as change:
        row = _under_lock(change, dependency)
        change.forbid(waits_policies.why_not_request_from_partner(change.rights, change.action))
        if not row.is_open and not row.is_unsettled:
            raise ValidationError(closed_by(dependency=row), code="conflict")
        change.require_state(*UNDER_WAY, to="changed in what it waits for")
        if not met and not ending.strip():
            raise ValidationError({"ending": "Say why it is no longer needed."})
        before = state_of(row)
        if met:
            row.state = DependencyState.MET
        elif row.is_open:
            row.state = DependencyState.ENDED
        row.ended_by, row.ended_on, row.ending = actor, change.on, ending.strip()
        _save(change, row, ENDED, became, before)
    return row


def closed_by(*, dependency: Dependency) -> str:
    """Say who answered or ended it, how and when."""
    if dependency.ended_by is not None and dependency.ended_on is not None:
        how = "received" if dependency.state == DependencyState.MET else "no longer needed"
        who, when = dependency.ended_by, f"{dependency.ended_on:%-d %B %Y}"
        return f"This is no longer waited for: {who} said on {when} that it was {how}."
    if dependency.answered_at is None:
        return "This is still waited for."
    moment = localtime(dependency.answered_at)
    return (
        f"This was answered already: it was {dependency.get_state_display().lower()} by {dependency.answered_by} "
        f"on {moment:%-d %B %Y} at {moment:%H:%M}."
    )


def require_waited_on_kept(
    action: Action, *, lead: Organisation | None, supporting: Collection[Organisation] | None = None
) -> None:
    """Raise ValidationError where a partner that is waited on would lead the action or no longer support it."""
    errors: dict[str, list[str]] = {}
    kept = None if supporting is None else {organisation.pk for organisation in supporting}
    for dependency in action.dependencies.open().select_related("organisation"):
        waits = f"The action has waited on {dependency.organisation} since {dependency.since:%-d %B %Y}"
        if lead is not None and lead.pk == dependency.organisation_id:
            words = (
                f"{waits}, so it cannot lead it. First say that what is needed came or is no longer needed."
            )
            errors.setdefault("lead", []).append(words)
        elif kept is not None and dependency.organisation_id not in kept:
            words = f"{waits}, so it keeps supporting it until what is needed came or is no longer needed."
            errors.setdefault("supporting", []).append(words)
    if errors:
        raise ValidationError(errors)


def _changing(
    actor: Any, dependency: Dependency, at: datetime, became: str, note: str
) -> AbstractContextManager[Change]:
    verb = f"action.dependency_{became}"
    # An action may come to be delivered by districts while it waits.
    return changing(actor=actor, action=dependency.action, at=at, verb=verb, note=note.strip(), as_whole=True)


def _under_lock(change: Change, dependency: Dependency) -> Dependency:
    """Return it as it stands now that the action is locked."""
    rows = Dependency._base_manager.select_related("organisation", "answered_by", "ended_by")
    locked = rows.get(pk=dependency.pk, action=change.action)
    locked.action = change.action
    return locked


def _save(
    change: Change, dependency: Dependency, fields: Collection[str], became: str, before: dict[str, Any]
) -> None:
    dependency.full_clean(exclude=PEOPLE)
    dependency.save(update_fields=fields)
    append(
        actor=change.actor,
        ledger=change.ledger,
        at=change.at,
        verb=f"dependency.{became}",
        target=dependency,
        before=before,
    )
    _keep_clock(change.action)


def _keep_clock(action: Action) -> None:
    """Keep on the action what lists read: since when it waits on anybody."""
    first = action.dependencies.open().order_by("since").first()
    action.waiting_since = first.since if first else None


def _require_partner(change: Change, organisation: Organisation) -> None:
    action = change.action
    if organisation.partnership_id != action.partnership_id:
        raise ValidationError({"organisation": "Choose an organisation of this partnership."})
    if organisation.pk == action.lead_id:
        raise ValidationError(
            {"organisation": f"{organisation} leads this action: it does not wait on itself."}
        )
    waited = action.dependencies.open().filter(organisation=organisation).first()
    if waited is not None:
        words = f"This action waits on {organisation} already, since {waited.since:%-d %B %Y}."
        raise ValidationError({"organisation": words})
    manages = core_policies.may_manage(change.rights, action.partnership_id)
    if not manages and organisation.pk not in change.supporting_ids():
        words = f"{organisation} does not support this action, so it could not see what is asked of it. "
        raise ValidationError(
            {"organisation": f"{words}Ask the programme manager to add it, or to name it here."}
        )


def _require_days(change: Change, since: date, wanted_by: date | None) -> None:
    action, errors = change.action, {}
    first = action.allocated_on or action.plan.starts_on
    if since > change.on:
        errors["since"] = "The day since when the action waits must not be in the future."
    elif since < first:
        errors["since"] = (
            f"The action was allocated on {first:%-d %B %Y}: it has not waited longer."
            if action.allocated_on
            else f"The plan begins on {first:%-d %B %Y}: the action has not waited longer."
        )
    if wanted_by is not None and wanted_by < since:
        errors["wanted_by"] = "The day it is wanted by must not be before the wait began."
    if errors:
        raise ValidationError(errors)


def _require_answer(change: Change, accept: bool, answer: str, expected_on: date | None) -> None:
    errors = {}
    if not accept and not answer.strip():
        errors["answer"] = "Give the reason why it will not come."
    if not accept and expected_on is not None:
        errors["expected_on"] = "Leave the day out: what is declined is not expected."
    elif expected_on is not None and expected_on < change.on:
        errors["expected_on"] = "The day by which it will be there must not be in the past."
    if errors:
        raise ValidationError(errors)
