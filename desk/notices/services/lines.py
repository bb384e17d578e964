"""What a digest says: reminders, what was escalated, news of watched views, then everything wanted as My work lists it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator

from actions.core.states import REPORTABLE
from actions.models import Plan
from actions.saved_views.services import News, news
from desk.escalations.models import Escalation, Step
from desk.escalations.services import escalations_above_owner, open_escalations, task_of
from desk.my_work.services.lists import my_actions, my_tasks
from desk.my_work.services.progress import REPORTING, SUBMITTING
from desk.notices.models import Digest, DigestLine, NoticePreference
from desk.notices.services.preferences import is_mail_day, may_go_out, next_mail_day
from desk.tasks.task import Task
from partners.policies import Rights, rights_of
from standards.marking import Marking

Kind = DigestLine.Kind
SIGN_IN = "Sign in to read it"
HIDDEN = "Marked OFFICIAL-SENSITIVE"
# What is told in one mail; the rest is counted and stands in My work.
LONGEST = 60
# What was told longer ago is not looked up: no reminder comes so early.
MEMORY = timedelta(days=400)
# A mail in these states may not have reached its reader.
UNDELIVERED = (Digest.State.REFUSED, Digest.State.UNKNOWN)

Known = tuple[str, date | None, int | None]


@dataclass
class Told:
    """What a person was told, by what it was about; and what was in a mail of which nobody knows whether it arrived."""

    sent: set[Known] = field(default_factory=set)
    lost: set[Known] = field(default_factory=set)
    last_went_wrong: bool = False


@dataclass(frozen=True)
class Contents:
    """The lines of a digest in order, how many more there are than a mail holds, and the news it tells."""

    lines: Sequence[DigestLine]
    more: int = 0
    told: Sequence[News] = ()


def contents_for(*, actor: Any, preference: NoticePreference, on: date) -> Contents:
    """Return what the actor's digest of the day says; no lines when there is nothing to send."""
    told = _told_to(actor, on)
    fresh: list[News] = []
    rights = rights_of(actor, on)
    if not _goes_out(preference, told, on):
        # What climbed to a manager or the board comes whatever they have set, but once.
        untold = _has_untold(rights, told)
        climbed = open_escalations(actor=actor, rights=rights, on=on) if untold else []
        above = [row for row in climbed if row.step != Step.OWNER]
        lines = [line for line in map(_escalated, above) if _known(line) not in told.sent]
    else:
        climbed = open_escalations(actor=actor, rights=rights, on=on)
        wanted = list(_wanted(actor, on))
        reminders = list(_reminders([*wanted, *_dates(actor, on, wanted)], preference, told, on))
        others = [line for line in wanted if line.kind != Kind.REMINDER]
        fresh = news(user=actor, on=on)
        told_of = [_of_view(each) for each in fresh if each]
        lines = [*reminders, *map(_escalated, climbed), *told_of, *_by_heading(others)]
    for order, line in enumerate(lines):
        line.order = order
        line.again = line.kind != Kind.WANTED and _known(line) in told.lost
    return Contents(lines[:LONGEST], max(0, len(lines) - LONGEST), fresh)


def _has_untold(rights: Rights, told: Told) -> bool:
    """Say whether a step was ever taken to a manager or board member that no digest told them of; a quick question."""
    keys = {key for key, _, _ in told.sent}
    return any(f"escalation/{pk}" not in keys for pk in escalations_above_owner(rights=rights))


def _told_to(person: Any, on: date) -> Told:
    """Return what earlier digests told, but for plain lines: those come for as long as they are wanted."""
    earlier = Digest.objects.filter(user=person, day__lt=on, day__gte=on - MEMORY)
    rows = DigestLine.objects.filter(digest__in=earlier).exclude(kind=Kind.WANTED).order_by()
    told = Told()
    for key, by, ahead, state in rows.values_list("key", "by", "ahead", "digest__state"):
        if state == Digest.State.SENT:
            told.sent.add((key, by, ahead))
        elif state == Digest.State.UNKNOWN:
            told.lost.add((key, by, ahead))
    last = earlier.order_by("-day").values_list("state", flat=True).first()
    told.last_went_wrong = last in UNDELIVERED
    return told


def _goes_out(preference: NoticePreference, told: Told, on: date) -> bool:
    """Say whether the day is one of the person's, or makes up for a weekly mail that may be lost."""
    return is_mail_day(preference, on) or (told.last_went_wrong and may_go_out(preference, on))


