"""What can be done to plans and actions. Every function checks, changes and records in one transaction."""

from actions.services.actions import (
    allocate_action,
    create_action,
    edit_action,
    release_action,
    supersede_action,
    withdraw_action,
)
from actions.services.assurance import assure_action, reopen_action, return_action, submit_action
from actions.services.evidence import add_evidence, report_progress_with_evidence
from actions.services.plans import change_plan, create_plan, save_pillar
from actions.services.progress import report_progress

__all__ = [
    "add_evidence",
    "allocate_action",
    "assure_action",
    "change_plan",
    "create_action",
    "create_plan",
    "edit_action",
    "release_action",
    "reopen_action",
    "report_progress",
    "report_progress_with_evidence",
    "return_action",
    "save_pillar",
    "submit_action",
    "supersede_action",
    "withdraw_action",
]
