"""Reminders that a programme manager sends: on the record, mailed once, and shown on the task in My work."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext, gettext_lazy

from actions.models import Action
from audit.actors import Actor, account_of
from audit.clock import london_date
from audit.policies import forbid
from audit.services import Item, append_many, writing
from desk.reminders import policies
from desk.reminders.models import Reminder
from desk.reminders.queries import candidates, open_reminders
from desk.tasks.subjects import of_action, of_return
from desk.tasks.task import DUE_SOON, REPORT, Task
from partners.policies import Rights, rights_of
from returns.models import Return
from web.language import day_text, lazy_text, period_text

MOST = 500
LONGEST_QUOTE = 200
TAG = lazy_text("Reminder")
NOBODY = gettext_lazy("Select at least one action or return to send a reminder about.")
TOO_MANY = gettext_lazy("Send reminders about {most} actions or fewer at a time.")
NOT_NOW = gettext_lazy("No reminder was sent: nobody can be reminded of these now.")


def remind(
    *,
    actor: Actor,
    actions: Sequence[Action] = (),
    reports: Sequence[Return] = (),
    message: str,
    at: datetime,
) -> list[Reminder]:
    """Send reminders about actions or returns of one partnership. Those that cannot be sent now are left out.

    Returns:
        the reminders sent; `desk.reminders.queries.candidates` says why the others are not.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: for none or too many; code `state` when not one can be sent now.
    """
    on = london_date(at)
    if not 0 < len(actions) + len(reports) <= MOST:
        raise ValidationError(TOO_MANY.format(most=MOST) if actions or reports else NOBODY)
    plans = {row.plan for row in actions} | {row.plan for row in reports}
    for plan in plans:
        forbid(policies.why_not_remind(rights_of(actor, on), plan.partnership_id))
    partnership = next(iter(plans)).partnership
    with writing(partnership.ledger_id) as ledger:
        # Read again: somebody may have reported or sent a reminder meanwhile.
        current = Action.objects.filter(partnership=partnership, pk__in=[row.pk for row in actions])
        current_reports = Return.objects.filter(
            plan__partnership=partnership, pk__in=[row.pk for row in reports]
        )
        subjects = [
            *current.select_related("plan", "owner", "alternate").order_by("ref", "pk"),
            *current_reports.select_related("plan", "organisation", "submitted_by"),
        ]
        checked = candidates(subjects=subjects, on=on)
        rows = [
            Reminder(
                partnership=partnership,
                action=each.subject if isinstance(each.subject, Action) else None,
                report=each.subject if isinstance(each.subject, Return) else None,
                message=message.strip(),
                sent_at=at,
                sent_by=account_of(actor),
            )
            for each in checked
            if not each.refusal
        ]
        if not rows:
            raise ValidationError(checked[0].refusal if len(checked) == 1 else NOT_NOW, code="state")
        rows[0].full_clean(exclude=["partnership", "action", "report", "sent_by"])
        Reminder.objects.bulk_create(rows)
        items = [Item(verb="reminder.sent", target=row, note=row.message) for row in rows]
        append_many(actor=actor, ledger=ledger, at=at, items=items)
    return rows


def with_reminders(*, tasks: Sequence[Task], rights: Rights) -> list[Task]:
    """Mark the tasks that the user was reminded of, and add a task for each reminder without one."""
    reminders = {(task := task_of(reminder=row)).path: (row, task) for row in open_reminders(rights=rights)}
    marked = []
    for each in tasks:
        if each.subject.id is not None and (pair := reminders.pop(each.path, None)):
            each = replace(each, reason=f"{each.reason}; {_reason(pair[0])}", tag=each.tag or TAG)  # noqa: PLW2901
        marked.append(each)
    return [*marked, *(task for _, task in reminders.values())]


def task_of(*, reminder: Reminder) -> Task:
    """Return the task that a reminder is about."""
    if reminder.report is not None:
        report = reminder.report
        subject = of_return(
            report, gettext("the return for {period}").format(period=period_text(report.period))
        )
        route, urgency, due, dated = "returns:return", REPORT, report.due_on, gettext("Return due")
        return Task(subject, gettext("Fill in"), _reason(reminder), route, urgency, due, dated=dated, tag=TAG)
    assert reminder.action is not None
    action = reminder.action
    reason = _reason(reminder)
    return Task(
        of_action(action), gettext("Update"), reason, "actions:progress-create", DUE_SOON, action.due, tag=TAG
    )


def _reason(reminder: Reminder) -> str:
    text = gettext("{sent_by} sent a reminder on {sent_at}").format(
        sent_by=reminder.sent_by, sent_at=day_text(london_date(reminder.sent_at))
    )
    message = Truncator(" ".join(reminder.message.split())).chars(LONGEST_QUOTE)
    return f"{text}: “{message}”" if message else text
