"""What waits for a board: requests about actions, and decisions that nobody has carried out yet."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from actions.closing.models import ClosureProposal
from actions.core.models import Action, RequestQuerySet
from actions.core.requests import Request
from actions.dates.models import DateChange
from audit.actors import Reader
from audit.clock import london_date
from meetings.models import Decision
from partners.models import Board

Subject = Decision.Subject
SUBJECT_OF = {
    ClosureProposal.Kind.WITHDRAW: Subject.WITHDRAWAL,
    ClosureProposal.Kind.SUPERSEDE: Subject.SUPERSESSION,
}
CARRIED_OUT = (
    Subject.WITHDRAWAL,
    Subject.SUPERSESSION,
    Subject.DUE_DATE,
    Subject.REOPENING,
    Subject.RATING,
)
"""What is carried out on an action, with the minute cited."""
PEOPLE = ("action", "requested_by", "taken_over_by")


@dataclass(frozen=True)
class Business:
    """A request about an action that a board decides.

    Attributes:
        subject: as the minutes name it.
        text: what is asked for.
        since: the day it was asked for.
    """

    subject: str
    action: Action
    text: str
    reason: str
    requested_by: str
    since: date

    @property
    def key(self) -> str:
        """The subject and the reference together, as a form sends them."""
        return f"{self.subject}:{self.action.ref}"


def open_business(*, board: Board, user: Reader, on: date) -> list[Business]:
    """Return the requests that a board can decide and that the user may view, the longest waiting first."""
    if not board.decides_on_actions:
        return []
    proposals = _of_board(ClosureProposal.objects.visible_to(user, on), board)
    dates = _of_board(DateChange.objects.visible_to(user, on), board).filter(level=DateChange.Level.BOARD)
    business = [
        *(_business(row, SUBJECT_OF[row.kind], row.get_kind_display()) for row in proposals),
        *(_business(row, Subject.DUE_DATE, f"New due date of {row.new_due:%-d %B %Y}") for row in dates),
    ]
    return sorted(business, key=lambda each: (each.since, each.action.ref))


def uncarried_decisions(*, board: Board, user: Reader, on: date) -> list[tuple[Decision, Action]]:
    """Return the board's decisions on actions that are recorded but not carried out, with the action of each."""
    decisions = (
        Decision.objects.visible_to(user, on)
        .filter(minute__board=board, subject__in=CARRIED_OUT, applied=False)
        .exclude(effect__in=[Decision.Effect.NOTE, Decision.Effect.REQUEST])
        .select_related("minute__item__meeting__board")
        .order_by("minute__item__meeting__day", "pk")
    )
    rows = list(decisions)
    actions = Action.objects.visible_to(user, on).filter(partnership=board.partnership_id)
    by_ref = {action.ref: action for action in actions.filter(ref__in=[row.subject_ref for row in rows])}
    return [(row, by_ref[row.subject_ref]) for row in rows if row.subject_ref in by_ref]


def _of_board(requests: RequestQuerySet[Any], board: Board) -> Any:
    rows = requests.open().filter(action__partnership=board.partnership_id).select_related(*PEOPLE)
    return rows.filter(action__area=board.area_id) if board.area_id is not None else rows


def _business(row: Request, subject: str, text: str) -> Business:
    return Business(subject, row.action, text, row.reason, str(row.answerable), london_date(row.requested_at))
