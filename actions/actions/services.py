from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from actions.core import policies
from actions.core.models import Action
from actions.core.services.change import Change, changing
from actions.core.services.consequences import derive_parent
from actions.core.states import REPORTABLE, State
from actions.core.table import ACTION
from actions.dates.models import DateChange
from actions.disclosure.services import OwnerAccess
from actions.milestones.models import Milestone
from actions.plans.models import Plan
from actions.plans.policies import why_not_change_plan
from actions.waits.models import Dependency
from actions.waits.services import require_partners_unchanged
from audit.actors import Actor
from audit.clock import london_date
from audit.models import Ledger
from audit.policies import forbid
from audit.services import append, writing
from partners.models import Organisation, User
from partners.policies import CAN_OWN, rights_of
from web.language import day_text
from web.resources import names


def why_not_parent(*, action: Action) -> str:
    """Say why districts cannot come to deliver an action, or nothing where they can."""
    state = action.get_state_display().lower()
    if action.parent_id is not None:
        return gettext("It is itself a district's part of another action.")
    if action.by_districts:
        return (
            ""
            if action.is_open
            else gettext("It is {state}, so no part can be added to it.").format(state=state)
        )
    if action.state not in (State.AWAITING_ALLOCATION, State.NOT_STARTED):
        return gettext("It is {state}. Only what awaits allocation or is not started can be divided.").format(
            state=state
        )
    if action.updates.exists() or action.evidence.exists():
        return gettext("It has updates or evidence of its own, which would belong to no district.")
    for words, rows in (
        (gettext("a date change that waits for a decision"), DateChange.objects.open()),
        (gettext("a partner's answer that it waits for"), Dependency.objects.open()),
        ("milestones", Milestone.objects.filter(reached_on=None, dropped_on=None)),
    ):
        if rows.filter(action=action).exists():
            return gettext("It has {words}. Settle that first: each part will have its own.").format(
                words=words
            )
    return ""


# What the manager may edit. Owner, dates, state and publication each have a service of their own.
DESCRIPTIVE = frozenset(names(ACTION, "edited"))


def create_action(
    *,
    actor: Actor,
    plan: Plan,
    ref: str,
    at: datetime,
    draft: bool = False,
    supporting: Iterable[Organisation] = (),
    **fields: Any,
) -> Action:
    """Add an action to a plan. It waits for allocation, or stays a draft, which is nobody's task.

    Args:
        fields: any of the descriptive fields, and `parent`.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field; also for a closed plan, a reference used before, and a parent that districts
            cannot come to deliver.
    """
    forbid(why_not_change_plan(rights_of(actor, london_date(at)), plan))
    unknown = fields.keys() - DESCRIPTIVE - {"parent"}
    if unknown:
        raise TypeError(f"create_action cannot set {', '.join(sorted(unknown))}")
    action = Action(
        partnership_id=plan.partnership_id,
        plan=plan,
        ref=ref,
        state=State.DRAFT if draft else State.AWAITING_ALLOCATION,
        **fields,
    )
    with writing(plan.partnership.ledger_id) as ledger:
        require_not_closed(plan)
        if action.parent is not None:
            action.parent = Action.objects.select_related("plan").get(pk=action.parent.pk)
        action.full_clean()
        if action.parent is not None and (reason := why_not_parent(action=action.parent)):
            raise ValidationError({"parent": reason})
        write_new(actor=actor, action=action, supporting=supporting, ledger=ledger, at=at)
        if action.parent_id is not None:
            derive_parent(actor=actor, parent_id=action.parent_id, ledger=ledger, at=at)
    return action


def edit_action(
    *,
    actor: Actor,
    action: Action,
    at: datetime,
    version: int | None = None,
    supporting: Iterable[Organisation] | None = None,
    note: str = "",
    **fields: Any,
) -> Action:
    """Change what an action says and its markings; never its owner, dates, state or publication decision.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field, also where the owner or the alternate could no longer see the action; code
            `conflict` when it changed meanwhile.
    """
    unknown = fields.keys() - DESCRIPTIVE
    if unknown:
        raise TypeError(f"edit_action cannot set {', '.join(sorted(unknown))}")
    with changing(
        actor=actor, action=action, at=at, verb="action.edited", version=version, note=note, as_whole=True
    ) as change:
        change.forbid(policies.why_not_manage(change.rights, action.partnership_id))
        owner_access = OwnerAccess(change.action, change.on)
        for name, value in fields.items():
            setattr(change.action, name, value)
        _require_fit_area(change.action)
        supporting = None if supporting is None else list(supporting)
        require_partners_unchanged(change.action, lead=change.action.lead, supporting=supporting)
        if supporting is not None:
            _set_supporting(change.action, supporting)
        owner_access.require_access(change.action)
    return change.action


