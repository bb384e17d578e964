"""Following the ledgers of the partnerships one works in: nothing missed, nothing twice, bounded work.

An entry gets its number under its ledger's lock, which lasts until the commit. A reader who sees entry n sees every
entry before it, so nothing before n can appear later.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from actions.models import Action
from audit.actors import Actor
from audit.models import Entry, Ledger
from exchange.changes.services.cursors import Cursor, reach_of
from exchange.changes.services.items import CHANGED, GAINED, LOST, Change, Subject
from exchange.changes.services.kinds import BY_LABEL, BY_STATE, SCOPES
from exchange.changes.services.sight import ACTION, Judged, Sight
from partners.policies import SEES_THE_WORK, rights_of

CHUNK = 250
MOST_SCANNED = 2000
AHEAD = gettext_lazy("This cursor is ahead of the record. Start again without one.")


@dataclass(frozen=True)
class Followed:
    """A page of changes, and the cursor behind it."""

    changes: list[Change]
    cursor: Cursor
    more: bool
    """There is more to read at once: the page is full, or as many entries were looked at as one request may."""
    reach_changed: bool
    """The reader's memberships or scopes are not those under which the cursor was written."""


def follow(
    *,
    actor: Actor,
    on: date,
    after: Cursor | None,
    size: int,
    scopes: Collection[str] = SCOPES,
    only: int | None = None,
    upto: int | None = None,
    most: int = MOST_SCANNED,
) -> Followed:
    """Return the next changes behind a cursor that the actor may see, at most `size` of them, and a cursor behind them.

    Args:
        on: the day that decides rights.
        after: none for the whole history.
        scopes: what may be read, of `kinds.SCOPES`.
        only: the id of one partnership to follow; None for all.
        upto: the last position to read; None for the ledger's end.
        most: how many entries to look at in all.

    Raises:
        ValidationError: keyed `after`, when the cursor lies beyond the end of a ledger.
    """
    rights = rights_of(actor, on)
    after = after or Cursor(reach=reach_of(rights, scopes))
    positions: dict[int, int] = dict(after.positions)
    changes: list[Change] = []
    remaining, more = most, False
    for partnership_id, head in _heads(rights.partnerships(*SEES_THE_WORK), only):
        position = positions.get(partnership_id, 0)
        if position > head.sequence:
            raise ValidationError({"after": AHEAD})
        end = head.sequence if upto is None else min(upto, head.sequence)
        sight = Sight(actor, on, scopes, partnership_id)
        while position < end and remaining > 0 and len(changes) < size:
            entries = _after(head, position, end, min(remaining, CHUNK))
            remaining -= len(entries)
            judged, position = _fill(sight.judge(entries), size - len(changes), entries[-1].sequence)
            changes += _changes(sight, judged)
        positions[partnership_id] = position
        more = more or position < end
    reach = reach_of(rights, scopes)
    return Followed(changes, Cursor(positions, reach), more, reach != after.reach)


def present(*, actor: Actor, on: date, scopes: Collection[str] = SCOPES) -> Followed:
    """Return no change and the cursor behind all there are: what follows it comes after this moment."""
    rights = rights_of(actor, on)
    heads = {pk: head.sequence for pk, head in _heads(rights.partnerships(*SEES_THE_WORK), None)}
    return Followed([], Cursor(heads, reach_of(rights, scopes)), more=False, reach_changed=False)


def _heads(partnership_ids: Collection[int], only: int | None) -> list[tuple[int, Ledger]]:
    rows = Ledger.objects.filter(partnership__in=partnership_ids).select_related("partnership")
    heads = sorted((row.partnership.pk, row) for row in rows)
    return [(pk, row) for pk, row in heads if only in (None, pk)]


def _after(head: Ledger, position: int, end: int, number: int) -> list[Entry]:
    """Return entries up to the end as first read, so that a busy ledger does not keep a reader for ever."""
    rows = Entry.objects.filter(ledger=head, sequence__gt=position, sequence__lte=end)
    return list(rows.order_by("sequence").defer("note")[:number])


def _fill(judged: Sequence[Judged], room: int, end: int) -> tuple[list[Judged], int]:
    """Return as many visible entries as there is room for, and the position up to which all were read."""
    visible = [each for each in judged if each.before or each.after]
    return (visible, end) if len(visible) <= room else (visible[:room], visible[room - 1].entry.sequence)


def _changes(sight: Sight, judged: Sequence[Judged]) -> list[Change]:
    actions = {int(each.action_id) for each in judged if each.action_id}
    refs = dict(
        Action.objects.visible_to(sight.actor, sight.on).filter(pk__in=actions).values_list("pk", "ref")
        if actions
        else ()
    )
    visible = {
        model: sight.visible_now(model, {int(each.entry.target_id) for each in judged if _is(each, model)})
        for model in BY_STATE
        if model is not Action and any(_is(each, model) for each in judged)
    }
    return [_change(sight, each, refs, visible) for each in judged]


def _change(sight: Sight, judged: Judged, refs: dict[int, str], visible: dict[Any, set[int]]) -> Change:
    entry = judged.entry
    kind = CHANGED if judged.before and judged.after else GAINED if judged.after else LOST
    action = None
    if judged.action_id:
        ref = refs.get(int(judged.action_id), "")
        action = Subject("action", judged.action_id, ref, visible=bool(ref))
    if entry.target_type == ACTION and action is not None:
        subject = action
    else:
        model, kind_of_row = BY_LABEL.get(entry.target_type, (None, None))
        here = judged.after and (action is None or action.visible)
        here = here and (model not in visible or int(entry.target_id) in visible[model])
        subject = Subject(
            kind_of_row.name if kind_of_row else entry.target_type.partition(".")[2],
            entry.target_id,
            visible=here,
        )
    version = (entry.state or {}).get("version")
    return Change(
        partnership_id=sight.partnership_id,
        position=entry.sequence,
        at=entry.at,
        verb=entry.verb,
        kind=kind,
        subject=subject,
        action=action,
        version=version if isinstance(version, int) and judged.after else None,
        own=entry.actor_id == str(sight.actor.pk),
    )


def _is(judged: Judged, model: type[Any]) -> bool:
    return bool(judged.entry.target_type == model._meta.label_lower)