def _wanted(person: Any, on: date) -> Iterator[DigestLine]:
    for task in my_tasks(actor=person, on=on, escalated=False):
        yield _of_task(task, _key(task))


def _of_task(task: Task, key: str) -> DigestLine:
    subject = task.subject
    return _line(
        key=key,
        by=task.due,
        heading=HIDDEN if subject.group_marking == Marking.OFFICIAL_SENSITIVE else subject.group,
        title=task.public_title,
        reason=SIGN_IN if task.is_sensitive else task.reason,
        path=task.path,
    )


def _dates(person: Any, on: date, wanted: Sequence[DigestLine]) -> Iterator[DigestLine]:
    """Return the due dates of the person's own actions that no line speaks of: only worth a reminder."""
    spoken_of = {line.key for line in wanted}
    owned = my_actions(actor=person, on=on)
    for action in owned:
        if not (action.state in REPORTABLE and action.plan.state == Plan.State.LIVE) or action.by_districts:
            continue
        if action.due is None or action.due < on or _due_key(action.pk) in spoken_of:
            continue
        hidden = action.marking == Marking.OFFICIAL_SENSITIVE
        yield _line(
            key=_due_key(action.pk),
            by=action.due,
            heading=_plan(action.plan),
            title=action.ref if hidden else f"{action.ref}: {action.title}",
            reason=SIGN_IN if hidden else f"It is {action.percent}% done",
            path=reverse("actions:action", args=[action.pk]),
        )


def _reminders(
    lines: Sequence[DigestLine], preference: NoticePreference, told: Told, on: date
) -> Iterator[DigestLine]:
    """Make reminders of the lines whose step has come and was not told, the soonest first."""
    until = next_mail_day(preference, on)
    steps = sorted((preference.first_reminder, preference.last_reminder))
    for line in sorted(lines, key=lambda line: line.by or date.max):
        if line.by is None or line.by < on:
            continue
        # Each step is told on the last mail day that is not after its own day.
        step = next((step for step in steps if line.by - timedelta(days=step) < until), None)
        nearer = [(line.key, line.by, one) for one in steps if step is not None and one <= step]
        if nearer and told.sent.isdisjoint(nearer):
            line.kind, line.ahead = Kind.REMINDER, step
            yield line


def _escalated(row: Escalation) -> DigestLine:
    line = _of_task(task_of(escalation=row), f"escalation/{row.pk}")
    line.kind = Kind.ESCALATION
    return line


def _of_view(each: News) -> DigestLine:
    """Say how much is new in a view; what it is stands on its page."""
    counts = (("entered", each.entered), ("left", each.left), ("changed", each.changed))
    line = _line(
        key=f"view/{each.view.pk}",
        by=None,
        heading="",
        title=f"See what is new in “{each.view.name}”",
        reason=", ".join(f"{len(found)} {verb}" for verb, found in counts if found),
        path=reverse("actions:saved-view", args=[each.view.pk]),
    )
    line.kind = Kind.NEWS
    return line


def _by_heading(lines: Sequence[DigestLine]) -> list[DigestLine]:
    """Put the lines of a plan together, plans and lines in the order of their dates."""
    places: dict[str, int] = {}
    for line in lines:
        places.setdefault(line.heading, len(places))
    return sorted(lines, key=lambda line: places[line.heading])


def _line(*, key: str, by: date | None, heading: str, title: str, reason: str, path: str) -> DigestLine:
    return DigestLine(
        kind=Kind.WANTED,
        key=key,
        by=by,
        heading=Truncator(heading).chars(200),
        title=Truncator(title).chars(400),
        reason=Truncator(reason).chars(600),
        path=path,
    )


def _known(line: DigestLine) -> Known:
    return line.key, line.by, line.ahead


def _key(task: Task) -> str:
    """Identify what a line is about. An update for the due date is about that date, whatever the task's reason."""
    if task.route in (REPORTING, SUBMITTING) and task.is_about_due_date:
        return _due_key(task.subject.id)
    return f"{task.route}/{'/'.join(map(str, task.args))}{task.query}"


def _due_key(action_id: int | None) -> str:
    return f"due/{action_id}"


def _plan(plan: Plan) -> str:
    return HIDDEN if plan.marking == Marking.OFFICIAL_SENSITIVE else str(plan)
