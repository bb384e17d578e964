"""Who gets what answer at every address: the permission matrix, as data.

A row is an address by its name, the methods it is about, and one status for each role in the order of `ROLES`; two
figures stand for "without a session" and "everybody signed in". The OPCC officer gets the observer's answer, unless the
row ends with their own: `op=200`. GET stands for HEAD too, OTHER for PUT, PATCH and
DELETE. What a role may not see is 404, what it may see and not do 403; 409 and 422 (400 at the API) are the
answers of a form to somebody whom the gate let through with nothing on it.

The action in play is Bradford's, in the state that `STATES` names for the address. Roles after the colon stand
in the order: the action's owner, a SPOC of another district, the manager, the board, the auditor.
"""

from dataclasses import dataclass

from tests.permissions import (
    access,
    accounts,
    action_api,
    bulk,
    calendar,
    exchange,
    inspections,
    letters,
    meetings,
    my_work,
    notices,
    programme,
    reports,
    returns,
    saved_views,
    setup,
    suffixes,
)

OUTSIDE = (
    "anonymous",
    "stranger",
    "observer",
    "former_spoc",
    "administrator",
    "leicestershire_manager",
    "wakefield_contact",  # of a council that has no part in the action
)
INSIDE = (
    "supporter",  # the same contact once the council supports the action
    "bradford_spoc",
    "leeds_spoc",
    "manager",
    "gold",
    "auditor",
)
OPCC = "opcc_officer"
PEOPLE = (*OUTSIDE, *INSIDE, OPCC)
# Partners' systems: of the supporting council, with one scope each; and of another partnership, with all of them.
CLIENTS = ("reader", "writer", "reviewer", "foreign")
ROLES = PEOPLE + CLIENTS
COLUMNS = OUTSIDE + INSIDE + CLIENTS

SAFE = ("GET", "HEAD")
OTHER = ("PUT", "PATCH", "DELETE")
METHODS = (*SAFE, "POST", *OTHER)

