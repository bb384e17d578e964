"""The content of a return: its lines, one for each action, and whether it can be changed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext

from actions.core.states import REPORTABLE, State
from actions.models import Action, ProgressUpdate
from actions.progress.queries import History
from actions.progress.services import ProgressReport, report_errors
from audit.actors import Actor
from audit.clock import LONDON, london_date
from audit.models import Ledger
from audit.policies import forbid
from audit.services import writing
from partners.policies import rights_of
from returns import policies
from returns.models import Return, ReturnRow
from returns.states import ReturnState
from standards import marking
from web.language import day_text, english, moment_text

SECTIONS = ("training", "attendance", "risks", "escalations", "good_practice", "decisions_sought")
# Fields that a row repeats from the last update when nothing changed.
REPEATED_FIELDS = ("state", "rag", "percent", "reason", "path_to_green", "next_steps")
NO_CHANGE = "No change since "


@dataclass(frozen=True)
class Line:
    """One action of a return.

    Attributes:
        row: the answer in this return so far.
        last_update: the action's last update before this return; later ones do not count.
        is_editable: whether the row can be changed now.
    """

    action: Action
    row: ReturnRow | None
    last_update: ProgressUpdate | None
    is_editable: bool


@dataclass(frozen=True)
class ReturnChange:
    """A return that is being changed: its locked row, who changes it and when, and its ledger."""

    report: Return
    actor: Actor
    at: datetime
    ledger: Ledger

    @property
    def on(self) -> date:
        return london_date(self.at)


@contextmanager
def change_return(*, actor: Actor, report: Return, at: datetime) -> Iterator[ReturnChange]:
    """Lock a return to fill it in.

    Raises:
        PermissionDenied: unless the actor may fill it in.
        ValidationError: code `state` when it cannot be changed any more.
    """
    on = london_date(at)
    with writing(report.plan.partnership.ledger_id) as ledger:
        locked = lock_return(report)
        forbid(policies.why_not_fill(rights_of(actor, on), locked))
        if reason := closed_reason(report=locked, on=on):
            raise ValidationError(reason, code="state")
        yield ReturnChange(locked, actor, at, ledger)


def lock_return(report: Return) -> Return:
    rows = Return.objects.select_for_update(of=("self",))
    return rows.select_related("plan__partnership", "organisation", "submitted_by").get(pk=report.pk)


def closed_reason(*, report: Return, on: date) -> str:
    """Return why a return cannot be changed on a day; empty when it can."""
    if report.state == ReturnState.SUBMITTED:
        assert report.submitted_at is not None
        return gettext("This return was submitted by {person} on {moment}, so it cannot be changed.").format(
            person=report.submitted_by, moment=moment_text(report.submitted_at)
        )
    if report.state == ReturnState.RETURNED or (report.state == ReturnState.OPEN and on <= report.closes_on):
        return ""
    return gettext(
        "This return closed on {day}, so it cannot be changed. "
        "You can still update each action on its own page."
    ).format(day=day_text(report.closes_on))


def visible_lines(*, actor: Actor, report: Return, on: date) -> list[Line]:
    """Return the lines of a return that the actor can see, in the order of their references.

    While the return is open: the organisation's actions that need a report today, so newly allocated actions are
    added, and closed or reassigned ones removed. Returned with a question: the actions it was submitted with.
    Submitted or missed: the actions with an answer. Six queries, however many lines.
    """
    return lines_of(report, on, visible=Q(pk__in=Action.objects.visible_to(actor, on).values("pk")))


def lines_of(report: Return, on: date, visible: Q | None = None) -> list[Line]:
    """Return the lines of a return; `visible` limits their actions."""
    rows = {row.action_id: row for row in report.rows.select_related("update", "saved_by")}
    is_editable = not closed_reason(report=report, on=on)
    needs_report = Q(
        plan=report.plan_id, lead=report.organisation_id, state__in=REPORTABLE, by_districts=False
    )
    has_answer = Q(pk__in=[pk for pk, row in rows.items() if report.submitted_at is None or row.update_id])
    included = needs_report if is_editable and report.state == ReturnState.OPEN else has_answer
    included_actions = Action.objects.filter(included & visible if visible is not None else included)
    actions = list(included_actions.select_related("plan", "partnership", "pillar", "area").order_by("ref"))
    for action in actions:
        if action.pk in rows:
            rows[action.pk].action = action
    last_updates = _last_updates(report, actions, rows.values(), is_editable=is_editable)
    return [
        Line(
            action,
            rows.get(action.pk),
            last_updates.get(action.pk),
            is_editable and action.state in REPORTABLE and action.lead_id == report.organisation_id,
        )
        for action in actions
    ]


def _last_updates(
    report: Return, actions: Sequence[Action], rows: Collection[ReturnRow], *, is_editable: bool
) -> dict[int, ProgressUpdate]:
    """Return each action's last update before the return, by the action's id.

    Later updates and corrections do not count: for a submitted row, those after its own update; for a return that
    was never submitted, those after its last day.
    """
    pks = {action.pk for action in actions}
    history = History.of(pks)
    before = {row.action_id: row.update_id for row in rows if row.update_id and row.action_id in pks}
    latest = history.latest(before=before, until=None if is_editable else _end_of(report.closes_on))
    updates = ProgressUpdate.objects.select_related("author").in_bulk(latest.values())
    last_updates = {action.pk: updates[latest[action.pk]] for action in actions if action.pk in latest}
    for action in actions:
        if action.pk in last_updates:
            last_updates[action.pk].action = action
    return last_updates


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, LONDON)


def starting_values(*, line: Line) -> dict[str, Any]:
    """Return the values of a line without an answer: the action's status and percent, never its texts or rating."""
    if line.action.state != State.IN_PROGRESS or line.last_update is None:
        return {}
    return {"state": line.last_update.state, "percent": line.last_update.percent}


def marking_of(*, report: Return, lines: Sequence[Line]) -> tuple[str, str]:
    """Return the highest marking of a return's plan and actions, and how to handle it."""
    highest = marking.highest([report.plan.marking, *(line.action.marking for line in lines)])
    handling = (line.action.handling_instruction for line in lines if line.action.handling_instruction)
    return highest, report.plan.handling_instruction or next(handling, "")


def no_change_text(*, update: ProgressUpdate) -> str:
    """Return "No change since" with the date of an update, or of the earlier one that it repeats."""
    if update.narrative.startswith(NO_CHANGE):
        return update.narrative
    with english():
        return f"{NO_CHANGE}{day_text(london_date(update.submitted_at))}"


def unchanged_refusal(*, update: ProgressUpdate | None) -> str:
    """Return why an action's last update cannot be repeated for another period; empty when it can."""
    if update is None:
        return gettext("This action has no update yet. Enter what was done.")
    if report_errors(report=repeat_update(update.action, update)):
        return gettext("The last update is not complete, so it cannot be repeated. Enter what was done.")
    return ""


def repeat_update(action: Action, update: ProgressUpdate) -> ProgressReport:
    """Return a report that nothing changed since an update."""
    values: Mapping[str, Any] = {name: getattr(update, name) for name in REPEATED_FIELDS}
    return ProgressReport(action=action, narrative=no_change_text(update=update), **values)
