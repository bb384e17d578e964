"""How every service changes an action: as any row is changed, with the rules of states, districts and parents."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext, gettext_lazy

from actions.core.models import Action
from actions.core.policies import may_see
from actions.core.services.consequences import derive_parent, derive_parents, lapse_requests
from actions.core.states import CLOSED, FOLLOWS, State
from audit.actors import Actor
from audit.checks import all_hold, checks_of
from audit.clock import london_date
from audit.models import Tracked
from audit.services import Item, append, append_many, writing
from audit.state import states_of
from partners.changing import services as rows
from partners.policies import rights_of

BY_DISTRICTS = gettext_lazy(
    "This action is delivered by its districts. Open the action of a district instead."
)
# What checking an action as a whole reads of the rows it names.
NAMED = (
    *("partnership", "plan", "pillar", "lead", "owner", "alternate"),
    *("area", "mou_area", "parent", "superseded_by"),
)


class Refused(ValidationError):
    """Errors of several actions, by their ids; the messages are keyed `field_id`, or `action_id`."""

    def __init__(self, by_action: Mapping[int, ValidationError]) -> None:
        keyed: dict[str, list[ValidationError]] = {}
        for pk, error in by_action.items():
            errors_by_field = (
                error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
            )
            for name, errors in errors_by_field.items():
                keyed[f"{'action' if name == NON_FIELD_ERRORS else name}_{pk}"] = errors
        super().__init__(keyed)
        self.by_action = dict(by_action)


class Denied(PermissionDenied):
    """What the actor may not do to some of several actions.

    Args:
        reason: why, for one action.
        actions: the ids of those actions.
    """

    def __init__(self, message: str, *, reason: str, actions: Collection[int]) -> None:
        super().__init__(message)
        self.reason = reason
        self.actions = frozenset(actions)


@dataclass(kw_only=True)
class Change(rows.Change[Action]):
    """An action under change: its locked row, the actor's rights on the day, and the ledger it is recorded in."""

    as_whole: bool = False
    parent_follows: bool = True
    supporters: Collection[int] | None = None
    """Ids of the supporting organisations where they were read with those of other actions."""
    gathered: list[Item] | None = None
    """Ledger entries to write together with those of other actions; None to write each at once."""

    @property
    def action(self) -> Action:
        return self.row

    def supporting_ids(self) -> Collection[int]:
        if self.supporters is not None:
            return self.supporters
        return set(self.action.supporting.values_list("pk", flat=True))

    def author_ids(self) -> Collection[int]:
        return set(self.action.updates.values_list("author", flat=True))

    def move_to(self, state: str) -> None:
        """Set the state. The table of what may follow what is the last word."""
        if state not in FOLLOWS[self.action.state]:
            raise ValidationError(
                gettext("An action that is {get_state_display} cannot become {state}.").format(
                    get_state_display=self.action.get_state_display().lower(),
                    state=State(state).label.lower(),
                ),
                code="state",
            )
        self.action.state = state
        if state not in (State.IN_PROGRESS, State.AWAITING_ASSURANCE):
            self.action.rag = ""
        if state in CLOSED:
            self.action.waiting_since = None
            self.action.board_rag = self.action.board_rag_reference = ""
        if state != State.COMPLETE:
            self.action.closed_on = self.action.closed_on if state in CLOSED else None
            self.action.retest_on = None

    def record(self, verb: str, target: Tracked) -> None:
        """Record a new row that belongs to the action."""
        if self.gathered is not None:
            self.gathered.append(Item(verb=verb, target=target))
            return
        append(actor=self.actor, ledger=self.ledger, at=self.at, verb=verb, target=target)

    def refusal(self, version: int | None) -> ValidationError | None:
        if (stale := super().refusal(version)) is not None:
            return stale
        if self.action.by_districts and not self.as_whole:
            return ValidationError(BY_DISTRICTS, code="state")
        return None

    def validate(self) -> None:
        """Check what changed. `full_clean` would ask the database about every foreign key, touched or not."""
        self.validate_fields()
        changed = self.changed_fields()
        checks = [check for check in checks_of(Action) if check.fields & changed]
        if all_hold(self.action, checks):
            return
        errors: list[ValidationError] = []
        for check in checks:
            try:
                check.constraint.validate(Action, self.action)
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError({NON_FIELD_ERRORS: errors})

    def validate_fields(self) -> None:
        """Check the fields that changed, without a question to the database."""
        self.action.clean_fields(exclude=self.stored.keys() - self.changed_fields())
        self.action.clean()

    def update_related(self) -> None:
        self.lapse_requests()
        if self.action.parent_id is not None and self.parent_follows:
            derive_parent(actor=self.actor, parent_id=self.action.parent_id, ledger=self.ledger, at=self.at)

    def lapse_requests(self) -> None:
        if self.action.state in CLOSED and self.before["state"] not in CLOSED:
            lapse_requests(actor=self.actor, action=self.action, ledger=self.ledger, at=self.at)

    def require_in_sight(self) -> None:
        if not may_see(self.rights, self.action, self.supporting_ids()):
            raise PermissionDenied(rows.OUT_OF_SIGHT.format(name=self.name))