PAGES = """
#                                         an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au
desk:my-work                      GET     302 200
desk:my-work                      POST    302 405
desk:my-work                      OTHER   302 405
desk:task-list                    GET     302 200
desk:task-list                    POST    302 405
desk:task-list                    OTHER   302 405
desk:tasks-seen                   GET     302 302
desk:tasks-seen                   POST    302 302
desk:tasks-seen                   OTHER   302 405
desk:triage                       GET     302 403 403 403 403 200 403 : 403 403 403 200 403 403
desk:triage                       POST    302 405
desk:triage                       OTHER   302 405
desk:remind                       GET     302 403 403 403 403 422 403 : 403 403 403 422 403 403
desk:remind                       POST    302 403 403 403 403 422 403 : 403 403 403 422 403 403
desk:remind                       OTHER   302 405
desk:remind-owner                 GET     302 404 404 404 404 404 404 : 403 403 403 200 403 403
desk:remind-owner                 POST    302 404 404 404 404 404 404 : 403 403 403 302 403 403
desk:remind-owner                 OTHER   302 405
actions:update-request            GET     302 404 404 404 404 404 404 : 403 403 403 200 403 403
actions:update-request            POST    302 404 404 404 404 404 404 : 403 403 403 422 403 403
actions:update-request            OTHER   302 405
desk:search                       GET     302 200
desk:search                       POST    302 405
desk:search                       OTHER   302 405
actions:plan-list                 GET     302 200
actions:plan-list                 POST    302 405
actions:plan-list                 OTHER   302 405
actions:plan-create               GET     302 403 403 403 403 200 403 : 403 403 403 200 403 403
actions:plan-create               POST    302 403 403 403 403 422 403 : 403 403 403 422 403 403
actions:plan-create               OTHER   302 405
actions:plan                      GET     302 404 404 404 404 404 404 : 200 200 200 200 200 200
actions:plan                      POST    302 405
actions:plan                      OTHER   302 405
actions:plan-edit                 GET     302 404 404 404 404 404 404 : 403 403 403 200 403 403
actions:plan-edit                 POST    302 404 404 404 404 404 404 : 403 403 403 422 403 403
actions:plan-edit                 OTHER   302 405
importing:plan-import               GET     302 404 404 404 404 404 404 : 403 403 403 200 403 403
importing:plan-import               POST    302 404 404 404 404 404 404 : 403 403 403 422 403 403
importing:plan-import               OTHER   302 405
importing:plan-import-confirm       GET     302 302
importing:plan-import-confirm       POST    302 404 404 404 404 404 404 : 403 403 403 409 403 403
importing:plan-import-confirm       OTHER   302 405
actions:pillar-create             GET     302 404 404 404 404 404 404 : 403 403 403 200 403 403
actions:pillar-create             POST    302 404 404 404 404 404 404 : 403 403 403 422 403 403
actions:pillar-create             OTHER   302 405
actions:pillar-edit               GET     302 404 404 404 404 404 404 : 403 403 403 200 403 403
actions:pillar-edit               POST    302 404 404 404 404 404 404 : 403 403 403 422 403 403
actions:pillar-edit               OTHER   302 405
actions:hand-over                 GET     302 404 404 404 404 404 404 : 403 403 403 200 403 403
actions:hand-over                 POST    302 404 404 404 404 404 404 : 403 403 403 422 403 403
actions:hand-over                 OTHER   302 405
actions:plan-mismatches           GET     302 404 404 404 404 404 404 : 200 200 200 200 200 200
actions:plan-mismatches           POST    302 405
actions:plan-mismatches           OTHER   302 405
actions:action-create             GET     302 404 404 404 404 404 404 : 403 403 403 200 403 403
actions:action-create             POST    302 404 404 404 404 404 404 : 403 403 403 422 403 403
actions:action-create             OTHER   302 405
actions:action-list               GET     302 200
actions:action-list               POST    302 405
actions:action-list               OTHER   302 405
actions:action-export-choose      GET     302 200
actions:action-export-choose      POST    302 405
actions:action-export-choose      OTHER   302 405
actions:action-export/csv         GET     302 200
actions:action-export/csv         POST    302 405
actions:action-export/csv         OTHER   302 405
actions:action-export/xlsx        GET     302 200
actions:action-export/xlsx        POST    302 405
actions:action-export/xlsx        OTHER   302 405
actions:action                    GET     302 404 404 404 404 404 404 : 200 200 200 200 200 200
actions:action                    POST    302 405
actions:action                    OTHER   302 405
actions:action-edit               GET     302 404 404 404 404 404 404 : 403 403 403 200 403 403
actions:action-edit               POST    302 404 404 404 404 404 404 : 403 403 403 422 403 403
actions:action-edit               OTHER   302 405
actions:action-release            GET     302 302
actions:action-release            POST    302 404 404 404 404 404 404 : 403 403 403 302 403 403
actions:action-release            OTHER   302 405
actions:progress-create           GET     302 404 404 404 404 404 404 : 200 200 403 403 403 403
actions:progress-create           POST    302 404 404 404 404 404 404 : 422 422 403 403 403 403
actions:progress-create           OTHER   302 405
actions:action-allocate           GET     302 404 404 404 404 404 404 : 403 403 403 200 403 403
actions:action-allocate           POST    302 404 404 404 404 404 404 : 403 403 403 422 403 403
actions:action-allocate           OTHER   302 405
actions:action-submit             GET     302 404 404 404 404 404 404 : 403 200 403 403 403 403
actions:action-submit             POST    302 404 404 404 404 404 404 : 403 422 403 403 403 403
actions:action-submit             OTHER   302 405
actions:evidence-add              GET     302 404 404 404 404 404 404 : 200 200 403 403 403 403
actions:evidence-add              POST    302 404 404 404 404 404 404 : 422 422 403 403 403 403
actions:evidence-add              OTHER   302 405
actions:evidence-download         GET     302 404 404 404 404 404 404 : 200 200 200 200 200 200
actions:evidence-download         POST    302 405
actions:evidence-download         OTHER   302 405
actions:evidence-preview          GET     302 404 404 404 404 404 404 : 200 200 200 200 200 200
actions:evidence-preview          POST    302 405
actions:evidence-preview          OTHER   302 405
actions:assurance-give            GET     302 404 404 404 404 404 404 : 403 403 403 403 403 200
actions:assurance-give            POST    302 404 404 404 404 404 404 : 403 403 403 403 403 422
actions:assurance-give            OTHER   302 405
actions:action-reopen             GET     302 404 404 404 404 404 404 : 403 403 403 403 403 200
actions:action-reopen             POST    302 404 404 404 404 404 404 : 403 403 403 403 403 422
actions:action-reopen             OTHER   302 405
actions:action-retest             GET     302 404 404 404 404 404 404 : 403 403 403 403 403 200
actions:action-retest             POST    302 404 404 404 404 404 404 : 403 403 403 403 403 422
actions:action-retest             OTHER   302 405
actions:evidence-replace          GET     302 404 404 404 404 404 404 : 200 200 403 403 403 403
actions:evidence-replace          POST    302 404 404 404 404 404 404 : 422 422 403 403 403 403
actions:evidence-replace          OTHER   302 405
actions:action-publication        GET     302 404 404 404 404 404 404 : 403 403 403 200 403 403
actions:action-publication        POST    302 404 404 404 404 404 404 : 403 403 403 422 403 403
actions:action-publication        OTHER   302 405
actions:action-withdraw           GET     302 404 404 404 404 404 404 : 403 403 403 200 403 403
actions:action-withdraw           POST    302 404 404 404 404 404 404 : 403 403 403 422 403 403
actions:action-withdraw           OTHER   302 405
actions:action-supersede          GET     302 404 404 404 404 404 404 : 403 403 403 200 403 403
actions:action-supersede          POST    302 404 404 404 404 404 404 : 403 403 403 422 403 403
actions:action-supersede          OTHER   302 405
actions:action-districts          GET     302 404 404 404 404 404 404 : 403 403 403 200 403 403
actions:action-districts          POST    302 404 404 404 404 404 404 : 403 403 403 422 403 403
actions:action-districts          OTHER   302 405
actions:action-date-change        GET     302 404 404 404 404 404 404 : 403 200 403 200 403 403
actions:action-date-change        POST    302 404 404 404 404 404 404 : 403 422 403 422 403 403
actions:action-date-change        OTHER   302 405
actions:date-change-decide        GET     302 404 404 404 404 404 404 : 403 403 403 200 403 403
actions:date-change-decide        POST    302 404 404 404 404 404 404 : 403 403 403 422 403 403
actions:date-change-decide        OTHER   302 405
actions:date-change-withdraw      GET     302 404 404 404 404 404 404 : 403 200 403 200 403 403
actions:date-change-withdraw      POST    302 404 404 404 404 404 404 : 403 422 403 422 403 403
actions:date-change-withdraw      OTHER   302 405
actions:milestone-add             GET     302 404 404 404 404 404 404 : 403 200 403 200 403 403
actions:milestone-add             POST    302 404 404 404 404 404 404 : 403 422 403 422 403 403
actions:milestone-add             OTHER   302 405
actions:milestone-edit            GET     302 404 404 404 404 404 404 : 403 200 403 200 403 403
actions:milestone-edit            POST    302 404 404 404 404 404 404 : 403 422 403 422 403 403
actions:milestone-edit            OTHER   302 405
actions:action-cause-of-concern   GET     302 404 404 404 404 404 404 : 403 403 403 200 403 403
actions:action-cause-of-concern   POST    302 404 404 404 404 404 404 : 403 403 403 422 403 403
actions:action-cause-of-concern   OTHER   302 405
actions:plan-evidence             GET     302 404 404 404 404 404 404 : 200 200 200 200 200 200
actions:plan-evidence             POST    302 405
actions:plan-evidence             OTHER   302 405
actions:plan-questions            GET     302 404 404 404 404 404 404 : 200 200 200 200 200 200
actions:plan-questions            POST    302 405
actions:plan-questions            OTHER   302 405
actions:plan-slippage             GET     302 404 404 404 404 404 404 : 200 200 200 200 200 200
actions:plan-slippage             POST    302 405
actions:plan-slippage             OTHER   302 405
actions:plan-waiting              GET     302 404 404 404 404 404 404 : 200 200 200 200 200 200
actions:plan-waiting              POST    302 405
actions:plan-waiting              OTHER   302 405
actions:dependency-add            GET     302 404 404 404 404 404 404 : 403 200 403 200 403 403
actions:dependency-add            POST    302 404 404 404 404 404 404 : 403 422 403 422 403 403
actions:dependency-add            OTHER   302 405
actions:dependency-answer         GET     302 404 404 404 404 404 404 : 403 403 200 403 403 403
actions:dependency-answer         POST    302 404 404 404 404 404 404 : 403 403 422 403 403 403
actions:dependency-answer         OTHER   302 405
actions:dependency-end            GET     302 404 404 404 404 404 404 : 403 200 403 200 403 403
actions:dependency-end            POST    302 404 404 404 404 404 404 : 403 422 403 422 403 403
actions:dependency-end            OTHER   302 405
actions:question-add              GET     302 404 404 404 404 404 404 : 200 200 200 200 200 200
actions:question-add              POST    302 404 404 404 404 404 404 : 422 422 422 422 422 422
actions:question-add              OTHER   302 405
actions:question-answer           GET     302 404 404 404 404 404 404 : 403 200 403 200 403 403
actions:question-answer           POST    302 404 404 404 404 404 404 : 403 422 403 422 403 403
actions:question-answer           OTHER   302 405
actions:assurance-queue           GET     302 403 403 403 403 403 403 : 403 403 403 403 403 200
actions:assurance-queue           POST    302 405
actions:assurance-queue           OTHER   302 405
partners:ledger                   GET     302 403 403 403 403 403 403 : 403 403 403 403 403 200
partners:ledger                   POST    302 405
partners:ledger                   OTHER   302 405
partners:reads                    GET     302 403 403 403 403 200 403 : 403 403 403 200 403 200
partners:reads                    POST    302 405
partners:reads                    OTHER   302 405
partners:ledger-export             GET     302 403 403 403 403 403 403 : 403 403 403 403 403 200
partners:ledger-export             POST    302 405
partners:ledger-export             OTHER   302 405
partners:ledger-verify            GET     302 302
partners:ledger-verify            POST    302 403 403 403 403 403 403 : 403 403 403 403 403 200
partners:ledger-verify            OTHER   302 405
partners:ledger-entry             GET     302 403 403 403 403 403 403 : 403 403 403 403 403 200
partners:ledger-entry             POST    302 405
partners:ledger-entry             OTHER   302 405
"""

