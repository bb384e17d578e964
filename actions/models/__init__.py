"""What is being done: plans, their pillars and actions, and what is reported, shown and judged of them."""

from actions.models.actions import Action
from actions.models.assurance import Assurance
from actions.models.evidence import Evidence
from actions.models.plans import Pillar, Plan
from actions.models.progress import ProgressUpdate

__all__ = ["Action", "Assurance", "Evidence", "Pillar", "Plan", "ProgressUpdate"]
