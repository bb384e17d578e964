"""What can be done to inspections and findings. Every function checks, changes and records in one transaction."""

from inspections.services.inspections import save_inspection
from inspections.services.letters import (
    approve_letter,
    correct_letter,
    draft_letter,
    edit_letter,
    publish_letter,
    record_despatch,
)
from inspections.services.links import link_action, unlink_action
from inspections.services.recommendations import save_recommendation
from inspections.services.register import record_register_status
from inspections.services.responses import write_response
from inspections.services.section55 import (
    answer_through,
    invite_comments,
    mark_not_subject,
    owe_response,
    record_comments,
)
from inspections.services.states import (
    answer_recommendation,
    judge_recommendation,
    propose_recommendation,
    reopen_recommendation,
    start_recommendation,
)

__all__ = [
    "answer_recommendation",
    "answer_through",
    "approve_letter",
    "correct_letter",
    "draft_letter",
    "edit_letter",
    "invite_comments",
    "judge_recommendation",
    "link_action",
    "mark_not_subject",
    "owe_response",
    "propose_recommendation",
    "publish_letter",
    "record_comments",
    "record_despatch",
    "record_register_status",
    "reopen_recommendation",
    "save_inspection",
    "save_recommendation",
    "start_recommendation",
    "unlink_action",
    "write_response",
]
