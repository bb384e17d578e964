"""Requesting something from a partner, acknowledging or declining it, and closing the request."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from actions.core import policies as core_policies
from actions.core.models import Action
from actions.core.services.change import Change, changing
from actions.core.states import UNDER_WAY
from actions.waits import policies
from actions.waits.models import Dependency
from actions.waits.states import OPEN_STATES, DependencyState
from audit.actors import Actor, account_of
from audit.services import append
from audit.state import state_of
from partners.models import Organisation
from web.language import day_text, moment_text

ANSWER_FIELDS = ("state", "answered_by", "answered_at", "answer", "expected_on", "ended_on")
CLOSING_FIELDS = ("state", "ended_by", "ended_on", "ending")
PEOPLE = ["action", "organisation", "raised_by", "answered_by", "ended_by"]


def request_dependency(
    *,
    actor: Actor,
    action: Action,
    organisation: Organisation,
    needed: str,
    at: datetime,
    since: date | None = None,
    needed_by: date | None = None,
    version: int | None = None,
) -> Dependency:
    """Request something from a partner. The partner is added to the supporting organisations, so that it sees the action.

    Args:
        since: the first day of the wait; today when left out.
        needed_by: the date by which it is needed.

    Raises:
        PermissionDenied: unless the actor leads the action or runs the plan.
        ValidationError: keyed by field, for the lead organisation itself, a partner with an open request, an
            organisation of another partnership, or one that does not support the action unless the actor runs the
            plan; for a day in the future or before allocation; code `state` when the action is not under way; code
            `conflict` for a stale version.
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
        change.forbid(policies.why_not_request_from_partner(change.rights, row))
        change.require_state(*UNDER_WAY, to=gettext("set to wait on a partner"))
        since = since or change.on
        _require_partner(change, organisation)
        _require_days(change, since, needed_by)
        row.supporting.add(organisation)
        dependency = Dependency(
            action=row,
            organisation=organisation,
            needed=needed.strip(),
            since=since,
            needed_by=needed_by,
            raised_by=account_of(actor),
            raised_at=at,
        )
        dependency.full_clean(exclude=PEOPLE)
        dependency.save(force_insert=True)
        change.record("dependency.raised", dependency)
        _set_waiting_since(row)
    return dependency


def answer_dependency(
    *,
    actor: Actor,
    dependency: Dependency,
    accept: bool,
    answer: str,
    at: datetime,
    expected_on: date | None = None,
) -> Dependency:
    """Acknowledge or decline a request for the partner.

    Args:
        accept: True acknowledges; False declines, also after acknowledging.
        expected_on: the date by which the partner expects to provide it.

    Raises:
        PermissionDenied: unless the actor speaks for that organisation.
        ValidationError: keyed by field, to decline without a reason or with an expected date, or for a date in the
            past; code `conflict`, naming who and when, when it was already answered or closed.
    """
    verb = "acknowledged" if accept else "declined"
    with _changing(actor, dependency, at, verb, answer) as change:
        row = _reload(change, dependency)
        change.forbid(policies.why_not_answer(change.rights, row))
        answerable = (DependencyState.REQUESTED,) if accept else OPEN_STATES
        if row.state not in answerable:
            raise ValidationError(closed_by(dependency=row), code="conflict")
        change.require_state(*UNDER_WAY, to=gettext("given an answer"))
        _require_answer(change, accept, answer, expected_on)
        before = state_of(row)
        row.state = DependencyState.ACKNOWLEDGED if accept else DependencyState.DECLINED
        row.answered_by, row.answered_at, row.answer = account_of(actor), at, answer.strip()
        row.expected_on = expected_on
        row.ended_on = None if accept else change.on
        _save(change, row, ANSWER_FIELDS, verb, before)
    return row


def close_dependency(
    *, actor: Actor, dependency: Dependency, met: bool, ending: str, at: datetime
) -> Dependency:
    """Close a request to a partner: it was received, or is no longer needed.

    A declined request that is no longer needed stays declined; `ending` says how the work continues.

    Args:
        met: whether it was received.
        ending: details; required unless it was received.

    Raises:
        PermissionDenied: unless the actor leads the action or runs the plan.
        ValidationError: keyed by field, if no longer needed without a reason; code `conflict`, naming who and when,
            when it is already closed; code `state` when the action is not under way.
    """
    verb = "met" if met else "ended"
    with _changing(actor, dependency, at, verb, ending) as change:
        row = _reload(change, dependency)
        change.forbid(policies.why_not_request_from_partner(change.rights, change.action))
        if not row.is_open and not row.is_unsettled:
            raise ValidationError(closed_by(dependency=row), code="conflict")
        change.require_state(*UNDER_WAY, to=gettext("given changed requests to partners"))
        if not met and not ending.strip():
            raise ValidationError({"ending": gettext("Say how the work will continue without it.")})
        before = state_of(row)
        if met:
            row.state = DependencyState.MET
        elif row.is_open:
            row.state = DependencyState.ENDED
        row.ended_by, row.ended_on, row.ending = account_of(actor), change.on, ending.strip()
        _save(change, row, CLOSING_FIELDS, verb, before)
    return row


