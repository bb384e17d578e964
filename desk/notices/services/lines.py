"""The lines of a digest: reminders, answers, escalations, changes in watched views, then the tasks of My work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext

from actions.core.states import REPORTABLE
from actions.models import Plan, Question
from actions.saved_views.services import News, news
from desk.escalations.models import Escalation, Step
from desk.escalations.services import escalations_above_owner, open_escalations, task_of
from desk.my_work.services.lists import my_actions, my_tasks
from desk.my_work.services.progress import REPORTING, SUBMITTING
from desk.my_work.services.questions import LONGEST_QUOTE
from desk.notices.models import Digest, DigestLine, NoticePreference
from desk.notices.services.preferences import is_mail_day, may_go_out, next_mail_day
from desk.reminders.queries import open_reminders
from desk.reminders.services import task_of as task_of_reminder
from desk.tasks.task import Task
from partners.models import User
from partners.policies import Rights, rights_of
from standards.marking import Marking
from web.language import lazy_text

Kind = DigestLine.Kind
SIGN_IN = lazy_text("Sign in to read it")
HIDDEN = lazy_text("Marked OFFICIAL-SENSITIVE")
# The most lines in an email; My work lists the rest.
LONGEST = 60
# Older lines are not read: no reminder comes so early.
MEMORY = timedelta(days=400)
# An older answer is no news to somebody whose emails begin again.
ANSWERS_WITHIN = timedelta(days=30)
# In these states the email may not have arrived.
UNDELIVERED = (Digest.State.REFUSED, Digest.State.UNKNOWN)

Known = tuple[str, date | None, int | None]


@dataclass
class EarlierLines:
    """The lines of a person's earlier digests: those sent, and those in an email that may be lost."""

    sent: set[Known] = field(default_factory=set)
    lost: set[Known] = field(default_factory=set)
    last_went_wrong: bool = False


@dataclass(frozen=True)
class Contents:
    """The lines of a digest in order, how many more there are, and the changes in views it lists."""

    lines: Sequence[DigestLine]
    more: int = 0
    news: Sequence[News] = ()


def contents_for(*, actor: User, preference: NoticePreference, on: date) -> Contents:
    """Return the contents of the actor's digest of the day; no lines when there is nothing to send."""
    earlier = _earlier_lines(actor, on)
    view_news: list[News] = []
    rights = rights_of(actor, on)
    if not _goes_out(preference, earlier, on):
        # An escalation to a manager or the board is sent once, regardless of their settings.
        has_new = _has_unsent(rights, earlier)
        escalations = open_escalations(actor=actor, rights=rights, on=on) if has_new else []
        above = [row for row in escalations if row.step != Step.OWNER]
        lines = [line for line in map(_escalated, above) if _known(line) not in earlier.sent]
        # A manager's reminder and an answer do not wait for the day of a weekly digest.
        if may_go_out(preference, on):
            lines = [*_chasers(rights, earlier), *_answers(actor, earlier, on), *lines]
    else:
        escalations = open_escalations(actor=actor, rights=rights, on=on)
        chasers = _chasers(rights, earlier)
        chased = {line.path for line in chasers}
        tasks = [line for line in _tasks(actor, on) if line.path not in chased]
        reminders = list(_reminders([*tasks, *_dates(actor, on, tasks)], preference, earlier, on))
        others = [line for line in tasks if line.kind != Kind.REMINDER]
        view_news = news(user=actor, on=on)
        changes = [_of_view(each) for each in view_news if each]
        lines = [
            *chasers,
            *_answers(actor, earlier, on),
            *reminders,
            *map(_escalated, escalations),
            *changes,
            *_by_heading(others),
        ]
    for order, line in enumerate(lines):
        line.order = order
        line.again = line.kind != Kind.WANTED and _known(line) in earlier.lost
    return Contents(lines[:LONGEST], max(0, len(lines) - LONGEST), view_news)


def _has_unsent(rights: Rights, earlier: EarlierLines) -> bool:
    """Say, in a cheap query, whether any escalation above the owner step is in no earlier digest."""
    keys = {key for key, _, _ in earlier.sent}
    return any(f"escalation/{pk}" not in keys for pk in escalations_above_owner(rights=rights))


def _earlier_lines(person: User, on: date) -> EarlierLines:
    """Return the lines of earlier digests except plain tasks, which are listed for as long as they are due."""
    digests = Digest.objects.filter(user=person, day__lt=on, day__gte=on - MEMORY)
    rows = DigestLine.objects.filter(digest__in=digests).exclude(kind=Kind.WANTED).order_by()
    earlier = EarlierLines()
    for key, by, ahead, state in rows.values_list("key", "by", "ahead", "digest__state"):
        if state == Digest.State.SENT:
            earlier.sent.add((key, by, ahead))
        elif state == Digest.State.UNKNOWN:
            earlier.lost.add((key, by, ahead))
    last = digests.order_by("-day").values_list("state", flat=True).first()
    earlier.last_went_wrong = last in UNDELIVERED
    return earlier


def _goes_out(preference: NoticePreference, earlier: EarlierLines, on: date) -> bool:
    """Say whether a digest is sent on the day, also to replace a weekly one that may be lost."""
    return is_mail_day(preference, on) or (earlier.last_went_wrong and may_go_out(preference, on))


