"""The rows of the permission matrix for notices. The late action in play is Bradford's and has been escalated to the board."""

from datetime import date, datetime
from typing import Any

from actions.models import Action
from audit.actors import SYSTEM
from desk.escalations.services import escalate
from desk.models import Step
from desk.notices.services.preferences import token_for
from inspections.models import Inspection
from returns.models import Return
from tests.cast import LONDON, Cast
from tests.factories import ActionFactory
from tests.inspections.letters import letters
from tests.permissions.returns import still_open
from tests.programme.factories import PanelMonthFactory

# The token in the address is all that somebody needs who wants no more mail.
PAGES = """
#                       an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au
desk:notices          GET   302 200
desk:notices          POST  302 422
desk:notices          OTHER 302 405
desk:escalation       GET   302 404 404 404 404 404 404 : 404 200 403 200 200 403
desk:escalation       POST  302 404 404 404 404 404 404 : 404 422 403 422 422 403
desk:escalation       OTHER 302 405
desk:return-escalation GET   302 404 404 404 404 404 404 : 404 200 404 200 200 403
desk:return-escalation POST  302 404 404 404 404 404 404 : 404 422 404 422 422 403
desk:return-escalation OTHER 302 405
desk:plan-escalations GET   302 404 404 404 404 404 404 : 200 200 200 200 200 200
desk:plan-escalations POST  302 405
desk:plan-escalations OTHER 302 405
desk:answer-escalation GET   302 404 404 404 404 404 404 : 404 403 403 200 200 403 op=403
desk:answer-escalation POST  302 404 404 404 404 404 404 : 404 403 403 422 422 403 op=403
desk:answer-escalation OTHER 302 405
desk:panel-escalation GET   302 404 404 404 404 404 403 : 403 403 403 403 200 403
desk:panel-escalation POST  302 404 404 404 404 404 403 : 403 403 403 403 422 403
desk:panel-escalation OTHER 302 405
desk:unsubscribe      GET   200 200
desk:unsubscribe      POST  200 200
desk:unsubscribe      OTHER 405 405
"""
API = """
#                            an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au : reader writer reviewer foreign
api:escalation-list        GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 403 403 403 200
api:escalation-list        POST  401 405
api:escalation-list        OTHER 401 405
api:escalation             GET   401 404 404 404 404 404 404 : 404 200 404 404 404 404 : 403 403 403 404
api:escalation             POST  401 405
api:escalation             OTHER 401 405
api:escalation-acknowledge GET   401 405
api:escalation-acknowledge POST  401 404 404 404 404 404 404 : 404 400 404 404 404 404 : 403 403 403 404
api:escalation-acknowledge OTHER 401 405
"""
ESCALATED_ON = (2, 9, 16)


def _escalate_on(*days: int) -> None:
    for day in days:
        escalate(actor=SYSTEM, at=datetime(2020, 6, day, 6, tzinfo=LONDON))


def escalated_action(cast: Cast, ref: str = "WY20-80") -> Action:
    """An action of Bradford's that was due on 1 June, escalated to its owner, the manager and the board, acknowledged by none."""
    action = ActionFactory(cast=cast, allocated=True, ref=ref, due=date(2020, 6, 1))
    _escalate_on(*ESCALATED_ON)
    return action


def escalated_return(cast: Cast) -> Return:
    """Bradford's return for May, wanted by 5 June, escalated to its SPOC, the manager and the board, acknowledged by none."""
    report = still_open(cast)
    _escalate_on(6, 8, 10)
    return report


def escalated_response(cast: Cast) -> Inspection:
    """A report to be answered by 3 May, with one response of the manager's; escalated to the board."""
    inspection = letters.report(cast)
    letters.respond(cast, letters.findings(inspection)[0])
    _escalate_on(*ESCALATED_ON)
    return inspection


def late(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": escalated_action(cast).pk}


def late_return(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": escalated_return(cast).pk}


def first_step(cast: Cast, action: Action) -> dict[str, Any]:
    """The step that went to Bradford itself."""
    return {"pk": escalated_return(cast).late_escalations.get(step=Step.OWNER).pk}


def late_answer(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": escalated_response(cast).pk}


def token(cast: Cast, action: Action) -> dict[str, Any]:
    return {"token": token_for(cast.bradford_spoc)}


def unattended_panel(cast: Cast, action: Action) -> dict[str, Any]:
    """A month in which neither police side attended, told to the board."""
    counts = {"local_only": 0, "neither": 1, "reason": "Both were at an incident.", "basis": "recorded"}
    row = PanelMonthFactory(cast=cast, **counts)
    _escalate_on(2)
    return {"pk": row.pk}


FOUND = {
    "desk:panel-escalation": unattended_panel,
    "desk:escalation": late,
    "desk:return-escalation": late_return,
    "desk:answer-escalation": late_answer,
    "desk:unsubscribe": token,
    "api:escalation": first_step,
    "api:escalation-acknowledge": first_step,
}
