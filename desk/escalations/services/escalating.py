"""The climb itself: steps taken, shown to those they were taken to, and acknowledged."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet

from actions.models import Action
from audit.actors import Actor
from audit.clock import london_date
from audit.services import Item, append, append_many, writing
from desk.escalations.models import Acknowledgement, Escalation, Step
from desk.escalations.services.kinds import KINDS, Kind, Wanted, kind_of
from inspections.models import Inspection
from partners.models import Partnership
from partners.policies import Rights, Role, rights_of
from returns.models import Return

NOT_YOURS = "Nothing about this has been escalated to you."
SYSTEM_ONLY = "What is late is escalated by the system."
OVER = "It was acknowledged meanwhile, or is no longer late."
ROLE_OF = {Step.MANAGER: Role.PROGRAMME_MANAGER, Step.BOARD: Role.BOARD_MEMBER}
FIRST = "It is late: say when it will be done, or why not"


def tasks(*, actor: Any, rights: Rights, on: date) -> Iterator[Wanted]:
    """What was escalated to the actor and waits for their acknowledgement."""
    for row in open_to(actor=actor, rights=rights, on=on):
        yield task_of(escalation=row)


def task_of(*, escalation: Escalation) -> Wanted:
    """Return the line that asks for an acknowledgement, with why the step was taken."""
    kind = kind_of(about=escalation.about)
    above = kind.above.get(escalation.step)
    return kind.task(escalation, f"It is late, and {above}: say how it goes on" if above else FIRST)


def open_to(*, actor: Any, rights: Rights, on: date) -> list[Escalation]:
    """List the highest step about each thing that was taken to the actor and that they have still to acknowledge."""
    rows = (
        Escalation.objects.filter(_taken_to(rights), _running(on, rights))
        .exclude(acknowledgements__until__gte=on)
        .select_related(
            "action__plan", "action__pillar", "report__plan", "report__organisation", "inspection"
        )
        .order_by("step")
    )
    highest = {row.about: row for row in rows}
    # What a user sees is the dearer question, and on most days there is nothing to ask it of.
    seen = {about for kind in KINDS for about in _seen(kind, highest, actor, on)}
    found = [row for about, row in highest.items() if about in seen]
    return sorted(found, key=lambda row: (row.due, row.subject))


def escalate(*, actor: Actor, at: datetime) -> list[Escalation]:
    """Take everything late the step that is due on the day of `at`; running it again on that day changes nothing.

    The first step comes so many days after the day that passed, each further one so many days after the step before it
    was taken, or after the last day that an acknowledgement named (ESCALATE_AFTER_DAYS; for returns
    ESCALATE_RETURNS_AFTER_DAYS).

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    if actor.actor_type != "system":
        raise PermissionDenied(SYSTEM_ONLY)
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
    *, actor: Any, about: Action | Return | Inspection, words: str, until: date, at: datetime
) -> Acknowledgement:
    """Acknowledge what was escalated to the actor about something. Until the day named it climbs no further.

    Args:
        words: when it will be done, or why not.
        until: the last day on which this holds.

    Raises:
        PermissionDenied: when nothing about it was escalated to the actor.
        ValidationError: keyed by field: without words, a day that has passed or lies too far ahead; code `conflict` when
            it was acknowledged already or is no longer late.
    """
    on = london_date(at)
    if not addressed(actor=actor, about=about, on=on):
        raise PermissionDenied(NOT_YOURS)
    kind = kind_of(about=about)
    partnership = Partnership.objects.get(pk=kind.partnership_id(about))
    with writing(partnership.ledger_id) as ledger:
        waiting = open_to(actor=actor, rights=rights_of(actor, on), on=on)
        mine = next((row for row in waiting if row.about == about), None)
        if mine is None:
            raise ValidationError(OVER, code="conflict")
        last = kind.longest(about, on)
        if not on <= until <= last:
            raise ValidationError({"until": f"The day must be from today to {last:%-d %B %Y}."})
        row = Acknowledgement(escalation=mine, words=words.strip(), until=until, given_by=actor, given_at=at)
        row.full_clean(exclude=["escalation", "given_by"])
        row.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="escalation.acknowledged", target=row, note=row.words)
    return row


def addressed(*, actor: Any, about: Action | Return | Inspection, on: date) -> bool:
    """Say whether a step about something as it is late now was taken to the actor, acknowledged or not."""
    rights = rights_of(actor, on)
    taken = Escalation.objects.filter(_taken_to(rights), _running(on, rights))
    return taken.filter(**{kind_of(about=about).field: about}).exists()


def taken_to(*, actor: Any, on: date) -> QuerySet[Escalation]:
    """Return every step about what is late now that was taken to the actor, acknowledged or not, of what they see."""
    rights = rights_of(actor, on)
    seen = _any(
        Q(**{f"{kind.field}__in": kind.seen(actor, on).values("pk")})
        for kind in KINDS
        if kind.concerns(rights)
    )
    return Escalation.objects.filter(_taken_to(rights) & _running(on, rights) & seen)


def history_of(*, about: Action | Return | Inspection) -> list[Escalation]:
    """List the steps taken about something for the day that it has, with who acknowledged them."""
    kind = kind_of(about=about)
    rows = Escalation.objects.filter(**{kind.field: about}, due=kind.due(about))
    related = rows.select_related("action", "report__organisation", "inspection")
    return list(related.prefetch_related("acknowledgements__given_by").order_by("step"))


def taken_above(*, rights: Rights) -> list[int]:
    """Return the ids of the steps that were ever taken to the user as a programme manager or board member."""
    return list(Escalation.objects.filter(_above(rights)).values_list("pk", flat=True))


def _any(filters: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for one in filters:
        found |= one
    return found


def _running(on: date, rights: Rights) -> Q:
    return _any(kind.running(on) for kind in KINDS if kind.concerns(rights))


def _seen(kind: Kind, of: Iterable[Any], actor: Any, on: date) -> Iterator[Any]:
    rows = [about for about in of if kind_of(about=about) is kind]
    if rows:
        seen = set(kind.seen(actor, on).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
        yield from (row for row in rows if row.pk in seen)


def _taken_to(rights: Rights) -> Q:
    first = Q(step=Step.OWNER) & _any(kind.own(rights) for kind in KINDS if kind.concerns(rights))
    return first | _above(rights)


def _above(rights: Rights) -> Q:
    return _any(Q(step=step, partnership__in=rights.partnerships(role)) for step, role in ROLE_OF.items())


def _due_steps(kind: Kind, ledger_id: int, on: date) -> list[Escalation]:
    late = list(kind.late(on).filter(**{kind.ledger: ledger_id}).order_by("pk"))
    taken: dict[int, list[Escalation]] = defaultdict(list)
    rows = Escalation.objects.filter(kind.running(on), **{f"{kind.field}__in": [row.pk for row in late]})
    for row in rows.prefetch_related("acknowledgements").order_by("step"):
        taken[getattr(row, f"{kind.field}_id")].append(row)
    found = (_next_step(kind, about, taken[about.pk], on) for about in late)
    return [row for row in found if row is not None]


def _next_step(kind: Kind, about: Any, taken: list[Escalation], on: date) -> Escalation | None:
    if len(taken) == len(Step):
        return None
    due = kind.due(about)
    held = [given.until for row in taken for given in row.acknowledgements.all()]
    since = max([due, *(row.raised_on for row in taken), *held])
    if (on - since).days < kind.after[len(taken)]:
        return None
    step = list(Step)[len(taken)]
    row = Escalation(partnership_id=kind.partnership_id(about), due=due, step=step, raised_on=on)
    setattr(row, kind.field, about)
    return row
