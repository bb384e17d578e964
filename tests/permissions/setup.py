"""The rows of the permission matrix for the set-up of a partnership: its districts, organisations, boards and people."""

from typing import Any

from actions.models import Action
from audit import clock
from partners.accounts.four_eyes import MEMBERSHIP, ApprovalRequired
from partners.approvals.services import request_change
from tests.cast import TODAY, Cast

PAGES = """
#                               an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au
importing:setup                 GET   302 403 403 403 200 302 403 : 403 403 403 302 403 403
importing:setup                 POST  302 403 403 403 422 403 403 : 403 403 403 403 403 403
importing:setup                 OTHER 302 405
importing:setup-partnership     GET   302 404 403 404 200 404 403 : 403 403 403 200 403 403
importing:setup-partnership     POST  302 404 403 404 403 404 403 : 403 403 403 422 403 403
importing:setup-partnership     OTHER 302 405
importing:setup-invitations     GET   302 302
importing:setup-invitations     POST  302 404 403 404 302 404 403 : 403 403 403 302 403 403
importing:setup-invitations     OTHER 302 405
importing:people-import         GET   302 404 403 404 200 404 403 : 403 403 403 200 403 403
importing:people-import         POST  302 404 403 404 422 404 403 : 403 403 403 422 403 403
importing:people-import         OTHER 302 405
importing:people-import-confirm GET   302 302
importing:people-import-confirm POST  302 404 403 404 409 404 403 : 403 403 403 409 403 403
importing:people-import-confirm OTHER 302 405
partners:reference-list         GET   302 404 403 404 200 404 403 : 403 403 403 200 403 403
partners:reference-list         POST  302 405
partners:reference-list         OTHER 302 405
partners:people                 GET   302 404 403 404 200 404 403 : 403 403 403 200 403 403
partners:people                 POST  302 405
partners:people                 OTHER 302 405
partners:people-export/csv      GET   302 404 403 404 200 404 403 : 403 403 403 200 403 403
partners:people-export/csv      POST  302 405
partners:people-export/csv      OTHER 302 405
partners:people-export/xlsx     GET   302 404 403 404 200 404 403 : 403 403 403 200 403 403
partners:people-export/xlsx     POST  302 405
partners:people-export/xlsx     OTHER 302 405
partners:reference-create       GET   302 404 403 404 200 404 403 : 403 403 403 200 403 403
partners:reference-create       POST  302 404 403 404 422 404 403 : 403 403 403 422 403 403
partners:reference-create       OTHER 302 405
partners:reference-edit         GET   302 404 403 404 200 404 403 : 403 403 403 200 403 403
partners:reference-edit         POST  302 404 403 404 422 404 403 : 403 403 403 422 403 403
partners:reference-edit         OTHER 302 405
partners:account-list           GET   302 403 403 403 200 403 403 : 403 403 403 403 403 403
partners:account-list           POST  302 405
partners:account-list           OTHER 302 405
partners:account-add            GET   302 403 403 403 200 403 403 : 403 403 403 403 403 403
partners:account-add            POST  302 403 403 403 422 403 403 : 403 403 403 403 403 403
partners:account-add            OTHER 302 405
partners:account-edit           GET   302 403 403 403 200 403 403 : 403 403 403 403 403 403
partners:account-edit           POST  302 403 403 403 422 403 403 : 403 403 403 403 403 403
partners:account-edit           OTHER 302 405
partners:accounts-sign-out      GET   302 302
partners:accounts-sign-out      POST  302 403 403 403 302 403 403 : 403 403 403 403 403 403
partners:accounts-sign-out      OTHER 302 405
partners:person-add             GET   302 404 403 404 200 404 403 : 403 403 403 200 403 403
partners:person-add             POST  302 404 403 404 422 404 403 : 403 403 403 422 403 403
partners:person-add             OTHER 302 405
partners:role-end               GET   302 404 403 404 200 404 403 : 403 403 403 200 403 403
partners:role-end               POST  302 404 403 404 422 404 403 : 403 403 403 422 403 403
partners:role-end               OTHER 302 405
partners:approval-list          GET   302 403 403 403 200 200 403 : 403 403 403 200 403 200
partners:approval-list          POST  302 405
partners:approval-list          OTHER 302 405
partners:approval-add           GET   302 403 403 403 200 403 403 : 403 403 403 403 403 403
partners:approval-add           POST  302 403 403 403 422 403 403 : 403 403 403 403 403 403
partners:approval-add           OTHER 302 405
partners:approval               GET   302 404 404 404 200 404 404 : 404 404 404 200 404 200
partners:approval               POST  302 404 404 404 422 404 404 : 404 404 404 403 404 403
partners:approval               OTHER 302 405
partners:approval-withdraw      GET   302 302
partners:approval-withdraw      POST  302 404 404 404 403 404 404 : 404 404 404 302 404 403
partners:approval-withdraw      OTHER 302 405
"""


def partnership(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": cast.yorkshire.pk}


def change_request(cast: Cast, action: Action | None = None, role: str = "board_member") -> dict[str, Any]:
    """Return a request of the manager that waits for an administrator."""
    values = {"organisation": cast.police.pk, "role": role, "alternate": False}
    values |= {"starts_on": TODAY.isoformat(), "ends_on": None}
    needed = ApprovalRequired(kind=MEMBERSHIP, user=cast.stranger, values=values, partnership=cast.yorkshire)
    change = request_change(actor=cast.manager, needed=needed, at=clock.now())
    return {"pk": change.pk}


OF_A_PARTNERSHIP = ("setup-partnership", "setup-invitations", "people-import", "people-import-confirm")


def organisations(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": cast.yorkshire.pk, "kind": "organisations"}


FOUND = {
    **{f"importing:{name}": partnership for name in OF_A_PARTNERSHIP},
    **{
        f"partners:{name}": partnership
        for name in ("people", "people-export/csv", "people-export/xlsx", "person-add")
    },
    **{f"partners:{name}": organisations for name in ("reference-list", "reference-create")},
    "partners:reference-edit": lambda cast, action: {
        **organisations(cast, action),
        "row_pk": cast.wakefield_council.pk,
    },
    "partners:account-edit": lambda cast, action: {"pk": cast.leeds_spoc.pk},
    "partners:role-end": lambda cast, action: {
        "pk": cast.yorkshire.pk,
        "membership_pk": cast.leeds_spoc.memberships.get().pk,
    },
    **dict.fromkeys(("partners:approval", "partners:approval-withdraw"), change_request),
}