def closed_by(*, dependency: Dependency) -> str:
    """Return who answered or closed the request, how and when."""
    if dependency.ended_by is not None and dependency.ended_on is not None:
        how = gettext("received") if dependency.state == DependencyState.MET else gettext("no longer needed")
        who, when = dependency.ended_by, day_text(dependency.ended_on)
        return gettext("{who} closed this request on {when} as {how}.").format(who=who, when=when, how=how)
    if dependency.answered_at is None:
        return gettext("This request is still open.")
    return gettext("This request was {get_state_display} by {answered_by} on {moment}.").format(
        get_state_display=dependency.get_state_display().lower(),
        answered_by=dependency.answered_by,
        moment=moment_text(dependency.answered_at),
    )


def require_partners_unchanged(
    action: Action, *, lead: Organisation | None, supporting: Collection[Organisation] | None = None
) -> None:
    """Raise ValidationError if a partner with an open request would lead the action or no longer support it."""
    errors: dict[str, list[str]] = {}
    supporting_ids = None if supporting is None else {organisation.pk for organisation in supporting}
    for dependency in action.dependencies.open().select_related("organisation"):
        waiting = gettext("The action is waiting on {organisation} since {since}").format(
            organisation=dependency.organisation, since=day_text(dependency.since)
        )
        if lead is not None and lead.pk == dependency.organisation_id:
            message = gettext("{waiting}. Close that request before {organisation} leads the action.").format(
                waiting=waiting, organisation=dependency.organisation
            )
            errors.setdefault("lead", []).append(message)
        elif supporting_ids is not None and dependency.organisation_id not in supporting_ids:
            message = gettext("{waiting}. Close that request before you remove {organisation}.").format(
                waiting=waiting, organisation=dependency.organisation
            )
            errors.setdefault("supporting", []).append(message)
    if errors:
        raise ValidationError(errors)


def _changing(
    actor: Actor, dependency: Dependency, at: datetime, verb: str, note: str
) -> AbstractContextManager[Change]:
    # An action may become a joint action while it waits.
    return changing(
        actor=actor,
        action=dependency.action,
        at=at,
        verb=f"action.dependency_{verb}",
        note=note.strip(),
        as_whole=True,
    )


def _reload(change: Change, dependency: Dependency) -> Dependency:
    """Return the request as it is now that the action is locked."""
    rows = Dependency._base_manager.select_related("organisation", "answered_by", "ended_by")
    locked = rows.get(pk=dependency.pk, action=change.action)
    locked.action = change.action
    return locked


def _save(
    change: Change, dependency: Dependency, fields: Collection[str], verb: str, before: dict[str, Any]
) -> None:
    dependency.full_clean(exclude=PEOPLE)
    dependency.save(update_fields=fields)
    append(
        actor=change.actor,
        ledger=change.ledger,
        at=change.at,
        verb=f"dependency.{verb}",
        target=dependency,
        before=before,
    )
    _set_waiting_since(change.action)


def _set_waiting_since(action: Action) -> None:
    """Copy the start of the longest open wait to the action, for lists."""
    first = action.dependencies.open().order_by("since").first()
    action.waiting_since = first.since if first else None


def _require_partner(change: Change, organisation: Organisation) -> None:
    action = change.action
    if organisation.partnership_id != action.partnership_id:
        raise ValidationError({"organisation": gettext("Choose an organisation in this partnership.")})
    if organisation.pk == action.lead_id:
        raise ValidationError(
            {
                "organisation": gettext(
                    "{organisation} leads this action. Choose another organisation."
                ).format(organisation=organisation)
            }
        )
    open_request = action.dependencies.open().filter(organisation=organisation).first()
    if open_request is not None:
        message = gettext("This action is already waiting on {organisation}, since {since}.").format(
            organisation=organisation, since=day_text(open_request.since)
        )
        raise ValidationError({"organisation": message})
    refusal = core_policies.why_not_manage(change.rights, action.partnership_id)
    if refusal and organisation.pk not in change.supporting_ids():
        message = gettext(
            "{organisation} does not support this action, so it cannot see the request. Ask the "
            "programme manager to add it."
        ).format(organisation=organisation)
        raise ValidationError({"organisation": message})


def _require_days(change: Change, since: date, needed_by: date | None) -> None:
    action, errors = change.action, {}
    first = action.allocated_on or action.plan.starts_on
    if since > change.on:
        errors["since"] = gettext("The date the wait began must be today or earlier.")
    elif since < first:
        errors["since"] = (
            gettext("The action was allocated on {first}. Enter that date or a later one.").format(
                first=day_text(first)
            )
            if action.allocated_on
            else gettext("The plan begins on {first}. Enter that date or a later one.").format(
                first=day_text(first)
            )
        )
    if needed_by is not None and needed_by < since:
        errors["needed_by"] = gettext("The needed-by date must be on or after the day the wait began.")
    if errors:
        raise ValidationError(errors)


def _require_answer(change: Change, accept: bool, answer: str, expected_on: date | None) -> None:
    errors = {}
    if not accept and not answer.strip():
        errors["answer"] = gettext("Give the reason for declining.")
    if not accept and expected_on is not None:
        errors["expected_on"] = gettext("Leave this empty if you decline.")
    elif expected_on is not None and expected_on < change.on:
        errors["expected_on"] = gettext("The expected date must be today or later.")
    if errors:
        raise ValidationError(errors)
