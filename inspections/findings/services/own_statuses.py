"""The steps of the force status: answer, start, propose closure, decide and reopen."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext

from actions.core.states import OPEN as OPEN_ACTION
from actions.core.states import State as ActionState
from actions.models import Action
from audit.actors import Actor, account_of
from inspections.core import policies
from inspections.core.states import ANSWERS, CLOSED, FOLLOWS, State
from inspections.findings.models.recommendations import LIVE_ACTION, OwnStatus, Recommendation
from inspections.findings.services.links import actions_of
from partners.changing.services import Change, changing

Own = Change[Recommendation]


def answer_recommendation(
    *,
    actor: Actor,
    recommendation: Recommendation,
    answer: str,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> Recommendation:
    """Accept, partly accept or reject a recommendation, or change that answer before work starts.

    Args:
        answer: one of ANSWERS.
        reason: needed unless it is accepted.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field; code `state` when the answer cannot follow its state; code `conflict`.
    """
    with changing(
        actor=actor, row=recommendation, at=at, verb=f"recommendation.{answer}", version=version
    ) as change:
        _require_keeper(change)
        if answer not in ANSWERS:
            raise ValidationError({"answer": gettext("Select accepted, partly accepted or not accepted.")})
        change.require_state(State.REGISTERED, *ANSWERS, to="answered")
        _require_possible(change, answer)
        if answer != State.ACCEPTED and not reason.strip():
            raise ValidationError(
                {"reason": gettext("Enter why it is not accepted, or which part is not accepted.")}
            )
        _move(change, answer, reason)
    return change.row


def start_recommendation(
    *,
    actor: Actor,
    recommendation: Recommendation,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> Recommendation:
    """Start work on a recommendation that a live action answers.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: when no live action answers it; code `state` when it is neither accepted nor reopened; code
            `conflict`.
    """
    with changing(
        actor=actor, row=recommendation, at=at, verb="recommendation.in_progress", version=version
    ) as change:
        _require_keeper(change)
        change.require_state(
            State.ACCEPTED, State.PARTLY_ACCEPTED, State.REOPENED, to=State.IN_PROGRESS.label.lower()
        )
        if not _linked(change.row, LIVE_ACTION):
            raise ValidationError(
                gettext("No live action answers this recommendation. Link an allocated action first.")
            )
        _move(change, State.IN_PROGRESS, reason)
    return change.row


def propose_recommendation(
    *, actor: Actor, recommendation: Recommendation, reason: str, at: datetime, version: int | None = None
) -> Recommendation:
    """Propose the closure of a recommendation to the auditor.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by `reason` without one; naming the actions that are open, or that none is complete (one
            that was not accepted needs none); code `state`; code `conflict`.
    """
    with changing(
        actor=actor, row=recommendation, at=at, verb="recommendation.proposed", version=version
    ) as change:
        _require_keeper(change)
        _require_possible(change, State.PROPOSED)
        _require_reason(reason, gettext("Enter what was done, for the auditor."))
        _require_actions_closed(change.row, one_complete=change.row.state != State.NOT_ACCEPTED)
        _move(change, State.PROPOSED, reason)
    return change.row


def judge_recommendation(
    *,
    actor: Actor,
    recommendation: Recommendation,
    outcome: str,
    reason: str,
    at: datetime,
    version: int | None = None,
) -> Recommendation:
    """Close a recommendation that is proposed for closure, or send it back to its state before the proposal.

    Args:
        outcome: one of CLOSED, or `in_progress` to send it back; one that was never accepted goes back to not accepted.

    Raises:
        PermissionDenied: unless the actor is an auditor who has no part in it or its actions.
        ValidationError: keyed by field; naming the actions that are open again meanwhile, or that none is complete
            where it is closed as implemented; code `state`; code `conflict`.
    """
    back = outcome == State.IN_PROGRESS
    verb = "recommendation.sent_back" if back else f"recommendation.{outcome}"
    with changing(actor=actor, row=recommendation, at=at, verb=verb, version=version) as change:
        _require_judge(change)
        change.require_state(State.PROPOSED, to="judged")
        if outcome not in (*CLOSED, State.IN_PROGRESS):
            raise ValidationError({"outcome": gettext("Select how to close the finding, or send it back.")})
        _require_reason(reason, gettext("Enter the reason for your decision."))
        if back:
            _move(change, _proposed_from(change.row), reason)
        else:
            _require_actions_closed(change.row, one_complete=outcome == State.IMPLEMENTED)
            _move(change, outcome, reason)
    return change.row


def reopen_recommendation(
    *, actor: Actor, recommendation: Recommendation, reason: str, at: datetime, version: int | None = None
) -> Recommendation:
    """Reopen a closed recommendation.

    Raises:
        PermissionDenied: unless the actor is an auditor who has no part in it or its actions.
        ValidationError: keyed by `reason` without one; code `state` when it is not closed; code `conflict`.
    """
    with changing(
        actor=actor, row=recommendation, at=at, verb="recommendation.reopened", version=version
    ) as change:
        _require_judge(change)
        change.require_state(*CLOSED, to="reopened")
        _require_reason(reason, gettext("Enter why you are reopening the finding."))
        _move(change, State.REOPENED, reason)
    return change.row


def proposer_of(*, recommendation: Recommendation) -> int | None:
    """Return the id of the user who proposed closure, or None if no proposal is open."""
    if recommendation.state != State.PROPOSED:
        return None
    proposals = OwnStatus.objects.filter(recommendation=recommendation, state=State.PROPOSED)
    return proposals.order_by("-pk").values_list("set_by", flat=True).first()


def _require_keeper(change: Own) -> None:
    change.forbid(policies.why_not_manage(change.rights, change.row.inspection.partnership_id))


def _require_judge(change: Own) -> None:
    row = change.row
    actions, proposer = actions_of(recommendation=row), proposer_of(recommendation=row)
    change.forbid(policies.why_not_judge(change.rights, row, actions, proposer))


def _require_reason(reason: str, otherwise: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": otherwise})


def _require_possible(change: Own, state: str) -> None:
    """Raise ValidationError unless FOLLOWS allows the state."""
    row = change.row
    if state not in FOLLOWS[row.state]:
        to = State(state).label.lower()
        raise ValidationError(
            gettext("This recommendation is {get_state_display}, so it cannot become {to}.").format(
                get_state_display=row.get_state_display().lower(), to=to
            ),
            code="state",
        )


def _require_actions_closed(row: Recommendation, *, one_complete: bool) -> None:
    open_ones = _linked(row, OPEN_ACTION)
    if open_ones:
        refs = ", ".join(action.ref for action in open_ones)
        raise ValidationError(
            ngettext(
                "This action is not complete: {refs}. Close every linked action first.",
                "These actions are not complete: {refs}. Close every linked action first.",
                len(open_ones),
            ).format(refs=refs)
        )
    if one_complete and not _linked(row, (ActionState.COMPLETE,)):
        raise ValidationError(gettext("No action that answers this recommendation is complete."))


def _linked(row: Recommendation, states: Sequence[str]) -> list[Action]:
    return list(actions_of(recommendation=row).filter(state__in=states))


def _proposed_from(row: Recommendation) -> str:
    before = OwnStatus.objects.filter(recommendation=row).exclude(state=State.PROPOSED)
    last = before.order_by("-pk").values_list("state", flat=True).first()
    return State.NOT_ACCEPTED if last == State.NOT_ACCEPTED else State.IN_PROGRESS


def _move(change: Own, state: str, reason: str) -> None:
    _require_possible(change, state)
    row = change.row
    row.state = state
    row.closed_on = change.on if state in CLOSED else None
    change.note = reason.strip()
    status = OwnStatus(
        recommendation=row,
        state=state,
        reason=reason.strip(),
        set_by=account_of(change.actor),
        set_at=change.at,
    )
    change.add("own_status.recorded", status)
