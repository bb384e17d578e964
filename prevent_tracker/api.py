"""URLs of version 1 of the API."""

from django.urls import path

from actions.actions.api.actions import ActionDetail, ActionList
from actions.assurance.api.assurances import AssuranceDetail, AssuranceList
from actions.assurance.api.submission import ActionSubmission
from actions.board_ratings.api import BoardRatingDetail, BoardRatingList
from actions.bulk.api import UpdatesOfMany
from actions.business.api import ArisingBecomesAction, MinuteDecisions
from actions.closing.api import (
    ActionClosureProposalList,
    ClosureProposalDecide,
    ClosureProposalDetail,
    ClosureProposalList,
    ClosureProposalRetract,
)
from actions.dates.api import (
    ActionDateRequestList,
    DateRequestDecide,
    DateRequestDetail,
    DateRequestList,
    DateRequestWithdraw,
)
from actions.evidence.api import EvidenceDetail, EvidenceFileDetail, EvidenceList
from actions.milestones.api import MilestoneDetail, MilestoneDrop, MilestoneList, MilestoneReach
from actions.plans.api.pillars import PillarDetail, PillarList
from actions.plans.api.plans import PlanDetail, PlanList
from actions.progress.api import UpdateDetail, UpdateList
from actions.questions.api import QuestionAnswer, QuestionDetail, QuestionList
from actions.waits.api import (
    ActionDependencyList,
    DependencyAnswer,
    DependencyDetail,
    DependencyEnd,
    DependencyList,
)
from desk.escalations.api import EscalationAcknowledge, EscalationDetail, EscalationList
from desk.my_work.api import DecisionList, MyWork
from desk.search.api import Search
from exchange.changes.api import ChangeList
from exchange.webhooks.api.messages import MessageList, MessageReplay, MessageSkip
from exchange.webhooks.api.webhooks import (
    WebhookAddress,
    WebhookDetail,
    WebhookList,
    WebhookRemoval,
    WebhookReplay,
    WebhookSecrets,
)
from inspections.findings.api.links import LinkList, LinkRemoval
from inspections.findings.api.recommendations import RecommendationDetail, RecommendationList
from inspections.findings.api.statuses import OwnStatuses, RegisterStatuses
from inspections.letters.api import LetterDetail, LetterDocx, LetterList, LetterPdf
from inspections.page.api import InspectionDetail, InspectionList
from meetings.arisings.api import ArisingClose, ArisingDetail, ArisingList, ArisingReport
from meetings.page.api.reading import BoardDetail, BoardList
from meetings.page.api.writing import (
    AgendaItemDetail,
    AgendaItemRemove,
    MeetingAgenda,
    MeetingAttendance,
    MeetingCancel,
    MeetingConfirm,
    MeetingHold,
    Meetings,
    MinuteArisings,
    Minutes,
    OneMeeting,
    OneMinute,
)
from partners.clients.api import openapi  # noqa: F401 (registers the security schemes)
from partners.organisations.api import OrganisationDetail, OrganisationList
from programme.overview.api import urlpatterns as programme_urls
from reports.compare.api import CompareDays
from reports.papers.api import PaperContent, PaperDetail, PaperFigures, PaperList
from returns.api.drafting import ReturnDetail
from returns.api.reading import ReturnList
from returns.api.submitting import ReturnQuestion, ReturnSubmission
from web import manual, suffixes

