"""What the reader may do to an action now: a button is shown exactly where the service would agree."""

from collections.abc import Collection

from django.utils.translation import gettext

from actions.assurance import policies as assurance_policies
from actions.core import policies as core_policies
from actions.core.abilities import Ability
from actions.core.models import Action
from actions.core.states import OPEN, REPORTABLE, UNALLOCATED, State
from actions.progress import policies as progress_policies
from partners.policies import Rights


def abilities(
    rights: Rights,
    action: Action,
    *,
    supporting_ids: Collection[int],
    author_ids: Collection[int],
    lacking: bool = False,
    asked: bool = False,
) -> list[Ability]:
    """Return what the user may do to the action in its state, the most wanted first.

    Args:
        asked: an update was requested and has not come.
        lacking: the plan asks for evidence before assurance, and there is none that counts.
    """
    if action.by_districts:
        # Its district actions are reported on, assured and allocated one by one.
        return _describing(rights, action)
    return [
        *_reporting(rights, action, supporting_ids, bool(author_ids) and not lacking),
        *_assuring(rights, action, author_ids),
        *_managing(rights, action, asked=asked),
        *_describing(rights, action),
    ]


def _reporting(
    rights: Rights, action: Action, supporting_ids: Collection[int], may_be_submitted: bool
) -> list[Ability]:
    buttons = []
    if not progress_policies.why_not_report(rights, action, supporting_ids):
        if action.state in REPORTABLE:
            buttons.append(Ability(gettext("Report progress"), "actions:progress-create"))
        if action.state == State.IN_PROGRESS and may_be_submitted and core_policies.leads(rights, action):
            buttons.append(Ability(gettext("Submit for assurance"), "actions:action-submit"))
        if action.state in (*REPORTABLE, State.AWAITING_ASSURANCE):
            buttons.append(Ability(gettext("Add evidence"), "actions:evidence-add"))
    return buttons


def _assuring(rights: Rights, action: Action, author_ids: Collection[int]) -> list[Ability]:
    if assurance_policies.why_not_assure(rights, action, author_ids):
        return []
    if action.state == State.AWAITING_ASSURANCE:
        return [Ability(gettext("Give assurance or return"), "actions:assurance-give")]
    return [Ability(gettext("Reopen"), "actions:action-reopen")] if action.state == State.COMPLETE else []


def _managing(rights: Rights, action: Action, *, asked: bool) -> list[Ability]:
    if core_policies.why_not_manage(rights, action.partnership_id):
        return []
    buttons = []
    if action.state == State.DRAFT:
        buttons.append(Ability(gettext("Release for allocation"), "actions:action-release", posts=True))
    if action.state in OPEN:
        text = gettext("Allocate") if action.state in UNALLOCATED else gettext("Change the owner")
        buttons.append(Ability(text, "actions:action-allocate"))
    if action.state in REPORTABLE and action.plan.state == "live":
        buttons.append(
            Ability(gettext("Remind the owner"), "desk:remind-owner")
            if asked
            else Ability(gettext("Ask for an update"), "actions:update-request")
        )
    return buttons


def _describing(rights: Rights, action: Action) -> list[Ability]:
    if core_policies.why_not_manage(rights, action.partnership_id):
        return []
    return [Ability(gettext("Change the details"), "actions:action-edit")]
