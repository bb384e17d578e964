"""Plans, their pillars and actions, with their updates, evidence, requests and assurances."""

from actions.assurance.models import Assurance
from actions.board_ratings.models import BoardRating
from actions.closing.models import ClosureProposal
from actions.core.models import Action
from actions.dates.models import DateChange
from actions.evidence.models import Evidence
from actions.milestones.models import Milestone
from actions.plans.models import Pillar, Plan
from actions.progress.models import ProgressUpdate
from actions.questions.models import Question
from actions.saved_views.models import SavedView, Watch
from actions.update_requests.models import UpdateRequest
from actions.waits.models import Dependency

__all__ = [
    "Action",
    "Assurance",
    "BoardRating",
    "ClosureProposal",
    "DateChange",
    "Dependency",
    "Evidence",
    "Milestone",
    "Pillar",
    "Plan",
    "ProgressUpdate",
    "Question",
    "SavedView",
    "UpdateRequest",
    "Watch",
]
