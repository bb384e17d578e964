"""The days in a person's calendar: their tasks with a due date, the due dates and milestones of their actions, and meetings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils.translation import gettext

from actions.models import Action, Milestone
from audit.actors import Actor
from audit.models import Ledger
from desk.my_work.services.lists import my_actions, my_tasks
from desk.tasks.task import Task
from meetings.meetings.states import MeetingState
from meetings.models import Meeting
from partners.policies import rights_of
from standards.marking import Marking

# How long a meeting stays in the calendar after its day.
MEETINGS_SINCE = timedelta(days=31)


@dataclass(frozen=True)
class Day:
    """One event of the calendar; of an OFFICIAL-SENSITIVE row, the reference only.

    Attributes:
        key: stays the same for the same event, even when its day moves.
        path: of the page it links to.
        starts_at: the time at which it begins; without one, it is a whole day.
    """

    key: str
    on: date
    title: str
    path: str
    reason: str = ""
    starts_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    is_cancelled: bool = False


def days_of(*, actor: Actor, on: date) -> list[Day]:
    """List the actor's tasks, due dates, milestones and meetings as My work has them on the day `on`, soonest first."""
    actions = list(my_actions(actor=actor, on=on))
    due_dates = {action.pk: _due(action) for action in actions if action.due is not None}
    days = {
        day.key: day for day in (*due_dates.values(), *_milestones(actor, actions, on), *_meetings(actor, on))
    }
    for task in my_tasks(actor=actor, on=on):
        if task.due is None:
            continue
        action_id = task.subject.id
        if task.is_about_due_date and action_id in due_dates:
            # The due date and the task due on it are one event.
            day = due_dates[action_id]
            if not day.reason:
                due_dates[action_id] = days[day.key] = replace(day, reason=_reason(task))
            continue
        day = _of_task(task)
        days.setdefault(day.key, day)
    return sorted(days.values(), key=lambda day: (day.on, day.key))


def revised_at(*, actor: Actor, on: date) -> datetime | None:
    """Return when something last changed in the partnerships of the actor; none where they have no role."""
    newest = Ledger.objects.filter(partnership__in=rights_of(actor, on).partnerships())
    return newest.order_by("-last_at").values_list("last_at", flat=True).first()


def _due(action: Action) -> Day:
    assert action.due is not None
    what = action.ref if _is_sensitive(action.marking) else f"{action.ref} {action.title}"
    return Day(f"due-{action.pk}", action.due, gettext("Due: {what}").format(what=what), _path(action.pk))


def _path(action_id: int) -> str:
    return reverse("actions:action", args=[action_id])


def _milestones(actor: Actor, actions: list[Action], on: date) -> Iterator[Day]:
    rows = Milestone.objects.visible_to(actor, on).filter(
        action__in=actions, reached_on=None, dropped_on=None
    )
    for row in rows.select_related("action"):
        name = row.action.ref
        if not _is_sensitive(row.action.marking):
            name = f"{row.title} ({row.action.ref} {row.action.title})"
        yield Day(
            f"milestone-{row.pk}",
            row.due,
            gettext("Milestone: {name}").format(name=name),
            _path(row.action_id),
        )


def _meetings(actor: Actor, on: date) -> Iterator[Day]:
    """Return the meetings at which the actor is expected, also cancelled ones: a calendar program strikes them out."""
    rows = Meeting.objects.expecting(actor, on).filter(
        precision=Meeting.Precision.DAY, day__gte=on - MEETINGS_SINCE
    )
    for row in rows.select_related("board"):
        is_sensitive = _is_sensitive(row.marking)
        is_cancelled = row.state == MeetingState.CANCELLED
        title = gettext("Meeting") if is_sensitive else gettext("Meeting: {board}").format(board=row.board)
        yield Day(
            f"meeting-{row.pk}",
            row.day,
            gettext("Cancelled: {title}").format(title=title) if is_cancelled else title,
            reverse("meetings:meeting", args=[row.pk]),
            reason="" if is_sensitive else row.cancelled_reason,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            place="" if is_sensitive else row.place_in_words,
            is_cancelled=is_cancelled,
        )


def _of_task(task: Task) -> Day:
    """Return a task as a day. Its page identifies it: a page has one task at a time."""
    assert task.due is not None
    page = " ".join([task.route, *map(str, task.args), task.query])
    key = "-".join(re.findall(r"[a-z0-9]+", page))
    return Day(key, task.due, task.public_title, task.path, _reason(task))


def _reason(task: Task) -> str:
    return "" if task.is_sensitive else task.reason


def _is_sensitive(marking: str) -> bool:
    return marking != Marking.OFFICIAL