# People reach the API through their session, systems with a token: its scope decides before its organisation does.
API = """
#                        an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au : reader writer reviewer foreign
api:index        GET     200 200
api:index        POST    405 405
api:index        OTHER   405 405
api:schema       GET     200 200
api:schema       POST    405 405
api:schema       OTHER   405 405
api:docs         GET     200 200
api:docs         POST    405 405
api:docs         OTHER   405 405
api:plan-list    GET     401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 200 403 403 200
api:plan-list    POST    401 405
api:plan-list    OTHER   401 405
api:plan         GET     401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:plan         POST    401 405
api:plan         OTHER   401 405
api:action-list  GET     401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 200 403 403 200
api:action-list  POST    401 405
api:action-list  OTHER   401 405
api:action       GET     401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:action       POST    401 405
api:action       OTHER   401 405
api:update-list  GET     401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:update-list  POST    401 404 404 404 404 404 404 : 201 201 403 403 403 403 : 403 201 403 404
api:update-list  OTHER   401 405
api:update       GET     401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:update       POST    401 405
api:update       OTHER   401 405
"""

# The state of the action in play, where the address asks for another than "in progress".
STATES = {
    "actions:action-release": "draft",
    "actions:action-allocate": "awaiting_allocation",
    "actions:action-districts": "awaiting_allocation",
    "actions:assurance-give": "awaiting_assurance",
    "actions:action-reopen": "complete",
    "actions:action-retest": "complete",
    **inspections.STATES,
}


