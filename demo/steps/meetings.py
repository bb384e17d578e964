"""Meetings of boards: planned, held, minuted, confirmed and cancelled."""

from datetime import date, time

from demo.steps.step import Step, Verb
from meetings.meetings.services import hold_meeting, save_item, save_meeting
from meetings.minutes.services import confirm_minutes, write_minute
from meetings.models import AgendaItem, Meeting, Minute
from partners.models import Board


def minute_called(step: Step, name: str) -> Minute | None:
    """Fetch a minute by board and reference, such as `Prevent Silver group: 3/2020`; nothing for an empty name."""
    if not name:
        return None
    board, _, reference = name.rpartition(": ")
    return Minute.objects.select_related("item__meeting__board").get(
        board__partnership=step.partnership, board__name=board, reference=reference
    )


def _plan(step: Step) -> None:
    row = step.row
    save_meeting(
        actor=step.actor,
        meeting=Meeting(board=Board.objects.get(partnership=step.partnership, name=row["board"])),
        day=date.fromisoformat(row["day"]),
        precision=row["precision"] or Meeting.Precision.DAY,
        starts_at=time.fromisoformat(row["starts_at"]) if row["starts_at"] else None,
        place=row["place"],
        is_online=row["is_online"] == "yes",
        chair=row["chair"],
        basis=row["basis"] or Meeting.Basis.RECORDED,
        source=row["source"],
        at=step.at,
    )


def _meeting(step: Step, day: str = "") -> Meeting:
    row = step.row
    return Meeting.objects.select_related("board__partnership").get(
        board__partnership=step.partnership, board__name=row["board"], day=day or row["day"]
    )


def _item(step: Step) -> None:
    row = step.row
    save_item(
        actor=step.actor,
        item=AgendaItem(meeting=_meeting(step)),
        number=int(row["number"]),
        title=row["title"],
        purpose=row["purpose"],
        paper=row["paper"],
        at=step.at,
    )


def _hold(step: Step) -> None:
    hold_meeting(actor=step.actor, meeting=_meeting(step), at=step.at)


def _minute(step: Step) -> None:
    row = step.row
    write_minute(
        actor=step.actor,
        item=_meeting(step).items.get(number=row["number"]),
        reference=row["reference"],
        kind=row["kind"],
        text=row["text"],
        at=step.at,
    )


def _confirm(step: Step) -> None:
    confirmed_by = _meeting(step, step.row["confirmed_by"])
    confirm_minutes(actor=step.actor, meeting=_meeting(step), confirmed_by=confirmed_by, at=step.at)


VERBS: dict[str, Verb] = {
    "plan_meeting": _plan,
    "agenda_item": _item,
    "hold_meeting": _hold,
    "minute": _minute,
    "confirm_minutes": _confirm,
}
