"""What a return asks of an organisation on a day, and what there is of it already."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils.timezone import localtime

from actions.core.states import REPORTABLE, State
from actions.models import Action, ProgressUpdate
from actions.progress.queries import History
from actions.progress.services import ProgressReport, report_errors
from audit.clock import LONDON, london_date
from audit.models import Ledger
from audit.services import writing
from partners.policies import rights_of
from returns import policies
from returns.models import Return, ReturnRow
from returns.states import ReturnState
from standards import marking

SECTIONS = ("training", "attendance", "risks", "escalations", "good_practice", "decisions_sought")
# What a row carries over from the last update when nothing changed.
CARRIED = ("state", "rag", "percent", "reason", "path_to_green", "next_steps")
STALE = "This return was changed since you opened it. Look at what changed, then send your answer again."
NO_CHANGE = "No change since "


@dataclass(frozen=True)
class Line:
    """One action of a return.

    `last` is what was last said of it before this return, whatever came later; `row` what this return says so far.
    Where `takes_answer` is false, the row is only to read.
    """

    action: Action
    row: ReturnRow | None
    last: ProgressUpdate | None
    takes_answer: bool


@dataclass(frozen=True)
class Held:
    """A return under change: its locked row, who changes it and when, and the ledger it is recorded in."""

    report: Return
    actor: Any
    at: datetime
    ledger: Ledger

    @property
    def on(self) -> date:
        return london_date(self.at)


@contextmanager
def filling(*, actor: Any, report: Return, at: datetime) -> Iterator[Held]:
    """Lock a return for who may fill it in, on a day on which it can be changed."""
    on = london_date(at)
    with writing(report.plan.partnership.ledger_id) as ledger:
        locked = locked_return(report)
        if not policies.may_fill(rights_of(actor, on), locked):
            raise PermissionDenied(fillers_only(report=locked))
        if reason := why_closed(report=locked, on=on):
            raise ValidationError(reason, code="state")
        yield Held(locked, actor, at, ledger)


def fillers_only(*, report: Return) -> str:
    """Return the words in which those who may not fill the return in are refused."""
    return f"Only a SPOC or partner contact of {report.organisation} can fill in its return."


def locked_return(report: Return) -> Return:
    rows = Return.objects.select_for_update(of=("self",))
    return rows.select_related("plan__partnership", "organisation", "submitted_by").get(pk=report.pk)


def why_closed(*, report: Return, on: date) -> str:
    """Say why a return cannot be filled in on a day, or nothing where it can."""
    if report.state == ReturnState.SUBMITTED:
        assert report.submitted_at is not None
        when = localtime(report.submitted_at)
        return (
            f"This return was submitted by {report.submitted_by} on {when:%-d %B %Y} at {when:%H:%M}, "
            "so it cannot be changed."
        )
    if report.state == ReturnState.RETURNED or (report.state == ReturnState.OPEN and on <= report.closes_on):
        return ""
    return (
        f"This return closed on {report.closes_on:%-d %B %Y}, so nothing can be added to it. "
        "An action still has its own page to say where it stands."
    )


def lines_of(*, actor: Any, report: Return, on: date) -> list[Line]:
    """Return the lines of a return that the reader sees, in the order of their references.

    While it is filled in: the organisation's actions that are reported on today; one that was allocated meanwhile has
    joined, one that was closed or moved away has dropped out. Given back with a question: the actions it was
    submitted with. Once submitted or missed: what it said. Six queries, however many lines.
    """
    return lines(report, on, seen=Q(pk__in=Action.objects.visible_to(actor, on).values("pk")))


def lines(report: Return, on: date, seen: Q | None = None) -> list[Line]:
    rows = {row.action_id: row for row in report.rows.select_related("update", "saved_by")}
    filled = not why_closed(report=report, on=on)
    asked = Q(plan=report.plan_id, lead=report.organisation_id, state__in=REPORTABLE, by_districts=False)
    spoken = Q(pk__in=[pk for pk, row in rows.items() if report.submitted_at is None or row.update_id])
    wanted = asked if filled and report.state == ReturnState.OPEN else spoken
    found = Action.objects.filter(wanted & seen if seen is not None else wanted)
    actions = list(found.select_related("plan", "partnership", "pillar", "area").order_by("ref"))
    for action in actions:
        if action.pk in rows:
            rows[action.pk].action = action
    last = _last_updates(report, actions, rows.values(), filled=filled)
    return [
        Line(
            action,
            rows.get(action.pk),
            last.get(action.pk),
            filled and action.state in REPORTABLE and action.lead_id == report.organisation_id,
        )
        for action in actions
    ]


def _last_updates(
    report: Return, actions: Sequence[Action], rows: Collection[ReturnRow], *, filled: bool
) -> dict[int, ProgressUpdate]:
    """Return what was last said of each action before the return, by the action's id.

    Nothing that comes later changes it: neither an update nor a correction that was made after the row became an
    update, nor one after the day on which a return that was never submitted closed.
    """
    shown = {action.pk for action in actions}
    history = History.of(shown)
    before = {row.action_id: row.update_id for row in rows if row.update_id and row.action_id in shown}
    latest = history.latest(before=before, until=None if filled else _end_of(report.closes_on))
    updates = ProgressUpdate.objects.select_related("author").in_bulk(latest.values())
    found = {action.pk: updates[latest[action.pk]] for action in actions if action.pk in latest}
    for action in actions:
        if action.pk in found:
            found[action.pk].action = action
    return found


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, LONDON)


def begins_with(*, line: Line) -> dict[str, Any]:
    """Return what a line begins with while nothing is said yet: where the action stands, never its words or rating."""
    if line.action.state != State.IN_PROGRESS or line.last is None:
        return {}
    return {"state": line.last.state, "percent": line.last.percent}


def marking_of(*, report: Return, lines: Sequence[Line]) -> tuple[str, str]:
    """Return the highest marking of a return's plan and actions, and how to handle it."""
    highest = marking.highest([report.plan.marking, *(line.action.marking for line in lines)])
    handling = (line.action.handling_instruction for line in lines if line.action.handling_instruction)
    return highest, report.plan.handling_instruction or next(handling, "")


def no_change_since(*, update: ProgressUpdate) -> str:
    """Say since when nothing changed: since the update itself, or since what it says in its turn."""
    if update.narrative.startswith(NO_CHANGE):
        return update.narrative
    return f"{NO_CHANGE}{london_date(update.submitted_at):%-d %B %Y}"


def why_not_unchanged(*, update: ProgressUpdate | None) -> str:
    """Say why an action's last update cannot stand for another period, or nothing where it can."""
    if update is None:
        return "Nothing was said of this action yet, so say what was done."
    if report_errors(report=carried(update.action, update)):
        return "The last update does not say enough to stand for another period, so say what was done."
    return ""


def carried(action: Action, last: ProgressUpdate) -> ProgressReport:
    """Return the words of an update that says that nothing changed."""
    words: Mapping[str, Any] = {name: getattr(last, name) for name in CARRIED}
    return ProgressReport(action=action, narrative=no_change_since(update=last), **words)
