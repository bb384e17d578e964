"""The rows of the permission matrix for inspections, and what stands in play at their addresses.

The council of `wakefield_contact` leads nothing here; once it supports the action, it sees the finding that the action
answers.
"""

from typing import Any

from actions.models import Action
from inspections.core.states import State
from inspections.findings.services.links import link_action
from inspections.findings.services.own_statuses import (
    answer_recommendation,
    propose_recommendation,
    start_recommendation,
)
from inspections.models import Recommendation
from tests.cast import AT, Cast
from tests.inspections.factories import RecommendationFactory
from tests.permissions import letters

PAGES = """
#                                         an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au
inspections:inspection-list         GET   302 200
inspections:inspection-list         POST  302 405
inspections:inspection-list         OTHER 302 405
inspections:inspection-create       GET   302 403 403 403 403 200 403 : 403 403 403 200 403 403
inspections:inspection-create       POST  302 403 403 403 403 422 403 : 403 403 403 422 403 403
inspections:inspection-create       OTHER 302 405
inspections:inspection              GET   302 404 404 404 404 404 404 : 200 200 200 200 200 200 op=200
inspections:inspection              POST  302 405
inspections:inspection              OTHER 302 405
inspections:inspection-edit         GET   302 404 404 404 404 404 404 : 403 403 403 200 403 403 op=403
inspections:inspection-edit         POST  302 404 404 404 404 404 404 : 403 403 403 422 403 403 op=403
inspections:inspection-edit         OTHER 302 405
inspections:recommendation-create   GET   302 404 404 404 404 404 404 : 403 403 403 200 403 403 op=403
inspections:recommendation-create   POST  302 404 404 404 404 404 404 : 403 403 403 422 403 403 op=403
inspections:recommendation-create   OTHER 302 405
importing:recommendation-import   GET   302 404 404 404 404 404 404 : 403 403 403 200 403 403 op=403
importing:recommendation-import   POST  302 404 404 404 404 404 404 : 403 403 403 422 403 403 op=403
importing:recommendation-import   OTHER 302 405
importing:recommendation-import-confirm GET   302 302
importing:recommendation-import-confirm POST  302 404 404 404 404 404 404 : 403 403 403 409 403 403 op=403
importing:recommendation-import-confirm OTHER 302 405
inspections:coverage                GET   302 200
inspections:coverage                POST  302 405
inspections:coverage                OTHER 302 405
inspections:coverage-actions        GET   302 200
inspections:coverage-actions        POST  302 405
inspections:coverage-actions        OTHER 302 405
inspections:recommendation-list     GET   302 200
inspections:recommendation-list     POST  302 405
inspections:recommendation-list     OTHER 302 405
inspections:recommendation-export/csv  GET   302 200
inspections:recommendation-export/csv  POST  302 405
inspections:recommendation-export/csv  OTHER 302 405
inspections:recommendation-export/xlsx GET   302 200
inspections:recommendation-export/xlsx POST  302 405
inspections:recommendation-export/xlsx OTHER 302 405
inspections:recommendation          GET   302 404 404 404 404 404 404 : 200 200 200 200 200 200 op=200
inspections:recommendation          POST  302 405
inspections:recommendation          OTHER 302 405
inspections:recommendation-edit     GET   302 404 404 404 404 404 404 : 403 403 403 200 403 403 op=403
inspections:recommendation-edit     POST  302 404 404 404 404 404 404 : 403 403 403 422 403 403 op=403
inspections:recommendation-edit     OTHER 302 405
inspections:recommendation-state    GET   302 404 404 404 404 404 404 : 403 403 403 200 403 403 op=403
inspections:recommendation-state    POST  302 404 404 404 404 404 404 : 403 403 403 422 403 403 op=403
inspections:recommendation-state    OTHER 302 405
inspections:recommendation-judge    GET   302 404 404 404 404 404 404 : 403 403 403 403 403 200 op=403
inspections:recommendation-judge    POST  302 404 404 404 404 404 404 : 403 403 403 403 403 422 op=403
inspections:recommendation-judge    OTHER 302 405
inspections:recommendation-register GET   302 404 404 404 404 404 404 : 403 403 403 200 403 200 op=403
inspections:recommendation-register POST  302 404 404 404 404 404 404 : 403 403 403 422 403 422 op=403
inspections:recommendation-register OTHER 302 405
inspections:link-add                GET   302 404 404 404 404 404 404 : 403 403 403 200 403 403 op=403
inspections:link-add                POST  302 404 404 404 404 404 404 : 403 403 403 422 403 403 op=403
inspections:link-add                OTHER 302 405
inspections:link-remove             GET   302 404 404 404 404 404 404 : 403 403 403 200 403 403 op=403
inspections:link-remove             POST  302 404 404 404 404 404 404 : 403 403 403 422 403 403 op=403
inspections:link-remove             OTHER 302 405
"""

API = """
#                             an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au : reader writer reviewer foreign
api:inspection-list     GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 403 403 200 200
api:inspection-list     POST  401 405
api:inspection-list     OTHER 401 405
api:inspection          GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 403 403 200 404 op=200
api:inspection          POST  401 405
api:inspection          OTHER 401 405
api:recommendation-list GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 403 403 200 200
api:recommendation-list POST  401 405
api:recommendation-list OTHER 401 405
api:recommendation      GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 403 403 200 404 op=200
api:recommendation      POST  401 405
api:recommendation      OTHER 401 405
api:link-list           GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 403 403 200 404 op=200
api:link-list           POST  401 404 404 404 404 404 404 : 403 403 403 400 403 403 : 403 403 403 404 op=403
api:link-list           OTHER 401 405
api:link-remove         GET   401 405
api:link-remove         POST  401 404 404 404 404 404 404 : 403 403 403 400 403 403 : 403 403 403 404 op=404
api:link-remove         OTHER 401 405
api:own-status-list     GET   401 405
api:own-status-list     POST  401 404 404 404 404 404 404 : 403 403 403 400 403 400 : 403 403 403 404 op=403
api:own-status-list     OTHER 401 405
api:register-status-list GET   401 405
api:register-status-list POST  401 404 404 404 404 404 404 : 403 403 403 400 403 400 : 403 403 403 404 op=403
api:register-status-list OTHER 401 405
"""
API += letters.API

# The state of the action in play, as in tests/permissions/matrix.py.
STATES = {"inspections:recommendation-judge": "complete"}


def scenery(key: str, path: str) -> str:
    """What `in_play` depends on, in a word: addresses that agree in it can be asked about on one scene."""
    special = key if key == "inspections:recommendation-judge" else letters.scenery(key)
    return special or path.partition("/")[0]


def in_play(cast: Cast, action: Action, key: str, path: str) -> dict[str, Any]:
    """Return what an address of this app holds: of a finding that the action answers, accepted and not begun."""
    row = RecommendationFactory(cast=cast)
    here: dict[str, Any] = {"actor": cast.manager, "at": AT}
    link = link_action(recommendation=row, action=action, **here)
    row = answer_recommendation(recommendation=row, answer=State.ACCEPTED, **here)
    if key == "inspections:recommendation-judge":
        row = _proposed(row, here)
    of_an_inspection = path.startswith("inspections/")
    ids = {"pk": row.inspection_id if of_an_inspection else row.pk, "link_pk": link.pk, "link_id": link.pk}
    return ids | letters.in_play(cast, row, key, path)


def _proposed(row: Recommendation, here: dict[str, Any]) -> Recommendation:
    row = start_recommendation(recommendation=row, **here)
    return propose_recommendation(recommendation=row, reason="Done.", **here)
