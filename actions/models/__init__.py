"""What is being done: plans, their pillars and actions, and what is reported, shown, asked and judged of them."""

from actions.models.actions import Action
from actions.models.asking import UpdateRequest
from actions.models.assurance import Assurance
from actions.models.closing import ClosureProposal
from actions.models.dependencies import Dependency
from actions.models.evidence import Evidence
from actions.models.plans import Pillar, Plan
from actions.models.progress import ProgressUpdate
from actions.models.returns import Return, ReturnCommentary, ReturnRow
from actions.models.saved_views import SavedView, Watch
from actions.models.schedule import DateChange, Milestone

__all__ = [
    "Action",
    "Assurance",
    "ClosureProposal",
    "DateChange",
    "Dependency",
    "Evidence",
    "Milestone",
    "Pillar",
    "Plan",
    "ProgressUpdate",
    "Return",
    "ReturnCommentary",
    "ReturnRow",
    "SavedView",
    "UpdateRequest",
    "Watch",
]
