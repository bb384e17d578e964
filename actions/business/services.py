"""Recording a board's decision on something of this record, which must exist and be the board's to decide."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from actions.business.queries import CARRIED_OUT
from actions.core.models import Action
from actions.core.services.requests import matter_of
from audit.actors import Actor
from audit.clock import london_date
from audit.policies import forbid
from meetings.decisions.services import record_decision, why_not_cite
from meetings.meetings.policies import why_not_manage
from meetings.models import Decision, Minute
from partners.policies import rights_of
from standards.references import plain_reference

OF_ACTIONS = (*CARRIED_OUT, Decision.Subject.ACTION)


def record_board_decision(
    *,
    actor: Actor,
    minute: Minute,
    at: datetime,
    subject: str = "",
    subject_ref: str = "",
    version: int | None = None,
    **fields: Any,
) -> Decision:
    """Record a decision in a minute in draft, as `record_decision`, once what it acts on is found.

    Args:
        version: of the meeting, as the actor saw it.
        fields: effect, wording, conditions, report_back_on.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: as `record_decision`; keyed by `subject_ref` for an action that does not exist, or that this
            board does not decide on.
    """
    on = london_date(at)
    forbid(why_not_manage(rights_of(actor, on), minute.item.meeting.partnership_id))
    if subject in OF_ACTIONS and minute.item.meeting.took_place:
        action = _action(actor, minute, subject_ref, at)
        matter = matter_of(action=action, subject=subject)
        if subject in CARRIED_OUT and (problem := why_not_cite(minute=minute, matter=matter, on=on)):
            raise ValidationError({"subject_ref": problem})
        subject_ref = action.ref
    return record_decision(
        actor=actor, minute=minute, at=at, version=version, subject=subject, subject_ref=subject_ref, **fields
    )


def _action(actor: Actor, minute: Minute, ref: str, at: datetime) -> Action:
    actions = Action.objects.visible_to(actor, london_date(at)).filter(
        partnership=minute.item.meeting.partnership_id
    )
    action = actions.filter(ref__iexact=plain_reference(ref)).first()
    if action is None:
        raise ValidationError({"subject_ref": "Enter the reference of an action in this partnership."})
    return action
