"""The rows of the permission matrix for the programme around the plan. In play is Bradford's attendance at the force's event."""

from collections.abc import Callable
from typing import Any

from actions.models import Action
from tests.cast import Cast
from tests.programme import factories as records

PAGES = """
#                                 an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au
programme:overview          GET   302 403 403 403 403 200 200 : 200 200 200 200 200 200 op=200
programme:overview          POST  302 405
programme:overview          OTHER 302 405
programme:foi               GET   302 403 403 403 403 200 403 : 403 403 403 200 403 200
programme:foi               POST  302 405
programme:foi               OTHER 302 405
programme:foi-export        GET   302 403 403 403 403 200 403 : 403 403 403 200 403 200
programme:foi-export        POST  302 405
programme:foi-export        OTHER 302 405
programme:grants-csv        GET   302 403 403 403 403 200 200 : 200 200 200 200 200 200 op=200
programme:grants-csv        POST  302 405
programme:grants-csv        OTHER 302 405
programme:room              GET   302 403 403 403 403 200 200 : 200 200 200 200 200 200
programme:room              POST  302 405
programme:room              OTHER 302 405
programme:record-list       GET   302 403 403 403 403 200 200 : 200 200 200 200 200 200
programme:record-list       POST  302 405
programme:record-list       OTHER 302 405
programme:record-export     GET   302 403 403 403 403 200 200 : 200 200 200 200 200 200
programme:record-export     POST  302 405
programme:record-export     OTHER 302 405
programme:record-page       GET   302 404 404 404 404 404 200 : 200 200 200 200 200 200
programme:record-page       POST  302 405
programme:record-page       OTHER 302 405
programme:record-create     GET   302 403 403 403 403 200 200 : 200 200 200 200 403 403
programme:record-create     POST  302 403 403 403 403 422 422 : 422 422 422 422 403 403
programme:record-create     OTHER 302 405
programme:record-edit       GET   302 404 404 404 404 404 403 : 403 200 403 200 403 403
programme:record-edit       POST  302 404 404 404 404 404 403 : 403 422 403 422 403 403
programme:record-edit       OTHER 302 405
programme:reading-moderate  GET   302 404 404 404 404 404 403 : 403 403 403 403 403 200
programme:reading-moderate  POST  302 404 404 404 404 404 403 : 403 403 403 403 403 422
programme:reading-moderate  OTHER 302 405
programme:record-import     GET   302 403 403 403 403 200 403 : 403 403 403 200 403 403
programme:record-import     POST  302 403 403 403 403 422 403 : 403 403 403 422 403 403
programme:record-import     OTHER 302 405
programme:record-import-confirm GET   302 302
programme:record-import-confirm POST  302 403 403 403 403 409 403 : 403 403 403 409 403 403
programme:record-import-confirm OTHER 302 405
"""

# What everybody in the partnership reads, and nobody changes in the API.
READ_ONLY = (
    *("training-programme", "local-profile", "profile-briefing", "channel-panel"),
    *("framework", "framework-item", "measure", "grade", "term", "memorandum"),
)
# The OPCC's officers view these too.
FUNDING = ("funding-round", "funding-decision", "grant-fund", "grant-limit", "grant", "stated-total")
REPORTED = ("attendance", "completion", "champions-count", "reading")
READING = """
api:{name}-list GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 403 403 403 200
api:{name}-list OTHER 401 405
api:{name}      GET   401 404 404 404 404 404 200 : 200 200 200 200 200 200 : 403 403 403 404
api:{name}      POST  401 405
api:{name}      OTHER 401 405
"""
FOR_THE_OFFICE = """
api:{name}-list GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 403 403 403 200
api:{name}-list OTHER 401 405
api:{name}      GET   401 404 404 404 404 404 200 : 200 200 200 200 200 200 : 403 403 403 404 op=200
api:{name}      POST  401 405
api:{name}      OTHER 401 405
"""
NOT_WRITTEN = """
api:{name}-list POST  401 405
"""
WRITTEN = """
api:{name}-list    POST  401 403 403 403 403 400 400 : 400 400 400 400 403 403 : 403 403 403 400
api:{name}-correct GET   401 405
api:{name}-correct POST  401 404 404 404 404 404 403 : 403 400 403 400 403 403 : 403 403 403 404
api:{name}-correct OTHER 401 405
"""
# An event is changed in place, by its host.
OF_A_HOST = """
api:training-event-list GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 403 403 403 200
api:training-event-list POST  401 403 403 403 403 400 400 : 400 400 400 400 403 403 : 403 403 403 400
api:training-event-list OTHER 401 405
api:training-event      GET   401 404 404 404 404 404 200 : 200 200 200 200 200 200 : 403 403 403 404
api:training-event      PATCH 401 404 404 404 404 404 403 : 403 200 403 200 403 403 : 403 403 403 404
api:training-event      POST  401 405
api:training-event      PUT   401 405
api:training-event      DELETE 401 405
"""
# A panel's month is the council's too, which is Wakefield's.
OF_TWO = """
api:panel-month-list    POST  401 403 403 403 403 400 400 : 400 400 400 400 403 403 : 403 403 403 400
api:panel-month-correct GET   401 405
api:panel-month-correct POST  401 404 404 404 404 404 400 : 400 400 403 400 403 403 : 403 403 403 404
api:panel-month-correct OTHER 401 405
"""
# Whoever may not view the plan may not view what is aligned to it: the council, until it supports the action.
OF_A_PLAN = """
api:plan-alignment-list    GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 403 403 403 200
api:plan-alignment-list    POST  401 403 403 403 403 400 400 : 400 400 400 400 403 403 : 403 403 403 400
api:plan-alignment-list    OTHER 401 405
api:plan-alignment         GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 403 403 403 404
api:plan-alignment         POST  401 405
api:plan-alignment         OTHER 401 405
api:plan-alignment-correct GET   401 405
api:plan-alignment-correct POST  401 404 404 404 404 404 404 : 403 400 403 400 403 403 : 403 403 403 404
api:plan-alignment-correct OTHER 401 405
"""
# Nobody views under which item an action is who may not view the action.
OF_AN_ACTION = """
api:action-mapping-list GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 403 403 403 200
api:action-mapping-list POST  401 405
api:action-mapping-list OTHER 401 405
api:action-mapping      GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 403 403 403 404
api:action-mapping      POST  401 405
api:action-mapping      OTHER 401 405
"""
# An auditor moderates what somebody else recorded; a partner's system never.
MODERATED = """
api:reading-moderate GET   401 405
api:reading-moderate POST  401 404 404 404 404 404 403 : 403 403 403 403 403 400 : 403 403 403 404
api:reading-moderate OTHER 401 405
"""
API = "".join(
    [READING.format(name=name) + NOT_WRITTEN.format(name=name) for name in READ_ONLY]
    + [FOR_THE_OFFICE.format(name=name) + NOT_WRITTEN.format(name=name) for name in FUNDING]
    + [READING.format(name=name) + WRITTEN.format(name=name) for name in REPORTED]
    + [READING.format(name="panel-month") + OF_A_HOST, OF_TWO, OF_A_PLAN, OF_AN_ACTION, MODERATED]
)


