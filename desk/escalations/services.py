"""Escalation: who receives what is late, and who has acknowledged it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext, gettext_lazy

from actions.models import Plan
from audit.actors import Actor, account_of
from audit.clock import london_date
from audit.policies import forbid, why_not_system
from audit.services import Item, append, append_many, writing
from desk.escalations.kinds import KINDS, Kind, kind_of
from desk.escalations.models import Acknowledgement, Escalated, Escalation, Step
from desk.tasks.task import Task
from partners.models import Partnership
from partners.policies import SEES_EVERYTHING, Rights, Role, rights_of
from web.language import day_text

OVER = gettext_lazy("Somebody has acknowledged this already, or it is no longer late.")
RELATED = [path for kind in KINDS for path in kind.related]
ROLE_OF = {Step.MANAGER: Role.PROGRAMME_MANAGER, Step.BOARD: Role.BOARD_MEMBER}


def candidates(*, rights: Rights, on: date) -> QuerySet[Any]:
    """Return the rows that `tasks` can be about: all escalations of the actor's partnerships."""
    return Escalation.objects.filter(partnership__in=rights.partnerships())


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield the escalations the actor has to acknowledge."""
    for row in open_escalations(actor=actor, rights=rights, on=on):
        yield task_of(escalation=row)


def task_of(*, escalation: Escalation) -> Task:
    """Return the task that asks for an acknowledgement, with the reason for the step."""
    return kind_of(subject=escalation.subject).task(escalation)


def title_of(*, escalation: Escalation) -> str:
    """Name in a few words what is late."""
    return kind_of(subject=escalation.subject).title(escalation.subject)


def open_escalations(*, actor: Actor, rights: Rights, on: date) -> list[Escalation]:
    """List for each subject the highest step the actor has to acknowledge, the earliest due date first."""
    # On most days nothing was escalated, and the question below takes twenty times as long.
    if not candidates(rights=rights, on=on).exists():
        return []
    rows = (
        Escalation.objects.filter(_received(rights), _current(on, rights))
        .exclude(acknowledgements__until__gte=on)
        .select_related(*RELATED)
        .order_by("step")
    )
    highest = {row.subject: row for row in rows}
    # Visibility costs more to query, and on most days there are no rows to query it for.
    visible = {subject for kind in KINDS for subject in _visible(kind, highest, actor, on)}
    open_rows = [row for subject, row in highest.items() if subject in visible]
    return sorted(open_rows, key=lambda row: (row.due, title_of(escalation=row)))


def escalate(*, actor: Actor, at: datetime) -> list[Escalation]:
    """Escalate every item that reaches its next step on the day of `at`; a second run that day changes nothing.

    ESCALATE_AFTER_DAYS (for returns, ESCALATE_RETURNS_AFTER_DAYS) counts the days: to the first step from the due date,
    to each further step from the step before it or the last day of an acknowledgement.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    on = london_date(at)
    ledgers = {
        pk for kind in KINDS for pk in kind.late(on).order_by().values_list(kind.ledger, flat=True).distinct()
    }
    raised: list[Escalation] = []
    for ledger_id in sorted(ledgers):
        with writing(ledger_id) as ledger:
            rows = [row for kind in KINDS for row in _due_steps(kind, ledger_id, on)]
            Escalation.objects.bulk_create(rows)
            items = [Item(verb="escalation.raised", target=row) for row in rows]
            append_many(actor=actor, ledger=ledger, at=at, items=items)
        raised += rows
    return raised


def acknowledge(
    *, actor: Actor, subject: Escalated, words: str, until: date, at: datetime
) -> Acknowledgement:
    """Acknowledge an escalation. Nothing is escalated further until `until` has passed.

    Args:
        words: when it will be done, or why not.
        until: the last day of the acknowledgement.

    Raises:
        PermissionDenied: when nothing about the subject was escalated to the actor.
        ValidationError: keyed by field: no words, or a day in the past or too far ahead; code `conflict` when it is
            acknowledged already or no longer late.
    """
    on = london_date(at)
    forbid(why_not_acknowledge(actor=actor, subject=subject, on=on))
    kind = kind_of(subject=subject)
    partnership = Partnership.objects.get(pk=kind.partnership_id(subject))
    with writing(partnership.ledger_id) as ledger:
        rows = open_escalations(actor=actor, rights=rights_of(actor, on), on=on)
        escalation = next((row for row in rows if row.subject == subject), None)
        if escalation is None:
            raise ValidationError(OVER, code="conflict")
        latest = kind.latest(subject, on)
        if not on <= until <= latest:
            raise ValidationError(
                {
                    "until": gettext("The date must be between today and {latest}.").format(
                        latest=day_text(latest)
                    )
                }
            )
        row = Acknowledgement(
            escalation=escalation,
            words=words.strip(),
            until=until,
            acknowledged_by=account_of(actor),
            acknowledged_at=at,
        )
        row.full_clean(exclude=["escalation", "acknowledged_by"])
        row.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="escalation.acknowledged", target=row, note=row.words)
    return row


def why_not_acknowledge(*, actor: Actor, subject: Escalated, on: date) -> str:
    """Return why the actor may not acknowledge an escalation of the subject; empty if a current one went to them."""
    rights = rights_of(actor, on)
    rows = Escalation.objects.filter(_received(rights), _current(on, rights))
    if rows.filter(**{kind_of(subject=subject).field: subject}).exists():
        return ""
    return gettext("Nothing about this has been escalated to you.")


