"""What happens when a due date passes: the owner is told, then the programme manager, then the board."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, Q

from actions.models import Action, Plan
from actions.states import REPORTABLE
from audit.actors import Actor
from audit.clock import london_date
from audit.services import append, writing
from desk.models import Acknowledgement, Escalation, Step
from desk.services.tasks import OVERDUE, Task
from partners.policies import Rights, Role, rights_of

ROUTE = "desk:escalation"
# Nobody answers for longer than a quarter of a year ahead.
LONGEST_HOLD = timedelta(days=92)
NOT_YOURS = "Nothing about this action has been escalated to you."
SYSTEM_ONLY = "What is late is escalated by the system."
ROLE_OF = {Step.MANAGER: Role.PROGRAMME_MANAGER, Step.BOARD: Role.BOARD_MEMBER}


def tasks(*, actor: Any, rights: Rights, on: date) -> Iterator[Task]:
    """What was escalated to the actor and waits for their acknowledgement."""
    for row in open_to(actor=actor, rights=rights, on=on):
        yield Task(row.action, "Acknowledge", reason_of(escalation=row), ROUTE, OVERDUE, row.due)


def reason_of(*, escalation: Escalation) -> str:
    """Say in words why a step was taken; the line that prints it ends it with a full stop."""
    if escalation.step == Step.OWNER:
        return "It is late: say when it will be done, or why not"
    below = "its owner" if escalation.step == Step.MANAGER else "the programme manager"
    return f"It is late, and {below} has not settled it: say how it goes on"


def open_to(*, actor: Any, rights: Rights, on: date) -> list[Escalation]:
    """List the highest step of each late action that was taken to the actor and that they have still to acknowledge."""
    mine = Q(step=Step.OWNER) & (Q(action__owner=rights.user_id) | Q(action__alternate=rights.user_id))
    for step, role in ROLE_OF.items():
        mine |= Q(step=step, action__partnership__in=rights.partnerships(role))
    seen = Action.objects.visible_to(actor, on)
    rows = (
        _running(on)
        .filter(mine, action__in=seen)
        .exclude(acknowledgements__until__gte=on)
        .select_related("action__plan", "action__pillar")
        .order_by("action", "step")
    )
    return sorted({row.action_id: row for row in rows}.values(), key=lambda row: (row.due, row.action.ref))


def escalate(*, actor: Actor, at: datetime) -> list[Escalation]:
    """Take every late action the step that is due on the day of `at`; running it again on that day changes nothing.

    The first step comes so many days after the due date, each further one so many days after the step before it was
    taken, or after the last day that an acknowledgement named (ESCALATE_AFTER_DAYS).

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    if actor.actor_type != "system":
        raise PermissionDenied(SYSTEM_ONLY)
    on = london_date(at)
    ledgers = _late(on).order_by("partnership__ledger").values_list("partnership__ledger", flat=True)
    raised: list[Escalation] = []
    for ledger_id in ledgers.distinct():
        with writing(ledger_id) as ledger:
            for row in _due_steps(ledger_id, on):
                row.full_clean()
                row.save(force_insert=True)
                append(actor=actor, ledger=ledger, at=at, verb="escalation.raised", target=row)
                raised.append(row)
    return raised


def acknowledge(*, actor: Any, action: Action, words: str, until: date, at: datetime) -> Acknowledgement:
    """Acknowledge what was escalated to the actor about an action. Until the day named it climbs no further.

    Args:
        words: when it will be done, or why not.
        until: the last day on which this holds.

    Raises:
        PermissionDenied: when nothing about the action was escalated to the actor.
        ValidationError: keyed by field: without words, a day that has passed or lies too far ahead; code `conflict` when
            it was acknowledged already or the action is no longer late.
    """
    on = london_date(at)
    if not addressed(actor=actor, action=action, on=on):
        raise PermissionDenied(NOT_YOURS)
    with writing(action.partnership.ledger_id) as ledger:
        mine = [
            row
            for row in open_to(actor=actor, rights=rights_of(actor, on), on=on)
            if row.action_id == action.pk
        ]
        if not mine:
            raise ValidationError("It was acknowledged meanwhile, or is no longer late.", code="conflict")
        if not on <= until <= on + LONGEST_HOLD:
            last = on + LONGEST_HOLD
            raise ValidationError({"until": f"The day must be from today to {last:%-d %B %Y}."})
        row = Acknowledgement(
            escalation=mine[0], words=words.strip(), until=until, given_by=actor, given_at=at
        )
        row.full_clean(exclude=["escalation", "given_by"])
        row.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="escalation.acknowledged", target=row, note=row.words)
    return row


def addressed(*, actor: Any, action: Action, on: date) -> bool:
    """Say whether a step about the action as it is late now was taken to the actor, acknowledged or not."""
    rights = rights_of(actor, on)
    taken = set(_running(on).filter(action=action).values_list("step", flat=True))
    if Step.OWNER in taken and rights.user_id in {action.owner_id, action.alternate_id} - {None}:
        return True
    return any(step in taken and rights.has(role, action.partnership_id) for step, role in ROLE_OF.items())


def history_of(*, action: Action) -> list[Escalation]:
    """List the steps taken about an action for the date that it has, with who acknowledged them."""
    rows = Escalation.objects.filter(action=action, due=F("action__due"))
    return list(rows.prefetch_related("acknowledgements__given_by").order_by("step"))


def _late(on: date) -> Any:
    """What its owner could still bring: what waits for assurance is no longer theirs."""
    return Action.objects.filter(
        state__in=REPORTABLE, by_districts=False, plan__state=Plan.State.LIVE, due__lt=on
    )


def _running(on: date) -> Any:
    """The steps of actions that are late now for the date that they were taken for."""
    return Escalation.objects.filter(action__in=_late(on), due=F("action__due"))


def _due_steps(ledger_id: int, on: date) -> list[Escalation]:
    late = list(_late(on).filter(partnership__ledger=ledger_id).order_by("due", "ref"))
    taken: dict[int, list[Escalation]] = defaultdict(list)
    rows = _running(on).filter(action__in=late).prefetch_related("acknowledgements").order_by("step")
    for row in rows:
        taken[row.action_id].append(row)
    found = (_next_step(action, taken[action.pk], on) for action in late)
    return [row for row in found if row is not None]


def _next_step(action: Action, taken: list[Escalation], on: date) -> Escalation | None:
    assert action.due is not None
    if len(taken) == len(Step):
        return None
    held = [given.until for row in taken for given in row.acknowledgements.all()]
    since = max([action.due, *(row.raised_on for row in taken), *held])
    if (on - since).days < settings.ESCALATE_AFTER_DAYS[len(taken)]:
        return None
    return Escalation(action=action, due=action.due, step=list(Step)[len(taken)], raised_on=on)