def release_action(*, actor: Actor, action: Action, at: datetime, version: int | None = None) -> Action:
    """Turn a draft into an action that awaits allocation.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: when it is no draft.
    """
    with changing(actor=actor, action=action, at=at, verb="action.released", version=version) as change:
        change.forbid(policies.why_not_manage(change.rights, action.partnership_id))
        change.require_state(State.DRAFT, to="released")
        change.move_to(State.AWAITING_ALLOCATION)
    return change.action


def allocate_action(
    *,
    actor: Actor,
    action: Action,
    lead: Organisation,
    owner: User,
    at: datetime,
    due: date | None = None,
    alternate: User | None = None,
    starts_on: date | None = None,
    version: int | None = None,
    note: str = "",
) -> Action:
    """Say who leads an action, who owns it and by when it is due; later, who owns it instead.

    The first due date becomes the original due date and never changes. Once allocated, the due date is left as it
    is: moving it is a decision of its own.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field: an owner without a part in the partnership or who could not see the
            action, a missing due date, one before the plan begins; or when the action is closed.
    """
    with changing(
        actor=actor, action=action, at=at, verb="action.allocated", version=version, note=note
    ) as change:
        change.forbid(policies.why_not_manage(change.rights, action.partnership_id))
        change.require_state(State.AWAITING_ALLOCATION, *REPORTABLE, State.AWAITING_ASSURANCE, to="allocated")
        row = change.action
        require_partners_unchanged(row, lead=lead)
        row.lead, row.owner, row.alternate = lead, owner, alternate
        # The lead organisation is not also a supporting one.
        row.supporting.remove(lead)
        if starts_on is not None:
            row.starts_on = starts_on
        if row.state == State.AWAITING_ALLOCATION:
            begin(change, due)
        elif due is not None and due != row.due:
            raise ValidationError(
                {"due": gettext("This action already has a due date. Request a new due date instead.")}
            )
        require_fit_to_own(row, change.on)
    return change.action


def write_new(
    *, actor: Actor, action: Action, supporting: Iterable[Organisation], ledger: Ledger, at: datetime
) -> None:
    """Write and record a new action that was found valid."""
    action.save(force_insert=True)
    _set_supporting(action, supporting)
    append(actor=actor, ledger=ledger, at=at, verb="action.created", target=action)


def begin(change: Change, due: date | None) -> None:
    """Set an action's first due date, and let its work be reported on.

    It becomes the original one, unless the plan that was imported had another one before it.
    """
    row = change.action
    row.due = _first_due(row, due)
    row.original_due = row.original_due or row.due
    row.allocated_on = change.on
    change.move_to(State.NOT_STARTED)


def require_fit_to_own(action: Action, on: date) -> None:
    """Raise ValidationError unless owner and alternate have a part in the partnership and can see the action."""
    supporting_ids = set(action.supporting.values_list("pk", flat=True))
    for field, user in (("owner", action.owner), ("alternate", action.alternate)):
        if user is None:
            continue
        rights = rights_of(user, on)
        if action.partnership_id not in rights.partnerships(*CAN_OWN):
            raise ValidationError(
                {
                    field: gettext("{user} has no role in this partnership that can own an action.").format(
                        user=user
                    )
                }
            )
        if not policies.may_see(rights, action, supporting_ids):
            raise ValidationError(
                {
                    field: gettext(
                        "{user} could not view this action: their organisation has no part in it."
                    ).format(user=user)
                }
            )


def _require_fit_area(action: Action) -> None:
    """Raise ValidationError for a whole with a district of its own, and for two parts in one district."""
    if action.by_districts and action.area is not None:
        raise ValidationError({"area": gettext("A joint action has no district of its own.")})
    if action.parent_id is None or action.area is None:
        return
    siblings = Action.objects.filter(parent=action.parent_id, area=action.area).exclude(pk=action.pk)
    if siblings.exists():
        raise ValidationError(
            {
                "area": gettext("{area} already has a district action of that joint action.").format(
                    area=action.area
                )
            }
        )


def _first_due(action: Action, due: date | None) -> date:
    due = due or action.due
    if due is None:
        raise ValidationError({"due": gettext("Enter the due date.")})
    if due < action.plan.starts_on:
        raise ValidationError(
            {
                "due": gettext("The plan begins on {starts_on}.").format(
                    starts_on=day_text(action.plan.starts_on)
                )
            }
        )
    return due


def _set_supporting(action: Action, supporting: Iterable[Organisation]) -> None:
    organisations = list(supporting)
    if any(organisation.partnership_id != action.partnership_id for organisation in organisations):
        raise ValidationError({"supporting": gettext("Choose organisations of this partnership.")})
    if any(organisation.pk == action.lead_id for organisation in organisations):
        raise ValidationError(
            {"supporting": gettext("Remove the lead organisation from the supporting organisations.")}
        )
    action.supporting.set(organisations)


def require_not_closed(plan: Plan) -> None:
    """Raise ValidationError where the plan takes no more actions."""
    if Plan.objects.select_for_update().get(pk=plan.pk).state == Plan.State.CLOSED:
        raise ValidationError(gettext("This plan is closed."), code="state")
