"""How every service changes an action: locked, checked against what the actor saw, validated, recorded."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from actions.core.models import Action
from actions.core.policies import may_see
from actions.core.services.consequences import derive_parent, derive_parents, lapse_requests
from actions.core.states import CLOSED, FOLLOWS, State
from audit.checks import all_hold, checks_of
from audit.clock import london_date
from audit.models import Ledger, Tracked
from audit.services import Item, append, append_many, writing
from audit.state import state_of, states_of
from partners.policies import Rights, rights_of

BY_DISTRICTS = (
    "This action is delivered by its districts. Open the part of a district: each answers for its own."
)
STALE = "This action was changed since you opened it. Look at what changed, then send your answer again."
OUT_OF_SIGHT = "After this change you could no longer see the action, so it was not made."
# What checking an action as a whole reads of the rows it names.
NAMED = (
    *("partnership", "plan", "pillar", "lead", "owner", "alternate"),
    *("area", "mou_area", "parent", "superseded_by"),
)


class Refused(ValidationError):
    """What was refused of several actions, by their ids; its own messages are keyed `field_id`, or `action_id`."""

    def __init__(self, by_action: Mapping[int, ValidationError]) -> None:
        keyed: dict[str, list[ValidationError]] = {}
        for pk, error in by_action.items():
            found = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
            for name, errors in found.items():
                keyed[f"{'action' if name == NON_FIELD_ERRORS else name}_{pk}"] = errors
        super().__init__(keyed)
        self.by_action = dict(by_action)


class Denied(PermissionDenied):
    """What the actor may not do to some of several actions; `actions` are the ids of those."""

    def __init__(self, message: str, actions: Collection[int]) -> None:
        super().__init__(message)
        self.actions = frozenset(actions)


@dataclass
class Change:
    """An action under change: its locked row, the actor's rights on the day, and the ledger it is recorded in."""

    action: Action
    actor: Any
    at: datetime
    ledger: Ledger
    verb: str
    note: str = ""
    rights: Rights = field(default_factory=lambda: Rights(user_id=None))
    supporters: Collection[int] | None = None
    """Ids of the supporting organisations where they were read with those of other actions."""
    gathered: list[Item] | None = None
    """What is recorded with what is recorded of other actions; none where each entry is written at once."""

    @property
    def on(self) -> date:
        return london_date(self.at)

    def supporting_ids(self) -> Collection[int]:
        if self.supporters is not None:
            return self.supporters
        return set(self.action.supporting.values_list("pk", flat=True))

    def author_ids(self) -> Collection[int]:
        return set(self.action.updates.values_list("author", flat=True))

    def require(self, allowed: bool, otherwise: str) -> None:
        """Raise PermissionDenied with the reason unless the rule allows it."""
        if not allowed:
            raise PermissionDenied(otherwise)

    def forbid(self, reason: str) -> None:
        """Raise PermissionDenied with the reason that a policy returns; empty allows."""
        self.require(not reason, reason)

    def require_state(self, *states: str, to: str) -> None:
        """Raise ValidationError naming the state unless the action is in one of them."""
        if self.action.state not in states:
            raise ValidationError(
                f"This action is {self.action.get_state_display().lower()}, so it cannot be {to}.",
                code="state",
            )

    def move_to(self, state: str) -> None:
        """Set the state. The table of what may follow what is the last word."""
        if state not in FOLLOWS[self.action.state]:
            raise ValidationError(
                f"An action that is {self.action.get_state_display().lower()} cannot become "
                f"{State(state).label.lower()}.",
                code="state",
            )
        self.action.state = state
        if state not in (State.IN_PROGRESS, State.AWAITING_ASSURANCE):
            self.action.rag = ""
        if state in CLOSED:
            self.action.waiting_since = None
        if state != State.COMPLETE:
            self.action.closed_on = self.action.closed_on if state in CLOSED else None
            self.action.retest_on = None

    def record(self, verb: str, target: Tracked) -> None:
        """Record a new row that belongs to the action."""
        if self.gathered is not None:
            self.gathered.append(Item(verb=verb, target=target))
            return
        append(actor=self.actor, ledger=self.ledger, at=self.at, verb=verb, target=target)


@contextmanager
def changing(
    *,
    actor: Any,
    action: Action,
    at: datetime,
    verb: str,
    version: int | None = None,
    note: str = "",
    as_whole: bool = False,
    parent_follows: bool = True,
) -> Iterator[Change]:
    """Open an action for change; on leaving, validate it, save the fields that differ and record them.

    A closed action closes what is still asked about it, and the parent of a district's part follows.

    Args:
        version: the version the actor saw; None where nothing seen can go stale (commands, replays).
        as_whole: the change makes sense for an action that its districts deliver.
        parent_follows: False where the parent is under change too, and the caller derives it once for all its parts.

    Raises:
        ValidationError: code `conflict` when the action moved on since that version; keyed by field when what
            was set is not valid.
        PermissionDenied: when the change would take the action out of the actor's own sight.
    """
    with writing(action.partnership.ledger_id) as ledger:
        locked = (
            Action.objects.select_for_update(of=("self",))
            .select_related("partnership", "plan", "pillar", "lead", "owner", "alternate")
            .get(pk=action.pk)
        )
        if (refusal := _refusal(locked, version, as_whole)) is not None:
            raise refusal
        before, stored = state_of(locked), _columns(locked)
        rights = rights_of(actor, london_date(at))
        change = Change(action=locked, actor=actor, at=at, ledger=ledger, verb=verb, note=note, rights=rights)
        yield change
        _save(change, before, stored)
        if locked.state in CLOSED and before["state"] not in CLOSED:
            lapse_requests(actor=actor, action=locked, ledger=ledger, at=at)
        if locked.parent_id is not None and parent_follows:
            derive_parent(actor=actor, parent_id=locked.parent_id, ledger=ledger, at=at)
        if not may_see(rights, locked, change.supporting_ids()):
            raise PermissionDenied(OUT_OF_SIGHT)


