"""Recording a board's decision on an action, or which action an action arising became: the action must exist."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from actions.business.queries import ABOUT_ACTIONS, CARRIED_OUT
from actions.core.models import Action
from actions.core.services.requests import matter_of
from audit.actors import Actor
from audit.clock import london_date
from audit.policies import forbid
from meetings.arisings.services import make_action
from meetings.decisions.services import record_decision, why_not_cite
from meetings.meetings.policies import why_not_manage
from meetings.models import Arising, Decision, Minute
from partners.policies import rights_of
from standards.references import plain_reference


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
    if subject in ABOUT_ACTIONS and minute.item.meeting.took_place:
        action = _action(actor, minute.item.meeting.partnership_id, subject_ref, on, field="subject_ref")
        matter = matter_of(action=action, subject=subject)
        if subject in CARRIED_OUT and (problem := why_not_cite(minute=minute, matter=matter, on=on)):
            raise ValidationError({"subject_ref": problem})
        subject_ref = action.ref
    return record_decision(
        actor=actor, minute=minute, at=at, version=version, subject=subject, subject_ref=subject_ref, **fields
    )


def record_as_action(
    *, actor: Actor, arising: Arising, ref: str, at: datetime, version: int | None = None
) -> Arising:
    """Record which action of a plan an action arising became, as `make_action`, once the action is found.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by `ref` for an action that does not exist; as `make_action`.
    """
    on = london_date(at)
    forbid(why_not_manage(rights_of(actor, on), arising.partnership_id))
    action = _action(actor, arising.partnership_id, ref, on, field="ref")
    return make_action(actor=actor, arising=arising, ref=action.ref, at=at, version=version)


def _action(actor: Actor, partnership_id: int, ref: str, on: date, *, field: str) -> Action:
    actions = Action.objects.visible_to(actor, on).filter(partnership=partnership_id)
    action = actions.filter(ref__iexact=plain_reference(ref)).first()
    if action is None:
        raise ValidationError({field: gettext("Enter the reference of an action in this partnership.")})
    return action