def attendance(cast: Cast, action: Action) -> dict[str, Any]:
    row = records.AttendanceFactory(cast=cast)
    return {"room": "training", "kind": "attendance", "file_type": "csv", "pk": row.pk}


# Each on a line of its own: a scene is identified by the line that builds it.
MADE: dict[str, Callable[[Cast, Action], dict[str, Any]]] = {
    "training-programme": lambda cast, action: {"pk": records.TrainingProgrammeFactory(cast=cast).pk},
    "training-event": lambda cast, action: {
        "pk": records.TrainingEventFactory(cast=cast, host=cast.bradford_district).pk
    },
    "attendance": lambda cast, action: {"pk": records.AttendanceFactory(cast=cast).pk},
    "completion": lambda cast, action: {"pk": records.CompletionFactory(cast=cast).pk},
    "champions-count": lambda cast, action: {"pk": records.ChampionsCountFactory(cast=cast).pk},
    "funding-round": lambda cast, action: {"pk": records.FundingRoundFactory(cast=cast).pk},
    "funding-decision": lambda cast, action: {"pk": records.FundingDecisionFactory(cast=cast).pk},
    "grant-fund": lambda cast, action: {"pk": records.GrantFundFactory(cast=cast).pk},
    "grant": lambda cast, action: {"pk": records.GrantFactory(cast=cast).pk},
    "stated-total": lambda cast, action: {"pk": records.StatedTotalFactory(cast=cast).pk},
    "local-profile": lambda cast, action: {"pk": records.LocalProfileFactory(cast=cast).pk},
    "profile-briefing": lambda cast, action: {"pk": records.ProfileBriefingFactory(cast=cast).pk},
    "plan-alignment": lambda cast, action: {"pk": records.PlanAlignmentFactory(cast=cast).pk},
    "channel-panel": lambda cast, action: {"pk": records.ChannelPanelFactory(cast=cast).pk},
    "panel-month": lambda cast, action: {"pk": records.PanelMonthFactory(cast=cast).pk},
    "framework": lambda cast, action: {"pk": records.FrameworkFactory(cast=cast).pk},
    "framework-item": lambda cast, action: {"pk": records.FrameworkItemFactory(cast=cast).pk},
    "grant-limit": lambda cast, action: {"pk": records.GrantLimitFactory(cast=cast).pk},
    "grade": lambda cast, action: {"pk": records.GradeFactory(cast=cast).pk},
    "term": lambda cast, action: {"pk": records.TermFactory(cast=cast).pk},
    "memorandum": lambda cast, action: {"pk": records.MemorandumFactory(cast=cast).pk},
    "action-mapping": lambda cast, action: {"pk": records.ActionMappingFactory(cast=cast, action=action).pk},
    "measure": lambda cast, action: {"pk": records.MeasureFactory(cast=cast).pk},
    "reading": lambda cast, action: {"pk": records.ReadingFactory(cast=cast).pk},
}
OF_A_RECORD = (
    *("record-list", "record-export", "record-page", "record-create", "record-edit"),
    *("record-import", "record-import-confirm", "room", "foi-export"),
)
FOUND = {
    **{f"programme:{name}": attendance for name in OF_A_RECORD},
    **{f"api:{name}": build for name, build in MADE.items()},
    **{f"{door}:reading-moderate": MADE["reading"] for door in ("api", "programme")},
    **{f"api:{name}-correct": MADE[name] for name in (*REPORTED, "panel-month", "plan-alignment")},
}
