"""What waits for a board: requests about actions, and decisions that nobody has carried out yet."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from actions.closing.models import ClosureProposal
from actions.core.models import Action, RequestQuerySet
from actions.core.requests import Request
from actions.dates.models import DateChange
from audit.actors import Reader
from audit.clock import london_date
from meetings.meetings.states import MeetingState
from meetings.models import AgendaItem, Decision, Meeting
from partners.models import Board
from web.language import day_text

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
ABOUT_ACTIONS = (*CARRIED_OUT, Subject.ACTION)
PEOPLE = ("action", "requested_by", "taken_over_by")


@dataclass(frozen=True)
class Business:
    """Something that a board is to decide: a request about an action, or an item of an agenda.

    Attributes:
        subject: as the minutes name it.
        action: None for something else, or where the reader may not view it.
        text: what is asked for.
        since: the day it was asked for.
        meeting: whose agenda has it; None for a request.
    """

    subject: str
    ref: str
    title: str
    action: Action | None
    text: str
    reason: str
    requested_by: str
    since: date
    meeting: Meeting | None = None

    @property
    def key(self) -> str:
        """The subject and the reference together, as a form sends them."""
        return f"{self.subject}:{self.ref}"


def open_business(*, board: Board, user: Reader, on: date) -> list[Business]:
    """Return what a board is to decide and the user may view, the longest waiting first.

    These are the requests about actions that the board can decide, and the items of its agendas that name what is to
    be decided, until a decision on it is recorded.
    """
    requests = _requests(board, user, on) if board.decides_on_actions else []
    keys = {each.key for each in requests}
    items = [each for each in _items(board, user, on) if each.key not in keys]
    return sorted([*requests, *items], key=lambda each: (each.since, each.ref))


def _requests(board: Board, user: Reader, on: date) -> list[Business]:
    proposals = _of_board(ClosureProposal.objects.visible_to(user, on), board)
    dates = _of_board(DateChange.objects.visible_to(user, on), board).filter(level=DateChange.Level.BOARD)
    return [
        *(_business(row, SUBJECT_OF[row.kind], row.get_kind_display()) for row in proposals),
        *(
            _business(
                row,
                Subject.DUE_DATE,
                gettext("New due date of {new_due}").format(new_due=day_text(row.new_due)),
            )
            for row in dates
        ),
    ]


def _items(board: Board, user: Reader, on: date) -> list[Business]:
    """Return what agendas name and no meeting of that day or later decided; of repeated items, the first."""
    items = (
        AgendaItem.objects.visible_to(user, on)
        .filter(meeting__board=board)
        .exclude(subject="")
        .exclude(meeting__state=MeetingState.CONFIRMED)
        .select_related("meeting__board")
        .order_by("meeting__day", "number")
    )
    rows = list(items)
    if not rows:
        return []
    refs = {row.subject_ref for row in rows}
    decided: dict[tuple[str, str], date] = {}
    for decision in Decision.objects.filter(minute__board=board, subject_ref__in=refs).select_related(
        "minute__item__meeting"
    ):
        key, day = (decision.subject, decision.subject_ref), decision.minute.item.meeting.day
        decided[key] = max(day, decided.get(key, day))
    visible = Action.objects.visible_to(user, on).filter(partnership=board.partnership_id, ref__in=refs)
    actions = {action.ref.upper(): action for action in visible}
    business: dict[str, Business] = {}
    for row in rows:
        if decided.get((row.subject, row.subject_ref), date.min) < row.meeting.day:
            each = _agenda_business(
                row, actions.get(row.subject_ref) if row.subject in ABOUT_ACTIONS else None
            )
            business.setdefault(each.key, each)
    return list(business.values())


def _agenda_business(row: AgendaItem, action: Action | None) -> Business:
    return Business(
        subject=row.subject,
        ref=row.subject_ref,
        title=action.title if action else "",
        action=action,
        text=row.get_subject_display(),
        reason=row.title,
        requested_by=row.presenter,
        since=row.meeting.day,
        meeting=row.meeting,
    )


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
    action, asked = row.action, london_date(row.requested_at)
    return Business(subject, action.ref, action.title, action, text, row.reason, str(row.answerable), asked)