app_name = "api"
urlpatterns = [
    path("", manual.index, name="index"),
    path("schema/", manual.schema, name="schema"),
    path("docs/", manual.docs, name="docs"),
    path("<path:address>.csv", suffixes.as_csv, name="as-csv"),
    path("plans/", PlanList.as_view(), name="plan-list"),
    path("plans/<int:pk>/", PlanDetail.as_view(), name="plan"),
    path("pillars/", PillarList.as_view(), name="pillar-list"),
    path("pillars/<int:pk>/", PillarDetail.as_view(), name="pillar"),
    path("organisations/", OrganisationList.as_view(), name="organisation-list"),
    path("organisations/<int:pk>/", OrganisationDetail.as_view(), name="organisation"),
    path("actions/", ActionList.as_view(), name="action-list"),
    path("actions/<int:pk>/", ActionDetail.as_view(), name="action"),
    path("actions/<int:pk>/updates/", UpdateList.as_view(), name="update-list"),
    path("actions/<int:pk>/updates/<int:update_id>/", UpdateDetail.as_view(), name="update"),
    path("updates/", UpdatesOfMany.as_view(), name="many-updates"),
    path("date-requests/", DateRequestList.as_view(), name="date-request-list"),
    path("date-requests/<int:pk>/", DateRequestDetail.as_view(), name="date-request"),
    path("date-requests/<int:pk>/withdraw/", DateRequestWithdraw.as_view(), name="date-request-withdraw"),
    path("date-requests/<int:pk>/decide/", DateRequestDecide.as_view(), name="date-request-decide"),
    path("actions/<int:pk>/date-requests/", ActionDateRequestList.as_view(), name="action-date-request-list"),
    path("closure-proposals/", ClosureProposalList.as_view(), name="closure-proposal-list"),
    path("closure-proposals/<int:pk>/", ClosureProposalDetail.as_view(), name="closure-proposal"),
    path(
        "closure-proposals/<int:pk>/decide/", ClosureProposalDecide.as_view(), name="closure-proposal-decide"
    ),
    path(
        "closure-proposals/<int:pk>/withdraw/",
        ClosureProposalRetract.as_view(),
        name="closure-proposal-withdraw",
    ),
    path("actions/<int:pk>/board-ratings/", BoardRatingList.as_view(), name="board-rating-list"),
    path("board-ratings/<int:pk>/", BoardRatingDetail.as_view(), name="board-rating"),
    path(
        "actions/<int:pk>/closure-proposals/",
        ActionClosureProposalList.as_view(),
        name="action-closure-proposal-list",
    ),
    path("dependencies/", DependencyList.as_view(), name="dependency-list"),
    path("dependencies/<int:pk>/", DependencyDetail.as_view(), name="dependency"),
    path("dependencies/<int:pk>/answer/", DependencyAnswer.as_view(), name="dependency-answer"),
    path("dependencies/<int:pk>/end/", DependencyEnd.as_view(), name="dependency-end"),
    path("actions/<int:pk>/dependencies/", ActionDependencyList.as_view(), name="action-dependency-list"),
    path("actions/<int:pk>/questions/", QuestionList.as_view(), name="question-list"),
    path("questions/<int:pk>/", QuestionDetail.as_view(), name="question"),
    path("questions/<int:pk>/answer/", QuestionAnswer.as_view(), name="question-answer"),
    path("actions/<int:pk>/milestones/", MilestoneList.as_view(), name="milestone-list"),
    path("milestones/<int:pk>/", MilestoneDetail.as_view(), name="milestone"),
    path("milestones/<int:pk>/reach/", MilestoneReach.as_view(), name="milestone-reach"),
    path("milestones/<int:pk>/drop/", MilestoneDrop.as_view(), name="milestone-drop"),
    path("actions/<int:pk>/submit/", ActionSubmission.as_view(), name="action-submission"),
    path("actions/<int:pk>/assurances/", AssuranceList.as_view(), name="assurance-list"),
    path("assurances/<int:pk>/", AssuranceDetail.as_view(), name="assurance"),
    path("actions/<int:pk>/evidence/", EvidenceList.as_view(), name="evidence-list"),
    path("evidence/<int:pk>/", EvidenceDetail.as_view(), name="evidence"),
    path("evidence/<int:pk>/file/", EvidenceFileDetail.as_view(), name="evidence-file"),
    path("returns/", ReturnList.as_view(), name="return-list"),
    path("returns/<int:pk>/", ReturnDetail.as_view(), name="return"),
    path("returns/<int:pk>/submit/", ReturnSubmission.as_view(), name="return-submit"),
    path("returns/<int:pk>/question/", ReturnQuestion.as_view(), name="return-question"),
    path("my-work/", MyWork.as_view(), name="my-work"),
    path("decisions/", DecisionList.as_view(), name="decision-list"),
    path("escalations/", EscalationList.as_view(), name="escalation-list"),
    path("escalations/<int:pk>/", EscalationDetail.as_view(), name="escalation"),
    path("escalations/<int:pk>/acknowledge/", EscalationAcknowledge.as_view(), name="escalation-acknowledge"),
    path("search/", Search.as_view(), name="search"),
    path("inspections/", InspectionList.as_view(), name="inspection-list"),
    path("inspections/<int:pk>/", InspectionDetail.as_view(), name="inspection"),
    path("inspections/<int:pk>/letters/", LetterList.as_view(), name="letter-list"),
    path("letters/<int:pk>/", LetterDetail.as_view(), name="letter"),
    path("letters/<int:pk>/pdf/", LetterPdf.as_view(), name="letter-pdf"),
    path("letters/<int:pk>/docx/", LetterDocx.as_view(), name="letter-docx"),
    path("recommendations/", RecommendationList.as_view(), name="recommendation-list"),
    path("recommendations/<int:pk>/", RecommendationDetail.as_view(), name="recommendation"),
    path("recommendations/<int:pk>/own-statuses/", OwnStatuses.as_view(), name="own-status-list"),
    path(
        "recommendations/<int:pk>/register-statuses/", RegisterStatuses.as_view(), name="register-status-list"
    ),
    path("recommendations/<int:pk>/actions/", LinkList.as_view(), name="link-list"),
    path("recommendations/<int:pk>/actions/<int:link_id>/remove/", LinkRemoval.as_view(), name="link-remove"),
    path("boards/", BoardList.as_view(), name="board-list"),
    path("boards/<int:pk>/", BoardDetail.as_view(), name="board"),
    path("meetings/", Meetings.as_view(), name="meeting-list"),
    path("meetings/<int:pk>/", OneMeeting.as_view(), name="meeting"),
    path("meetings/<int:pk>/hold/", MeetingHold.as_view(), name="meeting-hold"),
    path("meetings/<int:pk>/cancel/", MeetingCancel.as_view(), name="meeting-cancel"),
    path("meetings/<int:pk>/agenda/", MeetingAgenda.as_view(), name="meeting-agenda"),
    path("meetings/<int:pk>/attendance/", MeetingAttendance.as_view(), name="meeting-attendance"),
    path("meetings/<int:pk>/confirm/", MeetingConfirm.as_view(), name="meeting-confirm"),
    path("meetings/<int:pk>/minutes/", Minutes.as_view(), name="minute-list"),
    path("agenda-items/<int:pk>/", AgendaItemDetail.as_view(), name="agenda-item"),
    path("agenda-items/<int:pk>/remove/", AgendaItemRemove.as_view(), name="agenda-item-remove"),
    path("minutes/<int:pk>/", OneMinute.as_view(), name="minute"),
    path("minutes/<int:pk>/decisions/", MinuteDecisions.as_view(), name="minute-decisions"),
    path("minutes/<int:pk>/arisings/", MinuteArisings.as_view(), name="minute-arisings"),
    path("papers/", PaperList.as_view(), name="paper-list"),
    path("papers/<int:pk>/", PaperDetail.as_view(), name="paper"),
    path("papers/<int:pk>/figures/", PaperFigures.as_view(), name="paper-figures"),
    path("papers/<int:pk>/content/", PaperContent.as_view(), name="paper-content"),
    path("arisings/", ArisingList.as_view(), name="arising-list"),
    path("arisings/<int:pk>/", ArisingDetail.as_view(), name="arising"),
    path("arisings/<int:pk>/report/", ArisingReport.as_view(), name="arising-report"),
    path("arisings/<int:pk>/close/", ArisingClose.as_view(), name="arising-close"),
    path("arisings/<int:pk>/action/", ArisingBecomesAction.as_view(), name="arising-action"),
    *programme_urls,
    path("comparison/", CompareDays.as_view(), name="comparison"),
    path("changes/", ChangeList.as_view(), name="change-list"),
    path("webhooks/", WebhookList.as_view(), name="webhook-list"),
    path("webhooks/<int:pk>/", WebhookDetail.as_view(), name="webhook"),
    path("webhooks/<int:pk>/address/", WebhookAddress.as_view(), name="webhook-address"),
    path("webhooks/<int:pk>/remove/", WebhookRemoval.as_view(), name="webhook-remove"),
    path("webhooks/<int:pk>/secrets/", WebhookSecrets.as_view(), name="webhook-secret-list"),
    path("webhooks/<int:pk>/replay/", WebhookReplay.as_view(), name="webhook-replay"),
    path("webhooks/<int:pk>/messages/", MessageList.as_view(), name="webhook-message-list"),
    path(
        "webhooks/<int:pk>/messages/<int:message_id>/replay/",
        MessageReplay.as_view(),
        name="webhook-message-replay",
    ),
    path(
        "webhooks/<int:pk>/messages/<int:message_id>/skip/",
        MessageSkip.as_view(),
        name="webhook-message-skip",
    ),
]
