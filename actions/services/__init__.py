"""What can be done to plans and actions. Every function checks, changes and records in one transaction."""

from actions.services.actions import (
    allocate_action,
    create_action,
    edit_action,
    release_action,
)
from actions.services.asking import ask_for_update
from actions.services.assurance import (
    assure_action,
    reopen_action,
    retest_action,
    return_action,
    submit_action,
)
from actions.services.closing import decide_closure, propose_closure, retract_closure
from actions.services.dependencies import answer_dependency, end_dependency, raise_dependency
from actions.services.disclosure import decide_publication
from actions.services.districts import deliver_by_districts
from actions.services.evidence import add_evidence, report_progress_with_evidence
from actions.services.milestones import add_milestone, change_milestone, drop_milestone, reach_milestone
from actions.services.plans import change_plan, create_plan, save_pillar
from actions.services.progress import report_progress
from actions.services.returns import (
    close_returns,
    keep_returns,
    open_returns,
    question_return,
    save_return,
    submit_return,
)
from actions.services.schedule import (
    decide_date_change,
    request_date_change,
    set_cause_of_concern,
    withdraw_date_change,
)
from actions.services.succession import hand_over

__all__ = [
    "add_evidence",
    "add_milestone",
    "allocate_action",
    "answer_dependency",
    "ask_for_update",
    "assure_action",
    "change_milestone",
    "change_plan",
    "close_returns",
    "create_action",
    "create_plan",
    "decide_closure",
    "decide_date_change",
    "decide_publication",
    "deliver_by_districts",
    "drop_milestone",
    "edit_action",
    "end_dependency",
    "hand_over",
    "keep_returns",
    "open_returns",
    "propose_closure",
    "question_return",
    "raise_dependency",
    "reach_milestone",
    "release_action",
    "reopen_action",
    "report_progress",
    "report_progress_with_evidence",
    "request_date_change",
    "retest_action",
    "retract_closure",
    "return_action",
    "save_pillar",
    "save_return",
    "set_cause_of_concern",
    "submit_action",
    "submit_return",
    "withdraw_date_change",
]
