"""Models of the programme around the plan, for Django to find."""

from programme.channel.models import ChannelPanel, PanelMonth
from programme.frameworks.models import (
    ActionMapping,
    Framework,
    FrameworkItem,
    Grade,
    Measure,
    Reading,
    Term,
)
from programme.funding.models import (
    FundingDecision,
    FundingRound,
    Grant,
    GrantFund,
    GrantLimit,
    StatedTotal,
)
from programme.mou.models import Memorandum
from programme.profiles.models import LocalProfile, PlanAlignment, ProfileBriefing
from programme.training.models import (
    Attendance,
    ChampionsCount,
    Completion,
    TrainingEvent,
    TrainingProgramme,
)

__all__ = [
    "ActionMapping",
    "Attendance",
    "ChampionsCount",
    "ChannelPanel",
    "Completion",
    "Framework",
    "FrameworkItem",
    "FundingDecision",
    "FundingRound",
    "Grade",
    "Grant",
    "GrantFund",
    "GrantLimit",
    "LocalProfile",
    "Measure",
    "Memorandum",
    "PanelMonth",
    "PlanAlignment",
    "ProfileBriefing",
    "Reading",
    "StatedTotal",
    "Term",
    "TrainingEvent",
    "TrainingProgramme",
]
