"""Buttons on the page of a recommendation: shown exactly where the service would allow the step."""

from django.utils.translation import gettext

from actions.core.abilities import Ability
from inspections.core import policies
from inspections.core.states import CLOSED, State
from inspections.findings.models.recommendations import Recommendation
from inspections.findings.services.links import LINKABLE, actions_of
from inspections.findings.services.own_statuses import proposer_of
from inspections.findings.steps import possible_steps
from partners.policies import Rights, Role


def abilities(rights: Rights, row: Recommendation) -> list[Ability]:
    """Return the steps the user may take in this state, the most important first."""
    partnership_id = row.inspection.partnership_id
    buttons = []
    if rights.has(Role.AUDITOR, partnership_id) and not _judging_problem(rights, row):
        if row.state == State.PROPOSED:
            buttons.append(Ability(gettext("Decide on closure"), "inspections:recommendation-judge"))
        if row.state in CLOSED:
            buttons.append(Ability(gettext("Reopen"), "inspections:recommendation-judge"))
    manages = not policies.why_not_manage(rights, partnership_id)
    if manages and possible_steps(row):
        text = (
            gettext("Accept or reject") if row.state == State.REGISTERED else gettext("Change force status")
        )
        buttons.append(Ability(text, "inspections:recommendation-state"))
    if manages and row.state in LINKABLE:
        buttons.append(Ability(gettext("Link an action"), "inspections:link-add"))
    if not policies.why_not_record_register(rights, row):
        buttons.append(Ability(gettext("Record register status"), "inspections:recommendation-register"))
    return (
        [*buttons, Ability(gettext("Change the details"), "inspections:recommendation-edit")]
        if manages
        else buttons
    )


def why_not_judge(rights: Rights, row: Recommendation) -> str:
    """Return the reason an auditor may not decide on a proposed closure, or an empty string."""
    waits = row.state == State.PROPOSED and rights.has(Role.AUDITOR, row.inspection.partnership_id)
    return _judging_problem(rights, row) if waits else ""


def _judging_problem(rights: Rights, row: Recommendation) -> str:
    actions = actions_of(recommendation=row)
    return policies.why_not_judge(rights, row, actions, proposer_of(recommendation=row))
