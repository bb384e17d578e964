"""Changing many actions at once: each by the service that changes one, all of them or none.

What a preview shows is found by making the changes and taking them back, so it cannot differ from what is confirmed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from actions.actions.services import allocate_action, edit_action
from actions.core import policies
from actions.core.models import Action
from actions.core.querysets import ActionQuerySet
from actions.core.services.change import BY_DISTRICTS
from actions.core.states import ALLOCATED, State
from actions.dates.models import DateChange
from actions.dates.services import request_date_change
from actions.disclosure.services import decide_publication
from actions.plans.models import Pillar
from actions.update_requests.services import ask_for_update
from audit.clock import london_date
from audit.services import writing
from partners.models import Organisation, Partnership, User
from partners.policies import Rights

# Some seconds' work, while which the partnership's other writers wait.
MOST = 500
JOINED = ("partnership", "plan", "pillar", "area", "lead", "owner", "alternate")
PREVIEW = "Rehearsal"
MOVED_ON = "Some of these actions changed since you looked at them, so nothing was changed."
REFUSED = "Some of these actions cannot be changed so any more, so nothing was changed."
ASKED_OF = {
    DateChange.Level.AT_ONCE: "at once",
    DateChange.Level.MANAGER: "asked of the programme manager",
    DateChange.Level.BOARD: "asked of the board",
}


@dataclass(frozen=True)
class Outcome:
    """What becomes of one action, in words; with a problem, nothing does."""

    action: Action
    was: str
    becomes: str = ""
    problem: str = ""


@dataclass(frozen=True)
class BulkChange:
    """One thing that can be done to many actions.

    `was` says how an action stands, `do` changes it by its own service and says what it became; `suits` says whether the
    action is one that it is meant for.
    """

    title: str
    done: str
    was: Callable[[Action], str]
    do: Callable[..., str]
    managers_only: bool = True
    suits: Callable[[Action], bool] = lambda action: True


def offered(*, rights: Rights, partnership: Partnership) -> dict[str, BulkChange]:
    """Return what the user may set out to do here. What they may do to each action its own service says."""
    manages = policies.may_manage(rights, partnership.pk)
    return {name: errand for name, errand in BULK_CHANGES.items() if manages or not errand.managers_only}


def preview_change(
    *, actor: Any, errand: str, actions: Sequence[Action], at: datetime, **value: Any
) -> list[Outcome]:
    """Say what would become of each action, by doing it and taking it back.

    Args:
        actions: of one partnership, as the actor sees them.
        value: what the errand sets, by name.
    """
    if not actions:
        return []
    with transaction.atomic():
        with writing(actions[0].partnership.ledger_id):
            given = {"actor": actor, "reason": PREVIEW, "at": at, **value}
            outcomes = [_tried(BULK_CHANGES[errand], action, given) for action in actions]
        transaction.set_rollback(True)
    return outcomes


def change_many(
    *,
    actor: Any,
    errand: str,
    partnership: Partnership,
    seen: Mapping[int, int],
    reason: str,
    at: datetime,
    **value: Any,
) -> list[Action]:
    """Do one thing to many actions of a partnership: each an entry of the ledger with the reason, all or none.

    Args:
        seen: the version of each action that the preview showed, by id.
        value: what the errand sets, by name: `lead`, `owner`, `alternate` and `due`; `owner`; `new_due`; `pillar` (a name); `publication` and `exemption`;
            `wanted_by`.

    Raises:
        ValidationError: without a reason, for none or more than `MOST` actions; code `conflict` when any of them changed
            since (`moved_since`) or is not the actor's to change any more; and whatever the service of any of them
            refuses. Nothing is changed then.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Give the reason."})
    if not 0 < len(seen) <= MOST:
        raise ValidationError(f"Choose between 1 and {MOST} actions.")
    with writing(partnership.ledger_id):
        if moved_since(actor=actor, seen=seen, on=london_date(at)):
            raise ValidationError(MOVED_ON, code="conflict")
        actions = list(seen_by(actor=actor, on=london_date(at)).filter(pk__in=seen, partnership=partnership))
        given = {"actor": actor, "reason": reason.strip(), "at": at, **value}
        for action in actions:
            try:
                BULK_CHANGES[errand].do(action=action, **given)
            except PermissionDenied as refusal:
                raise ValidationError(REFUSED, code="conflict") from refusal
    return actions


def moved_since(*, actor: Any, seen: Mapping[int, int], on: date) -> list[int]:
    """Return the ids of what has another version than was seen, or is not there for the actor any more."""
    now = dict(seen_by(actor=actor, on=on).filter(pk__in=seen).values_list("pk", "version"))
    return [pk for pk, version in seen.items() if now.get(pk) != version]


def seen_by(*, actor: Any, on: date) -> ActionQuerySet:
    """Return the actions the actor sees, with what a preview shows of each."""
    return Action.objects.visible_to(actor, on).select_related(*JOINED).order_by("ref", "pk")