@contextmanager
def changing(
    *,
    actor: Actor,
    action: Action,
    at: datetime,
    verb: str,
    version: int | None = None,
    note: str = "",
    as_whole: bool = False,
    parent_follows: bool = True,
) -> Iterator[Change]:
    """Open an action for change; on leaving, validate it, save the fields that differ and record them.

    Requests that are still open on a closed action lapse, and the parent of a district's part follows.

    Args:
        version: the version the actor saw; None where nothing they saw can be out of date (commands, replays).
        as_whole: the change makes sense for an action that its districts deliver.
        parent_follows: False where the parent is under change too, and the caller derives it once for all its parts.

    Raises:
        ValidationError: code `conflict` when the action was changed since that version; keyed by field when a new
            value is not valid.
        PermissionDenied: when the actor could no longer view the action after the change.
    """
    with writing(action.partnership.ledger_id) as ledger:
        change = Change(
            actor=actor,
            at=at,
            ledger=ledger,
            rights=rights_of(actor, london_date(at)),
            row=rows.locked_row(row=action, joined=("plan", "pillar", "lead", "owner", "alternate")),
            verb=verb,
            note=note,
            as_whole=as_whole,
            parent_follows=parent_follows,
        )
        if (refusal := change.refusal(version)) is not None:
            raise refusal
        yield change
        change.finish()


@contextmanager
def changing_many(
    *, actor: Actor, ledger_id: int, versions: Mapping[int, int | None], at: datetime, verb: str
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
        actions = Action.objects.select_for_update(of=("self",)).select_related(*NAMED)
        locked = list(actions.filter(pk__in=versions, partnership__ledger=ledger).order_by("pk"))
        if len(locked) != len(versions):
            raise Action.DoesNotExist(gettext("An action is not in this partnership."))
        rights = rights_of(actor, london_date(at))
        changes = [
            Change(
                actor=actor,
                at=at,
                ledger=ledger,
                rights=rights,
                row=row,
                verb=verb,
                before=before,
                supporters=before["supporting"],
                gathered=[],
            )
            for row, before in zip(locked, states_of(locked), strict=True)
        ]
        refusals = {change.action.pk: change.refusal(versions[change.action.pk]) for change in changes}
        if any(refusals.values()):
            raise Refused({pk: refusal for pk, refusal in refusals.items() if refusal is not None})
        yield changes
        _save_many(changes)
        items: list[Item] = []
        for change in changes:
            items += change.gathered or ()
            items.append(Item(verb=change.verb, target=change.action, before=change.before, note=change.note))
        append_many(actor=actor, ledger=ledger, at=at, items=items)
        for change in changes:
            change.lapse_requests()
        parents = {row.parent_id for row in locked if row.parent_id is not None}
        derive_parents(actor=actor, parent_ids=parents, ledger=ledger, at=at)
        for change in changes:
            change.require_in_sight()


def _save_many(changes: list[Change]) -> None:
    for change in changes:
        change.action.version += 1
    _check_each(changes, Change.validate_fields)
    try:
        with transaction.atomic():
            fields = set[str]().union(*(change.changed_fields() for change in changes))
            Action.objects.bulk_update([change.action for change in changes], sorted(fields))
    except IntegrityError:
        # Only now check each row's constraints, which takes a query for each.
        _check_each(changes, Change.validate)
        raise


def _check_each(changes: list[Change], check: Callable[[Change], None]) -> None:
    errors: dict[int, ValidationError] = {}
    for change in changes:
        try:
            check(change)
        except ValidationError as error:
            errors[change.action.pk] = error
    if errors:
        raise Refused(errors)