@dataclass(frozen=True)
class Cell:
    route: str
    method: str
    role: str
    status: int


def _read(table: str, *, token_opens: bool) -> dict[str, list[Cell]]:
    cells_of: dict[str, list[Cell]] = {}
    for line in table.splitlines():
        if not line or line.startswith("#"):
            continue
        route, method, *figures = line.split()
        own = [int(figure.removeprefix("op=")) for figure in figures if figure.startswith("op=")]
        statuses = [int(figure) for figure in figures if figure != ":" and not figure.startswith("op=")]
        if len(statuses) == 2:
            without, signed_in = statuses
            statuses = [without, *[signed_in] * (len(COLUMNS if token_opens else (*OUTSIDE, *INSIDE)) - 1)]
        if not token_opens:
            # A token opens the API and nothing else: elsewhere its bearer is anonymous.
            statuses += [statuses[0]] * len(CLIENTS)
        for each in {"GET": SAFE, "OTHER": OTHER}.get(method, (method,)):
            row = dict(zip(COLUMNS, statuses, strict=True))
            row[OPCC] = own[0] if own else row["observer"]
            cells_of.setdefault(route, []).extend(
                Cell(route, each, role, status) for role, status in row.items()
            )
    return cells_of


MATRIX: dict[str, list[Cell]] = {
    **_read(PAGES, token_opens=False),
    **_read(inspections.PAGES, token_opens=False),
    **_read(letters.PAGES, token_opens=False),
    **_read(bulk.PAGES, token_opens=False),
    **_read(calendar.PAGES, token_opens=False),
    **_read(saved_views.PAGES, token_opens=False),
    **_read(notices.PAGES, token_opens=False),
    **_read(programme.PAGES, token_opens=False),
    **_read(returns.PAGES, token_opens=False),
    **_read(meetings.PAGES, token_opens=False),
    **_read(reports.PAGES, token_opens=False),
    **_read(access.PAGES, token_opens=False),
    **_read(setup.PAGES, token_opens=False),
    **_read(exchange.PAGES, token_opens=False),
    **_read(accounts.PUBLIC, token_opens=False),
    **_read(API, token_opens=True),
    **_read(access.SCIM, token_opens=True),
    **_read(inspections.API, token_opens=True),
    **_read(action_api.API, token_opens=True),
    **_read(bulk.API, token_opens=True),
    **_read(suffixes.API, token_opens=True),
    **_read(programme.API, token_opens=True),
    **_read(returns.API, token_opens=True),
    **_read(my_work.API, token_opens=True),
    **_read(meetings.API, token_opens=True),
    **_read(reports.API, token_opens=True),
    **_read(notices.API, token_opens=True),
    **_read(exchange.API, token_opens=True),
}
