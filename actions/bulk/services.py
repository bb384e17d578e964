"""Changing many actions at once, all or none, each with the service that changes one action.

A preview makes the changes and rolls them back, so the confirmed change cannot differ from it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

from actions.actions.services import allocate_action, edit_action
from actions.core.models import Action
from actions.core.policies import why_not_change_many, why_not_manage
from actions.core.querysets import ActionQuerySet
from actions.core.services.change import BY_DISTRICTS
from actions.core.states import ALLOCATED, State
from actions.dates.models import DateChange
from actions.dates.services import request_date_change
from actions.disclosure.services import decide_publication
from actions.plans.models import Pillar
from actions.update_requests.services import request_update
from audit.actors import Actor
from audit.clock import london_date
from audit.policies import forbid
from audit.services import writing
from partners.models import Organisation, Partnership, User
from partners.policies import Rights, rights_of
from web.language import day_text, lazy_text

# This takes some seconds, in which other changes in the partnership wait.
MOST = 500
JOINED = ("partnership", "plan", "pillar", "area", "lead", "owner", "alternate")
PREVIEW = lazy_text("Preview")
STALE = gettext_lazy(
    "Some of these actions changed since you looked at them, so nothing was changed. Check the list again."
)
NO_LONGER_ALLOWED = gettext_lazy(
    "You can no longer change some of these actions, so nothing was changed. Check the list again."
)
LEVEL_TEXTS = {
    DateChange.Level.AT_ONCE: lazy_text("applies at once"),
    DateChange.Level.MANAGER: lazy_text("the programme manager will decide"),
    DateChange.Level.BOARD: lazy_text("the board will decide"),
}


@dataclass(frozen=True)
class Outcome:
    """One action's current and new value in words, or why it cannot be changed."""

    action: Action
    current: str
    new: str = ""
    problem: str = ""


@dataclass(frozen=True)
class BulkChange:
    """A change that can be made to many actions.

    Attributes:
        title: its choice on the page.
        done: its banner afterwards.
        current: returns an action's current value in words.
        apply: changes an action with its own service and returns the new value in words.
        suits: whether the change is meant for the action.
    """

    title: str
    done: str
    current: Callable[[Action], str]
    apply: Callable[..., str]
    managers_only: bool = True
    suits: Callable[[Action], bool] = lambda action: True


def available_changes(*, rights: Rights, partnership: Partnership) -> dict[str, BulkChange]:
    """Return the bulk changes the user may choose here. The service of each checks every action."""
    manages = not why_not_manage(rights, partnership.pk)
    return {name: each for name, each in BULK_CHANGES.items() if manages or not each.managers_only}


def preview_change(
    *, actor: Actor, name: str, actions: Sequence[Action], at: datetime, **value: Any
) -> list[Outcome]:
    """Return the outcome for each action, by changing it and rolling back.

    Args:
        name: a key of BULK_CHANGES.
        actions: of one partnership, as the actor sees them.
        value: the new values, by field.
    """
    if not actions:
        return []
    with transaction.atomic():
        with writing(actions[0].partnership.ledger_id):
            fields = {"actor": actor, "reason": PREVIEW, "at": at, **value}
            outcomes = [_try(BULK_CHANGES[name], action, fields) for action in actions]
        transaction.set_rollback(True)
    return outcomes


def change_many(
    *,
    actor: Actor,
    name: str,
    partnership: Partnership,
    versions: Mapping[int, int],
    reason: str,
    at: datetime,
    **value: Any,
) -> list[Action]:
    """Make one change to many actions of a partnership, all or none. Each gets a ledger entry with the reason.

    Args:
        name: a key of BULK_CHANGES.
        versions: the version of each action in the preview, by id.
        value: the new values: `lead`, `owner`, `alternate` and `due`; `owner`; `new_due`; `pillar` (a name);
            `publication` and `exemption`; `due_on`.

    Raises:
        PermissionDenied: when the actor's role changes no actions.
        ValidationError: without a reason, or for none or more than `MOST` actions; code `conflict` when an action
            changed since the preview (`changed_ids`) or the actor may no longer change it; and any error of an
            action's service. Nothing is changed then.
    """
    forbid(why_not_change_many(rights_of(actor, london_date(at))))
    if not reason.strip():
        raise ValidationError({"reason": gettext("Give the reason.")})
    if not 0 < len(versions) <= MOST:
        raise ValidationError(gettext("Choose between 1 and {most} actions.").format(most=MOST))
    with writing(partnership.ledger_id):
        if changed_ids(actor=actor, versions=versions, on=london_date(at)):
            raise ValidationError(STALE, code="conflict")
        visible = visible_actions(actor=actor, on=london_date(at))
        actions = list(visible.filter(pk__in=versions, partnership=partnership))
        fields = {"actor": actor, "reason": reason.strip(), "at": at, **value}
        for action in actions:
            try:
                BULK_CHANGES[name].apply(action=action, **fields)
            except PermissionDenied as refusal:
                raise ValidationError(NO_LONGER_ALLOWED, code="conflict") from refusal
    return actions


def changed_ids(*, actor: Actor, versions: Mapping[int, int], on: date) -> list[int]:
    """Return the ids of the actions that have another version now, or that the actor no longer sees."""
    now = dict(visible_actions(actor=actor, on=on).filter(pk__in=versions).values_list("pk", "version"))
    return [pk for pk, version in versions.items() if now.get(pk) != version]


