"""Which rows are in the feed, their names there, and the rule that decides who sees each."""

from dataclasses import dataclass

from actions.models import (
    Action,
    Assurance,
    BoardRating,
    ClosureProposal,
    DateChange,
    Dependency,
    Evidence,
    Milestone,
    Pillar,
    Plan,
    ProgressUpdate,
    Question,
    UpdateRequest,
)
from audit.models import Tracked
from inspections.models import (
    ActionLink,
    Inspection,
    OwnStatus,
    PublishedResponse,
    Recommendation,
    RegisterStatus,
    Response,
)
from meetings.models import Arising, Decision, Meeting, Minute
from meetings.models import Attendance as MeetingAttendance
from partners.models import Area, Board, MouArea, Organisation, OrganisationAlias, Responsibility
from programme.models import (
    ActionMapping,
    Attendance,
    ChampionsCount,
    ChannelPanel,
    Completion,
    Framework,
    FrameworkItem,
    FundingDecision,
    FundingRound,
    Grade,
    Grant,
    GrantFund,
    GrantLimit,
    LocalProfile,
    Measure,
    Memorandum,
    PanelMonth,
    PlanAlignment,
    ProfileBriefing,
    Reading,
    StatedTotal,
    Term,
    TrainingEvent,
    TrainingProgramme,
)
from returns.models import Return, ReturnCommentary, ReturnFigure, ReturnRow

ACTIONS, RETURNS, FINDINGS = "actions:read", "returns:read", "recommendations:read"
PROGRAMME, MEETINGS = "programme:read", "meetings:read"
SCOPES = (ACTIONS, RETURNS, FINDINGS, PROGRAMME, MEETINGS)


@dataclass(frozen=True)
class Kind:
    """How rows of one model stand in the feed."""

    name: str
    scope: str
    of_action: bool = False
    """Seen by who saw the action that its state names at that entry."""
    through: tuple[type[Tracked], str] | None = None
    """Seen by who sees this row now; the field of the state that names it."""


# Records around the plan: seen by who sees them now.
RECORDS: dict[type[Tracked], str] = {
    FundingRound: "funding-round",
    FundingDecision: "funding-decision",
    GrantFund: "grant-fund",
    GrantLimit: "grant-limit",
    Grant: "grant",
    StatedTotal: "stated-total",
    LocalProfile: "local-profile",
    ProfileBriefing: "profile-briefing",
    PlanAlignment: "plan-alignment",
    ChannelPanel: "channel-panel",
    PanelMonth: "panel-month",
    Framework: "framework",
    FrameworkItem: "framework-item",
    Grade: "grade",
    Measure: "measure",
    Reading: "reading",
    ActionMapping: "action-mapping",
    Term: "term",
    Memorandum: "memorandum",
    TrainingProgramme: "training-programme",
    TrainingEvent: "training-event",
    Attendance: "attendance",
    Completion: "completion",
    ChampionsCount: "champions-count",
}
KINDS: dict[type[Tracked], Kind] = {
    Action: Kind("action", ACTIONS),
    ProgressUpdate: Kind("update", ACTIONS, of_action=True),
    Evidence: Kind("evidence", ACTIONS, of_action=True),
    Assurance: Kind("assurance", ACTIONS, of_action=True),
    BoardRating: Kind("board-rating", ACTIONS, of_action=True),
    ClosureProposal: Kind("closure-proposal", ACTIONS, of_action=True),
    DateChange: Kind("date-request", ACTIONS, of_action=True),
    Dependency: Kind("dependency", ACTIONS, of_action=True),
    Milestone: Kind("milestone", ACTIONS, of_action=True),
    Question: Kind("question", ACTIONS, of_action=True),
    UpdateRequest: Kind("update-request", ACTIONS, of_action=True),
    Plan: Kind("plan", ACTIONS, through=(Plan, "id")),
    Pillar: Kind("pillar", ACTIONS, through=(Plan, "plan")),
    Return: Kind("return", RETURNS, through=(Return, "id")),
    ReturnRow: Kind("return-row", RETURNS, of_action=True, through=(Return, "report")),
    ReturnCommentary: Kind("return-commentary", RETURNS, through=(Return, "report")),
    ReturnFigure: Kind("return-figure", RETURNS, through=(Return, "report")),
    Inspection: Kind("inspection", FINDINGS),
    Recommendation: Kind("recommendation", FINDINGS),
    OwnStatus: Kind("own-status", FINDINGS, through=(Recommendation, "recommendation")),
    RegisterStatus: Kind("register-status", FINDINGS, through=(Recommendation, "recommendation")),
    ActionLink: Kind("link", FINDINGS, of_action=True),
    Response: Kind("response", FINDINGS, through=(Response, "id")),
    PublishedResponse: Kind("letter", FINDINGS, through=(PublishedResponse, "id")),
    Meeting: Kind("meeting", MEETINGS, through=(Meeting, "id")),
    # An item of an agenda may be removed; each change of one is a change of its meeting too.
    MeetingAttendance: Kind("meeting-attendance", MEETINGS, through=(Meeting, "meeting")),
    Minute: Kind("minute", MEETINGS, through=(Minute, "id")),
    Decision: Kind("decision", MEETINGS, through=(Minute, "minute")),
    Arising: Kind("arising", MEETINGS, through=(Minute, "minute")),
    **{row: Kind(name, PROGRAMME, through=(row, "id")) for row, name in RECORDS.items()},
    # Open to everybody who sees a partnership's work, as its lists of them are.
    Organisation: Kind("organisation", ACTIONS),
    OrganisationAlias: Kind("organisation-alias", ACTIONS),
    Area: Kind("area", ACTIONS),
    Board: Kind("board", ACTIONS),
    MouArea: Kind("mou-area", ACTIONS),
    Responsibility: Kind("responsibility", ACTIONS),
}
BY_LABEL = {model._meta.label_lower: (model, kind) for model, kind in KINDS.items()}
# Decided by the row's own states before and after the entry.
BY_STATE = (Action, Inspection, Recommendation)