def _tasks(person: User, on: date) -> Iterator[DigestLine]:
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


def _dates(person: User, on: date, tasks: Sequence[DigestLine]) -> Iterator[DigestLine]:
    """Yield the due dates of the person's own actions that no task covers, for reminders only."""
    covered = {line.key for line in tasks}
    for action in my_actions(actor=person, on=on):
        if not (action.state in REPORTABLE and action.plan.state == Plan.State.LIVE) or action.by_districts:
            continue
        if action.due is None or action.due < on or _due_key(action.pk) in covered:
            continue
        hidden = action.marking == Marking.OFFICIAL_SENSITIVE
        yield _line(
            key=_due_key(action.pk),
            by=action.due,
            heading=_plan(action.plan),
            title=action.ref if hidden else f"{action.ref}: {action.title}",
            reason=SIGN_IN if hidden else gettext("It is {percent}% done").format(percent=action.percent),
            path=reverse("actions:action", args=[action.pk]),
        )


def _reminders(
    lines: Sequence[DigestLine], preference: NoticePreference, earlier: EarlierLines, on: date
) -> Iterator[DigestLine]:
    """Turn lines into reminders where one is due and was not sent, the earliest due date first."""
    until = next_mail_day(preference, on)
    steps = sorted((preference.first_reminder, preference.last_reminder))
    for line in sorted(lines, key=lambda line: line.by or date.max):
        if line.by is None or line.by < on:
            continue
        # Each reminder is sent on the last mail day that is not after its own day.
        step = next((step for step in steps if line.by - timedelta(days=step) < until), None)
        nearer = [(line.key, line.by, one) for one in steps if step is not None and one <= step]
        if nearer and earlier.sent.isdisjoint(nearer):
            line.kind, line.ahead = Kind.REMINDER, step
            yield line


def _escalated(row: Escalation) -> DigestLine:
    line = _of_task(task_of(escalation=row), f"escalation/{row.pk}")
    line.kind = Kind.ESCALATION
    return line


def _chasers(rights: Rights, earlier: EarlierLines) -> list[DigestLine]:
    """Return the reminders from managers that no earlier digest had and nobody has acted on."""
    lines = []
    for row in open_reminders(rights=rights):
        line = _of_task(task_of_reminder(reminder=row), f"reminder/{row.pk}")
        line.kind = Kind.CHASER
        if _known(line) not in earlier.sent:
            lines.append(line)
    return lines


def _answers(person: User, earlier: EarlierLines, on: date) -> list[DigestLine]:
    """Return the answers to the person's questions that no earlier digest had."""
    questions = Question.objects.visible_to(person, on).answered_to(person, on - ANSWERS_WITHIN)
    lines = []
    for row in questions.select_related("action__plan", "answered_by").order_by("answered_at", "pk"):
        action = row.action
        hidden = action.marking == Marking.OFFICIAL_SENSITIVE
        answer = Truncator(" ".join(row.answer.split())).chars(LONGEST_QUOTE)
        line = _line(
            key=f"answer/{row.pk}",
            by=None,
            heading=_plan(action.plan),
            title=gettext("Answer on {ref}").format(ref=action.ref)
            if hidden
            else gettext("Answer on {ref}: {title}").format(ref=action.ref, title=action.title),
            reason=SIGN_IN
            if hidden
            else gettext("{answered_by} answers: “{answer}”").format(
                answered_by=row.answered_by, answer=answer
            ),
            path=f"{reverse('actions:action', args=[action.pk])}#questions",
        )
        line.kind = Kind.ANSWER
        if _known(line) not in earlier.sent:
            lines.append(line)
    return lines


def _of_view(each: News) -> DigestLine:
    """Count the changes in a view, which its page lists."""
    entered, left, changed = len(each.entered), len(each.left), len(each.changed)
    counts = (
        (entered, ngettext("{number} entered", "{number} entered", entered)),
        (left, ngettext("{number} left", "{number} left", left)),
        (changed, ngettext("{number} changed", "{number} changed", changed)),
    )
    line = _line(
        key=f"view/{each.view.pk}",
        by=None,
        heading="",
        title=gettext("View changes in “{name}”").format(name=each.view.name),
        reason=", ".join(words.format(number=number) for number, words in counts if number),
        path=reverse("actions:saved-view", args=[each.view.pk]),
    )
    line.kind = Kind.NEWS
    return line


def _by_heading(lines: Sequence[DigestLine]) -> list[DigestLine]:
    """Group the lines by plan, plans and lines in the order of their due dates."""
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
    """Identify what a line is about. An update for the due date is about that date, for any reason."""
    if task.route in (REPORTING, SUBMITTING) and task.is_about_due_date:
        return _due_key(task.subject.id)
    return f"{task.route}/{'/'.join(map(str, task.args))}{task.query}"


def _due_key(action_id: int | None) -> str:
    return f"due/{action_id}"


def _plan(plan: Plan) -> str:
    return HIDDEN if plan.marking == Marking.OFFICIAL_SENSITIVE else str(plan)