def visible_actions(*, actor: Actor, on: date) -> ActionQuerySet:
    """Return the actions the actor sees, joined with what a preview shows of each."""
    return Action.objects.visible_to(actor, on).select_related(*JOINED).order_by("ref", "pk")


def _try(bulk_change: BulkChange, action: Action, fields: Mapping[str, Any]) -> Outcome:
    current = bulk_change.current(action)
    try:
        return Outcome(action, current, bulk_change.apply(action=action, **fields))
    except PermissionDenied as refusal:
        return Outcome(action, current, problem=str(refusal))
    except ValidationError as refusal:
        return Outcome(action, current, problem=" ".join(refusal.messages))


# The changes ------------------------------------------------------------------------------------------------


def _awaits_allocation(action: Action) -> bool:
    return action.state == State.AWAITING_ALLOCATION and not action.by_districts


def _current_allocation(action: Action) -> str:
    return gettext("{lead}; {owner}; {due}").format(
        lead=action.lead or gettext("No lead organisation"),
        owner=_current_owner(action),
        due=_current_due(action),
    )


def _allocate(
    *,
    actor: Actor,
    action: Action,
    lead: Organisation | None,
    owner: User,
    alternate: User | None,
    due: date | None,
    reason: str,
    at: datetime,
) -> str:
    """Allocate an action; it keeps its own lead organisation, alternate and due date where none is chosen."""
    if action.by_districts:
        raise ValidationError(BY_DISTRICTS, code="state")
    if action.state in ALLOCATED:
        raise ValidationError(
            gettext("This action is already allocated to {owner}.").format(owner=action.owner), code="state"
        )
    lead = lead or action.lead
    if lead is None:
        raise ValidationError(gettext("This action has no lead organisation. Choose one above."))
    if not (due or action.due):
        raise ValidationError(gettext("This action has no due date. Enter one above."))
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
    return _current_allocation(row)


def _current_owner(action: Action) -> str:
    return str(action.owner or gettext("Nobody"))


def _change_owner(*, actor: Actor, action: Action, owner: User, reason: str, at: datetime) -> str:
    if action.owner_id == owner.pk:
        raise ValidationError(gettext("{owner} already owns this action.").format(owner=owner))
    if action.by_districts:
        raise ValidationError(BY_DISTRICTS, code="state")
    if action.lead is None or action.due is None:
        raise ValidationError(
            gettext("This action is not allocated yet. Choose to allocate actions instead.")
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
    return gettext("{owner} (no alternate)").format(owner=owner) if was_alternate else str(owner)


def _current_due(action: Action) -> str:
    return day_text(action.due) if action.due else gettext("No date")


def _request_date(*, actor: Actor, action: Action, new_due: date, reason: str, at: datetime) -> str:
    row = request_date_change(
        actor=actor, action=action, new_due=new_due, reason=reason, version=action.version, at=at
    )
    return f"{day_text(row.new_due)}: {LEVEL_TEXTS[DateChange.Level(row.level)]}"


def _current_pillar(action: Action) -> str:
    return action.pillar.name


def _change_pillar(*, actor: Actor, action: Action, pillar: str, reason: str, at: datetime) -> str:
    if action.pillar.name == pillar:
        raise ValidationError(gettext("This action is already under {pillar}.").format(pillar=pillar))
    new_pillar = Pillar.objects.filter(plan=action.plan_id, name=pillar).first()
    if new_pillar is None:
        raise ValidationError(gettext("{plan} has no pillar with this name.").format(plan=action.plan))
    edit_action(actor=actor, action=action, pillar=new_pillar, note=reason, version=action.version, at=at)
    return new_pillar.name


def _current_publication(action: Action) -> str:
    exemption = f", {action.get_exemption_display()}" if action.exemption else ""
    return f"{action.get_publication_display()}{exemption}"


def _decide_publication(
    *, actor: Actor, action: Action, publication: str, exemption: str, reason: str, at: datetime
) -> str:
    if (action.publication, action.exemption) == (publication, exemption):
        raise ValidationError(gettext("This action already has this decision."))
    row = decide_publication(
        actor=actor,
        action=action,
        publication=publication,
        exemption=exemption,
        reason=reason,
        version=action.version,
        at=at,
    )
    return _current_publication(row)


def _current_update(action: Action) -> str:
    last = action.last_reported_on
    return gettext("Last update on {last}").format(last=day_text(last)) if last else gettext("No update yet")


def _request_update(*, actor: Actor, action: Action, due_on: date, reason: str, at: datetime) -> str:
    request_update(actor=actor, action=action, question=reason, due_on=due_on, at=at)
    return gettext("Requested from {owner} by {due_on}").format(owner=action.owner, due_on=day_text(due_on))


BULK_CHANGES = {
    "allocate": BulkChange(
        lazy_text("Allocate actions"), "allocated", _current_allocation, _allocate, suits=_awaits_allocation
    ),
    "owner": BulkChange(lazy_text("Change owner"), lazy_text("owner changed"), _current_owner, _change_owner),
    "date": BulkChange(
        lazy_text("Request a new due date"),
        lazy_text("new due date requested"),
        _current_due,
        _request_date,
        managers_only=False,
    ),
    "pillar": BulkChange(
        lazy_text("Change pillar"), lazy_text("pillar changed"), _current_pillar, _change_pillar
    ),
    "publication": BulkChange(
        lazy_text("Decide on publication"),
        lazy_text("publication decision saved"),
        _current_publication,
        _decide_publication,
    ),
    "update": BulkChange(
        lazy_text("Ask for an update"), lazy_text("update requested"), _current_update, _request_update
    ),
}
