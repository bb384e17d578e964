"""What the reader may do to a recommendation now: a button is shown exactly where the service would agree."""

from actions.core.abilities import Ability
from inspections.core import policies
from inspections.core.states import CLOSED, State
from inspections.findings.models.recommendations import Recommendation
from inspections.findings.services.links import LINKABLE, actions_of
from inspections.findings.services.own_statuses import proposer_of
from inspections.findings.steps import possible_steps
from partners.policies import Rights, Role


def abilities(rights: Rights, row: Recommendation) -> list[Ability]:
    """Return what the user may do to the recommendation in its state, the most wanted first."""
    partnership_id = row.inspection.partnership_id
    found = []
    if rights.has(Role.AUDITOR, partnership_id) and not _judging_problem(rights, row):
        if row.state == State.PROPOSED:
            found.append(Ability("Decide on closure", "inspections:recommendation-judge"))
        if row.state in CLOSED:
            found.append(Ability("Reopen", "inspections:recommendation-judge"))
    keeps = policies.may_keep(rights, partnership_id)
    if keeps and possible_steps(row):
        text = "Accept or reject" if row.state == State.REGISTERED else "Change force status"
        found.append(Ability(text, "inspections:recommendation-state"))
    if keeps and row.state in LINKABLE:
        found.append(Ability("Link an action", "inspections:link-add"))
    if policies.may_record_register(rights, partnership_id):
        found.append(Ability("Record register status", "inspections:recommendation-register"))
    return [*found, Ability("Change the details", "inspections:recommendation-edit")] if keeps else found


def why_not_judge(rights: Rights, row: Recommendation) -> str:
    """Tell an auditor why a recommendation that waits for a judgement is not theirs to judge."""
    waits = row.state == State.PROPOSED and rights.has(Role.AUDITOR, row.inspection.partnership_id)
    return _judging_problem(rights, row) if waits else ""


def _judging_problem(rights: Rights, row: Recommendation) -> str:
    actions = actions_of(recommendation=row)
    return policies.why_not_judge(rights, row, actions, proposer_of(recommendation=row))