def _tried(errand: BulkChange, action: Action, given: Mapping[str, Any]) -> Outcome:
    was = errand.was(action)
    try:
        return Outcome(action, was, errand.do(action=action, **given))
    except PermissionDenied as refusal:
        return Outcome(action, was, problem=str(refusal))
    except ValidationError as refusal:
        return Outcome(action, was, problem=" ".join(refusal.messages))


# What can be done -------------------------------------------------------------------------------------------


def _awaits_allocation(action: Action) -> bool:
    return action.state == State.AWAITING_ALLOCATION and not action.by_districts


def _allocation_was(action: Action) -> str:
    return f"{action.lead or 'No lead organisation'}; {_owner_was(action)}; {_due_was(action)}"


def _allocate(
    *,
    actor: Any,
    action: Action,
    lead: Organisation | None,
    owner: User,
    alternate: User | None,
    due: date | None,
    reason: str,
    at: datetime,
) -> str:
    """Allocate an action; its own lead organisation, alternate and due date stay where none is chosen for all."""
    if action.by_districts:
        raise ValidationError(BY_DISTRICTS, code="state")
    if action.state in ALLOCATED:
        raise ValidationError(f"It is allocated already, to {action.owner}.", code="state")
    lead = lead or action.lead
    if lead is None:
        raise ValidationError("It has no lead organisation yet. Choose one for all.")
    if not (due or action.due):
        raise ValidationError("It has no due date yet. Enter one for all.")
    row = allocate_action(
        actor=actor,
        action=action,
        lead=lead,
        owner=owner,
        alternate=alternate or (None if action.alternate_id == owner.pk else action.alternate),
        due=due,
        note=reason,
        version=action.version,
        at=at,
    )
    return _allocation_was(row)


def _owner_was(action: Action) -> str:
    return str(action.owner or "Nobody")


def _give(*, actor: Any, action: Action, owner: User, reason: str, at: datetime) -> str:
    if action.owner_id == owner.pk:
        raise ValidationError(f"{owner} owns it already.")
    if action.by_districts:
        raise ValidationError(BY_DISTRICTS, code="state")
    if action.lead is None or action.due is None:
        raise ValidationError(
            "It is not allocated yet: choose to allocate, to decide which organisation leads it and by when it is due."
        )
    was_alternate = action.alternate_id == owner.pk
    allocate_action(
        actor=actor,
        action=action,
        lead=action.lead,
        owner=owner,
        alternate=None if was_alternate else action.alternate,
        note=reason,
        version=action.version,
        at=at,
    )
    return f"{owner}; there is no alternate then" if was_alternate else str(owner)


def _due_was(action: Action) -> str:
    return f"{action.due:%-d %B %Y}" if action.due else "No date"


def _ask_for_date(*, actor: Any, action: Action, new_due: date, reason: str, at: datetime) -> str:
    row = request_date_change(
        actor=actor, action=action, new_due=new_due, reason=reason, version=action.version, at=at
    )
    return f"{row.new_due:%-d %B %Y}, {ASKED_OF[DateChange.Level(row.level)]}"


def _pillar_was(action: Action) -> str:
    return action.pillar.name


def _sort_under(*, actor: Any, action: Action, pillar: str, reason: str, at: datetime) -> str:
    if action.pillar.name == pillar:
        raise ValidationError(f"It is under {pillar} already.")
    found = Pillar.objects.filter(plan=action.plan_id, name=pillar).first()
    if found is None:
        raise ValidationError(f"{action.plan} has no pillar of this name.")
    edit_action(actor=actor, action=action, pillar=found, note=reason, version=action.version, at=at)
    return found.name


def _publication_was(action: Action) -> str:
    exemption = f", {action.get_exemption_display()}" if action.exemption else ""
    return f"{action.get_publication_display()}{exemption}"


def _publish(
    *, actor: Any, action: Action, publication: str, exemption: str, reason: str, at: datetime
) -> str:
    if (action.publication, action.exemption) == (publication, exemption):
        raise ValidationError("This is decided already.")
    decided = decide_publication(
        actor=actor,
        action=action,
        publication=publication,
        exemption=exemption,
        reason=reason,
        version=action.version,
        at=at,
    )
    return _publication_was(decided)


def _update_was(action: Action) -> str:
    last = action.last_reported_on
    return f"Last update on {last:%-d %B %Y}" if last else "No update yet"


def _ask(*, actor: Any, action: Action, wanted_by: date, reason: str, at: datetime) -> str:
    ask_for_update(actor=actor, action=action, question=reason, wanted_by=wanted_by, at=at)
    return f"Asked of {action.owner}, by {wanted_by:%-d %B %Y}"


BULK_CHANGES = {
    "allocate": BulkChange(
        "Allocate them", "allocated", _allocation_was, _allocate, suits=_awaits_allocation
    ),
    "owner": BulkChange("Give them another owner", "owner changed", _owner_was, _give),
    "date": BulkChange(
        "Ask for another due date", "due date asked for", _due_was, _ask_for_date, managers_only=False
    ),
    "pillar": BulkChange("Put them under another pillar", "pillar changed", _pillar_was, _sort_under),
    "publication": BulkChange("Decide on publication", "publication decided", _publication_was, _publish),
    "update": BulkChange("Ask for an update", "update asked for", _update_was, _ask),
}
