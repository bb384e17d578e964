"""The rows of the permission matrix for what the API tells and takes of an action's plan, partners, evidence and dates.

Bodies are those of an update, which none of these addresses takes: whom the gate lets through is answered 400.
"""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from actions.models import Action
from actions.services import add_evidence
from tests.cast import AT, Cast

API = """
#                            an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au : reader writer reviewer foreign
api:pillar-list        GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 200 403 403 200
api:pillar-list        POST  401 405
api:pillar-list        OTHER 401 405
api:pillar             GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:pillar             POST  401 405
api:pillar             OTHER 401 405
api:organisation-list  GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 200 403 403 200
api:organisation-list  POST  401 405
api:organisation-list  OTHER 401 405
api:organisation       GET   401 404 404 404 404 404 200 : 200 200 200 200 200 200 : 200 403 403 404
api:organisation       POST  401 405
api:organisation       OTHER 401 405
api:evidence-list      GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:evidence-list      POST  401 404 404 404 404 404 404 : 400 400 403 403 403 403 : 403 403 403 404
api:evidence-list      OTHER 401 405
api:evidence           GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:evidence           POST  401 405
api:evidence           OTHER 401 405
api:evidence-file      GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 403 403 403 404
api:evidence-file      POST  401 405
api:evidence-file      OTHER 401 405
"""


def its_pillar(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": action.pillar_id}


def its_lead(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": action.lead_id}


def its_evidence(cast: Cast, action: Action) -> dict[str, Any]:
    file = SimpleUploadedFile("list.csv", b"team,briefed\nEast,yes\n", content_type="text/csv")
    row = add_evidence(actor=cast.bradford_spoc, action=action, title="Briefing list", file=file, at=AT)
    return {"pk": row.pk}


FOUND: dict[str, Callable[[Cast, Action], dict[str, Any]]] = {
    "api:pillar": its_pillar,
    "api:organisation": its_lead,
    "api:evidence": its_evidence,
    "api:evidence-file": its_evidence,
}