@contextmanager
def changing_many(
    *, actor: Any, ledger_id: int, versions: Mapping[int, int | None], at: datetime, verb: str
) -> Iterator[list[Change]]:
    """Open several actions of a partnership for change as `changing` opens one: all of them are changed, or none.

    The number of queries does not grow with them. Who supports an action stays as it is.

    Args:
        versions: by the actions' ids, the version of each that the actor saw; None as in `changing`.

    Raises:
        Refused: what `changing` would say of each.
        PermissionDenied: as `changing` does.
        Action.DoesNotExist: when one of them is not in this ledger's partnership.
    """
    with writing(ledger_id) as ledger:
        rows = Action.objects.select_for_update(of=("self",)).select_related(*NAMED)
        locked = list(rows.filter(pk__in=versions, partnership__ledger=ledger).order_by("pk"))
        if len(locked) != len(versions):
            raise Action.DoesNotExist("An action is not in this partnership.")
        refusals = {row.pk: _refusal(row, versions[row.pk], as_whole=False) for row in locked}
        if found := {pk: refusal for pk, refusal in refusals.items() if refusal is not None}:
            raise Refused(found)
        before, stored = states_of(locked), [_columns(row) for row in locked]
        rights = rights_of(actor, london_date(at))
        changes = [
            Change(row, actor, at, ledger, verb, rights=rights, supporters=state["supporting"], gathered=[])
            for row, state in zip(locked, before, strict=True)
        ]
        yield changes
        _save_many(changes, stored)
        items: list[Item] = []
        for change, state in zip(changes, before, strict=True):
            items += change.gathered or ()
            items.append(Item(verb=change.verb, target=change.action, before=state, note=change.note))
        append_many(actor=actor, ledger=ledger, at=at, items=items)
        for change, state in zip(changes, before, strict=True):
            if change.action.state in CLOSED and state["state"] not in CLOSED:
                lapse_requests(actor=actor, action=change.action, ledger=ledger, at=at)
        parents = {row.parent_id for row in locked if row.parent_id is not None}
        derive_parents(actor=actor, parent_ids=parents, ledger=ledger, at=at)
        if not all(may_see(rights, change.action, change.supporting_ids()) for change in changes):
            raise PermissionDenied(OUT_OF_SIGHT)


def _refusal(locked: Action, version: int | None, as_whole: bool) -> ValidationError | None:
    if version is not None and locked.version != version:
        return ValidationError(STALE, code="conflict", params={"version": locked.version})
    if locked.by_districts and not as_whole:
        return ValidationError(BY_DISTRICTS, code="state")
    return None


def _save_many(changes: list[Change], stored: list[dict[str, Any]]) -> None:
    changed: dict[int, set[str]] = {}
    for change, old in zip(changes, stored, strict=True):
        change.action.version += 1
        columns = _columns(change.action)
        changed[change.action.pk] = {name for name, value in columns.items() if value != old[name]}
    _check_each(changes, lambda action: _validate_plain(action, changed[action.pk]))
    try:
        with transaction.atomic():
            fields = set().union(*changed.values())
            Action.objects.bulk_update([change.action for change in changes], sorted(fields))
    except IntegrityError:
        # Only now each is asked which constraint it breaks: that is a question to the database for each.
        _check_each(changes, lambda action: _validate(action, changed[action.pk]))
        raise


def _check_each(changes: list[Change], check: Callable[[Action], None]) -> None:
    errors: dict[int, ValidationError] = {}
    for change in changes:
        try:
            check(change.action)
        except ValidationError as error:
            errors[change.action.pk] = error
    if errors:
        raise Refused(errors)


def _save(change: Change, before: dict[str, Any], stored: dict[str, Any]) -> None:
    action = change.action
    action.version += 1
    changed = {name for name, value in _columns(action).items() if value != stored[name]}
    _validate(action, changed)
    action.save(update_fields=sorted(changed))
    append(
        actor=change.actor,
        ledger=change.ledger,
        at=change.at,
        verb=change.verb,
        target=action,
        before=before,
        note=change.note,
    )


def _columns(action: Action) -> dict[str, Any]:
    return {field.name: getattr(action, field.attname) for field in action._meta.concrete_fields}


def _validate_plain(action: Action, changed: set[str]) -> None:
    action.clean_fields(exclude=_columns(action).keys() - changed)
    action.clean()


def _validate(action: Action, changed: set[str]) -> None:
    """Check what changed. `full_clean` would ask the database about every foreign key, touched or not."""
    _validate_plain(action, changed)
    checks = [check for check in checks_of(Action) if check.fields & changed]
    if all_hold(action, checks):
        return
    errors: list[ValidationError] = []
    for check in checks:
        try:
            check.constraint.validate(Action, action)
        except ValidationError as error:
            errors.append(error)
    if errors:
        raise ValidationError({NON_FIELD_ERRORS: errors})
