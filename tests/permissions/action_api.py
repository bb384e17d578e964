"""The rows of the permission matrix for what the API tells and takes of an action's plan, partners, evidence and dates.

Bodies are those of an update, which none of these addresses takes: whom the gate lets through is answered 400.
"""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from actions.assurance.services import return_action, submit_action
from actions.evidence.services import add_evidence
from actions.models import Action
from tests.actions.board_ratings.factories import BoardRatingFactory
from tests.actions.dates.dates import ask, milestone
from tests.actions.waits.waiting import waits
from tests.cast import AT, Cast
from tests.factories import ClosureProposalFactory, QuestionFactory

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
api:date-request-list        GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 200 403 403 200
api:date-request-list        POST  401 405
api:date-request-list        OTHER 401 405
api:action-date-request-list GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:action-date-request-list POST  401 404 404 404 404 404 404 : 403 400 403 400 403 403 : 403 403 403 404
api:action-date-request-list OTHER 401 405
api:date-request             GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:date-request             POST  401 405
api:date-request             OTHER 401 405
api:date-request-withdraw    GET   401 405
api:date-request-withdraw    POST  401 404 404 404 404 404 404 : 403 400 403 400 403 403 : 403 403 403 404
api:date-request-withdraw    OTHER 401 405
api:date-request-decide      GET   401 405
api:date-request-decide      POST  401 404 404 404 404 404 404 : 403 403 403 400 403 403 : 403 403 403 404
api:date-request-decide      OTHER 401 405
api:milestone-list           GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:milestone-list           POST  401 404 404 404 404 404 404 : 403 400 403 400 403 403 : 403 403 403 404
api:milestone-list           OTHER 401 405
api:milestone                GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:milestone                POST  401 405
api:milestone                PATCH 401 404 404 404 404 404 404 : 403 400 403 400 403 403 : 403 403 403 404
api:milestone                PUT   401 405
api:milestone                DELETE 401 405
api:milestone-reach          GET   401 405
api:milestone-reach          POST  401 404 404 404 404 404 404 : 403 400 403 400 403 403 : 403 403 403 404
api:milestone-reach          OTHER 401 405
api:milestone-drop           GET   401 405
api:milestone-drop           POST  401 404 404 404 404 404 404 : 403 400 403 400 403 403 : 403 403 403 404
api:milestone-drop           OTHER 401 405
api:action-submission        GET   401 405
api:action-submission        POST  401 404 404 404 404 404 404 : 403 400 403 403 403 403 : 403 403 403 404
api:action-submission        OTHER 401 405
api:dependency-list          GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 200 403 403 200
api:dependency-list          POST  401 405
api:dependency-list          OTHER 401 405
api:action-dependency-list   GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:action-dependency-list   POST  401 404 404 404 404 404 404 : 403 400 403 400 403 403 : 403 403 403 404
api:action-dependency-list   OTHER 401 405
api:dependency               GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:dependency               POST  401 405
api:dependency               OTHER 401 405
api:dependency-answer        GET   401 405
api:dependency-answer        POST  401 404 404 404 404 404 404 : 403 403 400 403 403 403 : 403 403 403 404
api:dependency-answer        OTHER 401 405
api:dependency-end           GET   401 405
api:dependency-end           POST  401 404 404 404 404 404 404 : 403 400 403 400 403 403 : 403 403 403 404
api:dependency-end           OTHER 401 405
api:question-list            GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:question-list            POST  401 404 404 404 404 404 404 : 400 400 400 400 400 400 : 403 403 403 404
api:question-list            OTHER 401 405
api:question                 GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:question                 POST  401 405
api:question                 OTHER 401 405
api:question-answer          GET   401 405
api:question-answer          POST  401 404 404 404 404 404 404 : 403 400 403 400 403 403 : 403 403 403 404
api:question-answer          OTHER 401 405
api:board-rating-list        GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:board-rating-list        POST  401 404 404 404 404 404 404 : 403 403 403 403 400 403 : 403 403 403 404
api:board-rating-list        OTHER 401 405
api:board-rating             GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:board-rating             POST  401 405
api:board-rating             OTHER 401 405
api:closure-proposal-list    GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 200 403 403 200
api:closure-proposal-list    POST  401 405
api:closure-proposal-list    OTHER 401 405
api:action-closure-proposal-list GET  401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:action-closure-proposal-list POST 401 404 404 404 404 404 404 : 403 403 403 400 403 403 : 403 403 403 404
api:action-closure-proposal-list OTHER 401 405
api:closure-proposal         GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:closure-proposal         POST  401 405
api:closure-proposal         OTHER 401 405
api:closure-proposal-decide  GET   401 405
api:closure-proposal-decide  POST  401 404 404 404 404 404 404 : 403 403 403 403 400 403 : 403 403 403 404
api:closure-proposal-decide  OTHER 401 405
api:closure-proposal-withdraw GET  401 405
api:closure-proposal-withdraw POST 401 404 404 404 404 404 404 : 403 403 403 400 403 403 : 403 403 403 404
api:closure-proposal-withdraw OTHER 401 405
api:assurance-list           GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:assurance-list           POST  401 404 404 404 404 404 404 : 403 403 403 403 403 400 : 403 403 403 404
api:assurance-list           OTHER 401 405
api:assurance                GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:assurance                POST  401 405
api:assurance                OTHER 401 405
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


def a_later_date(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": ask(actor=cast.bradford_spoc, action=action).pk}


def a_wait_on_leeds(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": waits(cast, action, actor=cast.manager, organisation=cast.leeds_district).pk}


def a_proposal(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": ClosureProposalFactory(cast=cast, action=action).pk}


def a_board_rating(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": BoardRatingFactory(cast=cast, action=action).pk}


def a_judgement(cast: Cast, action: Action) -> dict[str, Any]:
    """The action was submitted once and returned."""
    arguments = {"action": action, "note": "Look again.", "at": AT}
    submit_action(actor=cast.bradford_spoc, **arguments)
    return {"pk": return_action(actor=cast.auditor, **arguments).pk}


def a_question(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": QuestionFactory(cast=cast, action=action).pk}


def a_milestone(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": milestone(cast, action).pk}


FOUND: dict[str, Callable[[Cast, Action], dict[str, Any]]] = {
    "api:pillar": its_pillar,
    "api:organisation": its_lead,
    "api:date-request": a_later_date,
    "api:date-request-withdraw": a_later_date,
    "api:date-request-decide": a_later_date,
    "api:milestone": a_milestone,
    "api:milestone-reach": a_milestone,
    "api:milestone-drop": a_milestone,
    "api:assurance": a_judgement,
    "api:board-rating": a_board_rating,
    "api:closure-proposal": a_proposal,
    "api:closure-proposal-decide": a_proposal,
    "api:closure-proposal-withdraw": a_proposal,
    "api:dependency": a_wait_on_leeds,
    "api:dependency-answer": a_wait_on_leeds,
    "api:dependency-end": a_wait_on_leeds,
    "api:question": a_question,
    "api:question-answer": a_question,
    "api:evidence": its_evidence,
    "api:evidence-file": its_evidence,
}
