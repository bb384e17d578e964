"""Requests for an update: the owner sees one in My work until the next progress update answers it."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.timezone import localtime
from django.utils.translation import gettext

from actions.core import policies
from actions.core.models import Action
from actions.core.services.change import BY_DISTRICTS
from actions.core.states import REPORTABLE
from actions.plans.models import Plan
from actions.update_requests.models import UpdateRequest
from audit.actors import Actor, account_of
from audit.clock import london_date
from audit.policies import forbid
from audit.services import append, writing
from partners.policies import rights_of
from web.language import day_text


def request_update(
    *, actor: Actor, action: Action, question: str, due_on: date, at: datetime
) -> UpdateRequest:
    """Request an update from the owner of an action. The action does not change, so an open form stays valid.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field: no question, a day that has passed; code `state` when districts deliver the
            action, its plan is not live, it cannot be reported on now, or was asked about and nobody answered yet.
    """
    on = london_date(at)
    forbid(policies.why_not_manage(rights_of(actor, on), action.partnership_id))
    with writing(action.partnership.ledger_id) as ledger:
        row = Action.objects.select_related("plan").get(pk=action.pk)
        _require_reportable(row)
        if not question.strip():
            raise ValidationError({"question": gettext("Enter what you want to know.")})
        if due_on < on:
            raise ValidationError(
                {
                    "due_on": gettext("{due_on} has passed. Enter today's date or a later one.").format(
                        due_on=day_text(due_on)
                    )
                }
            )
        update_request = UpdateRequest(
            action=row,
            question=question.strip(),
            due_on=due_on,
            requested_by=account_of(actor),
            requested_at=at,
        )
        update_request.full_clean(exclude=["action", "requested_by"])
        update_request.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="update.requested", target=update_request)
    return update_request


def _require_reportable(action: Action) -> None:
    if action.by_districts:
        raise ValidationError(BY_DISTRICTS, code="state")
    if action.plan.state != Plan.State.LIVE:
        state = action.plan.get_state_display().lower()
        raise ValidationError(
            gettext("Its plan is {state}, so you cannot request an update.").format(state=state), code="state"
        )
    if action.state not in REPORTABLE:
        state = action.get_state_display().lower()
        raise ValidationError(
            gettext("This action is {state}, so it cannot be reported on.").format(state=state), code="state"
        )
    open_request = UpdateRequest.objects.open().filter(action=action).select_related("requested_by").first()
    if open_request is not None:
        day = localtime(open_request.requested_at).date()
        raise ValidationError(
            gettext(
                "{requested_by} already requested an update on {day}. It has not been answered yet."
            ).format(requested_by=open_request.requested_by, day=day_text(day)),
            code="state",
        )