def escalations_to(*, actor: Actor, on: date) -> QuerySet[Escalation]:
    """Return the current escalations that went to the actor, acknowledged or not, of rows they may view."""
    rights = rights_of(actor, on)
    kinds = [kind for kind in KINDS if kind.concerns(rights)]
    rows = Escalation.objects.filter(_received(rights) & _current(on, rights) & _of_visible(kinds, actor, on))
    return rows.select_related(*RELATED)


def escalations_of_plan(*, actor: Actor, plan: Plan, on: date) -> QuerySet[Escalation]:
    """Return the last escalation of each action and return of a plan for each of its due dates.

    Whoever sees everything reads all of the rows they may view; others those of their own actions and returns.
    """
    rights = rights_of(actor, on)
    kinds = [kind for kind in KINDS if kind.plan]
    subjects = _any(Q(**{kind.plan: plan}) for kind in kinds) & _of_visible(kinds, actor, on)
    if plan.partnership_id not in rights.partnerships(*SEES_EVERYTHING):
        subjects &= _any(kind.own(rights) for kind in kinds)
    same = _any(Q(**{kind.field: OuterRef(kind.field)}) for kind in kinds)
    later = Escalation.objects.filter(same, due=OuterRef("due"), step__gt=OuterRef("step"))
    rows = Escalation.objects.filter(subjects, ~Exists(later))
    related = rows.select_related(*(path for kind in kinds for path in kind.related))
    return related.prefetch_related("acknowledgements__acknowledged_by")


def current_in_plans(*, on: date) -> Q:
    """Return the filter for the escalations of actions and returns that are still late for the same due date."""
    return _any(kind.current(on) for kind in KINDS if kind.plan)


def history_of(*, subject: Escalated) -> list[Escalation]:
    """List the steps for the subject's due date, with their acknowledgements."""
    kind = kind_of(subject=subject)
    rows = Escalation.objects.filter(**{kind.field: subject}, due=kind.due(subject))
    related = rows.select_related(*kind.related)
    return list(related.prefetch_related("acknowledgements__acknowledged_by").order_by("step"))


def escalations_above_owner(*, rights: Rights) -> list[int]:
    """Return the ids of the escalations that ever went to the user as a programme manager or board member."""
    return list(Escalation.objects.filter(_above(rights)).values_list("pk", flat=True))


def is_paused(*, on: date) -> Q:
    """Return the filter for the escalations that somebody has acknowledged until a day or later."""
    return Q(Exists(Acknowledgement.objects.filter(escalation=OuterRef("pk"), until__gte=on)))


def _any(filters: Iterable[Q]) -> Q:
    either = Q(pk__in=[])
    for condition in filters:
        either |= condition
    return either


def _of_visible(kinds: Iterable[Kind], actor: Actor, on: date) -> Q:
    return _any(Q(**{f"{kind.field}__in": kind.visible(actor, on).values("pk")}) for kind in kinds)


def _current(on: date, rights: Rights) -> Q:
    return _any(kind.current(on) for kind in KINDS if kind.concerns(rights))


def _visible(kind: Kind, subjects: Iterable[Any], actor: Actor, on: date) -> Iterator[Any]:
    rows = [subject for subject in subjects if kind_of(subject=subject) is kind]
    if rows:
        visible = kind.visible(actor, on).filter(pk__in=[row.pk for row in rows])
        ids = set(visible.values_list("pk", flat=True))
        yield from (row for row in rows if row.pk in ids)


def _received(rights: Rights) -> Q:
    first = Q(step=Step.OWNER) & _any(kind.own(rights) for kind in KINDS if kind.concerns(rights))
    return first | _above(rights)


def _above(rights: Rights) -> Q:
    return _any(Q(step=step, partnership__in=rights.partnerships(role)) for step, role in ROLE_OF.items())


def _due_steps(kind: Kind, ledger_id: int, on: date) -> list[Escalation]:
    late = list(kind.late(on).filter(**{kind.ledger: ledger_id}).order_by("pk"))
    steps: dict[int, list[Escalation]] = defaultdict(list)
    rows = Escalation.objects.filter(kind.current(on), **{f"{kind.field}__in": [row.pk for row in late]})
    for row in rows.prefetch_related("acknowledgements").order_by("step"):
        steps[getattr(row, f"{kind.field}_id")].append(row)
    next_steps = (_next_step(kind, subject, steps[subject.pk], on) for subject in late)
    return [row for row in next_steps if row is not None]


def _next_step(kind: Kind, subject: Any, steps: list[Escalation], on: date) -> Escalation | None:
    if len(steps) == len(kind.steps):
        return None
    due = kind.due(subject)
    held_until = [acknowledgement.until for row in steps for acknowledgement in row.acknowledgements.all()]
    since = max([due, *(row.raised_on for row in steps), *held_until])
    if (on - since).days < kind.after[len(steps)]:
        return None
    step = kind.steps[len(steps)]
    row = Escalation(partnership_id=kind.partnership_id(subject), due=due, step=step, raised_on=on)
    setattr(row, kind.field, subject)
    return row
