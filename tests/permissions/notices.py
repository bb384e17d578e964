"""The rows of the permission matrix for notices. The late action in play is Bradford's and has climbed to the board."""

from datetime import date, datetime
from typing import Any

from actions.models import Action
from audit.actors import SYSTEM
from desk.services.escalations import escalate
from desk.services.notices.preferences import token_for
from tests import cast as stage
from tests.cast import LONDON, Cast

# The token in the address is all that somebody needs who wants no more mail.
PAGES = """
#                       an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au
desk:notices          GET   302 200
desk:notices          POST  302 422
desk:notices          OTHER 302 405
desk:escalation       GET   302 404 404 404 404 404 404 : 404 200 403 200 200 403
desk:escalation       POST  302 404 404 404 404 404 404 : 404 422 403 422 422 403
desk:escalation       OTHER 302 405
desk:unsubscribe      GET   200 200
desk:unsubscribe      POST  200 200
desk:unsubscribe      OTHER 405 405
"""
CLIMBED_ON = (2, 9, 16)


def climbed(cast: Cast, ref: str = "WY20-80") -> Action:
    """An action of Bradford's that was due on 1 June, taken to its owner, the manager and the board, acknowledged by none."""
    action = stage.allocated(cast, ref, due=date(2020, 6, 1))
    for day in CLIMBED_ON:
        escalate(actor=SYSTEM, at=datetime(2020, 6, day, 6, tzinfo=LONDON))
    return action


def late(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": climbed(cast).pk}


def token(cast: Cast, action: Action) -> dict[str, Any]:
    return {"token": token_for(cast.bradford_spoc)}


FOUND = {"desk:escalation": late, "desk:unsubscribe": token}
