"""What organisations say of a plan for each period: opened, filled in, submitted, and given back with a question."""

from actions.services.returns.contents import (
    SECTIONS,
    Line,
    begins_with,
    lines_of,
    marking_of,
    no_change_since,
    why_closed,
    why_not_unchanged,
)
from actions.services.returns.drafting import CommentaryDraft, RowDraft, Saved, save_return
from actions.services.returns.evidence import add_return_evidence, return_evidence
from actions.services.returns.opening import Kept, close_returns, keep_returns, open_returns
from actions.services.returns.submitting import question_return, submit_return

__all__ = [
    "SECTIONS",
    "CommentaryDraft",
    "Kept",
    "Line",
    "RowDraft",
    "Saved",
    "add_return_evidence",
    "begins_with",
    "close_returns",
    "keep_returns",
    "lines_of",
    "marking_of",
    "no_change_since",
    "open_returns",
    "question_return",
    "return_evidence",
    "save_return",
    "submit_return",
    "why_closed",
    "why_not_unchanged",
]
