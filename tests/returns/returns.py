"""A plan with monthly returns, and Bradford's return for May at each stage."""

from datetime import date, datetime
from typing import Any

from actions.models import Action
from actions.plans.services import change_plan
from audit.actors import SYSTEM
from returns.models import Return, ReturnRow
from returns.services.drafting import RowDraft, SaveResult, save_return
from returns.services.opening import open_returns
from returns.services.submitting import submit_return
from tests.cast import LONDON, Cast

MAY = date(2020, 5, 1)
REQUESTED_AT = datetime(2020, 5, 4, 9, tzinfo=LONDON)
OPENS = datetime(2020, 6, 1, 10, tzinfo=LONDON)
# May's return is due on the fifth working day of June and closes five working days later.
DUE, CLOSES = date(2020, 6, 5), date(2020, 6, 12)
IN_TIME = datetime(2020, 6, 4, 10, tzinfo=LONDON)
GREEN: dict[str, Any] = {
    "state": "in_progress",
    "narrative": "Four of five teams are briefed.",
    "rag": "green",
    "percent": 80,
}


def request_returns(cast: Cast, **fields: Any) -> None:
    """Request returns from the plan's organisations, from May."""
    change_plan(actor=cast.manager, plan=cast.plan, at=REQUESTED_AT, **({"returns_from": MAY} | fields))
    cast.plan.refresh_from_db()


def open_return(cast: Cast, at: datetime = OPENS) -> Return:
    """Open the returns for May, and return Bradford's."""
    request_returns(cast)
    open_returns(actor=SYSTEM, plan=cast.plan, at=at)
    return Return.objects.get(organisation=cast.bradford_district, period_start=MAY)


def row(action: Action, version: int | None = None, **fields: Any) -> RowDraft:
    return RowDraft(action=action.pk, version=version, **(GREEN | fields))


def save(cast: Cast, report: Return, *rows: RowDraft, **options: Any) -> SaveResult:
    defaults: dict[str, Any] = {
        "actor": cast.bradford_spoc,
        "commentaries": [],
        "sections": {},
        "version": None,
        "at": IN_TIME,
    }
    return save_return(report=report, rows=rows, **(defaults | options))


def submit(cast: Cast, report: Return, **options: Any) -> Return:
    defaults: dict[str, Any] = {"actor": cast.bradford_spoc, "version": None, "at": IN_TIME}
    return submit_return(report=report, **(defaults | options))


def submitted_return(cast: Cast, report: Return, *actions: Action) -> Return:
    """Submit the return with a green row for each of these actions."""
    save(cast, report, *(row(action) for action in actions))
    return submit(cast, report)


def row_of(report: Return, action: Action) -> ReturnRow:
    return ReturnRow.objects.select_related("update").get(report=report, action=action)
