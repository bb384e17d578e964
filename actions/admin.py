"""Read-only admin pages of plans and actions, for users whose memberships let them view the rows."""

from django.contrib import admin

from actions.assurance.models import Assurance
from actions.board_ratings.models import BoardRating
from actions.closing.models import ClosureProposal
from actions.core.models import Action
from actions.dates.models import DateChange
from actions.evidence.models import Evidence
from actions.milestones.models import Milestone
from actions.plans.models import Plan
from actions.progress.models import ProgressUpdate
from actions.questions.models import Question
from actions.waits.models import Dependency
from partners.admin_site.admin import BusinessAdmin


@admin.register(Plan)
class PlanAdmin(BusinessAdmin):
    list_display = ["title", "partnership", "state", "starts_on", "ends_on"]
    list_filter = ["state"]
    search_fields = ["title"]


@admin.register(Action)
class ActionAdmin(BusinessAdmin):
    list_display = ["ref", "title", "state", "rag", "due", "lead"]
    list_filter = ["state", "rag"]
    list_select_related = ["lead"]
    search_fields = ["ref", "title"]


@admin.register(ProgressUpdate)
class ProgressUpdateAdmin(BusinessAdmin):
    list_display = ["action", "period", "rag", "percent", "author", "submitted_at"]
    list_select_related = ["action", "author"]


@admin.register(Evidence)
class EvidenceAdmin(BusinessAdmin):
    list_display = ["title", "number", "action", "kind", "size", "expires_on", "added_by", "added_at"]
    list_select_related = ["action", "added_by"]
    # The file itself is served by the action's page, which checks it again.
    exclude = ["file"]


@admin.register(Assurance)
class AssuranceAdmin(BusinessAdmin):
    list_display = ["action", "opinion", "assessed_by", "assessed_at", "retest_on"]
    list_select_related = ["action", "assessed_by"]


@admin.register(BoardRating)
class BoardRatingAdmin(BusinessAdmin):
    list_display = ["action", "rag", "reference", "recorded_by", "recorded_at"]
    list_filter = ["rag"]
    list_select_related = ["action", "recorded_by"]


@admin.register(ClosureProposal)
class ClosureProposalAdmin(BusinessAdmin):
    list_display = ["action", "kind", "state", "requested_by", "requested_at", "decided_by", "reference"]
    list_filter = ["kind", "state"]
    list_select_related = ["action", "requested_by", "decided_by"]


@admin.register(DateChange)
class DateChangeAdmin(BusinessAdmin):
    list_display = [
        "action",
        "old_due",
        "new_due",
        "level",
        "state",
        "requested_by",
        "decided_by",
        "reference",
    ]
    list_filter = ["level", "state"]
    list_select_related = ["action", "requested_by", "decided_by"]


@admin.register(Milestone)
class MilestoneAdmin(BusinessAdmin):
    list_display = ["action", "title", "original_due", "due", "reached_on", "dropped_on"]
    list_select_related = ["action"]


@admin.register(Question)
class QuestionAdmin(BusinessAdmin):
    list_display = [
        "action",
        "addressee",
        "organisation",
        "asked_by",
        "asked_at",
        "answered_by",
        "answered_at",
    ]
    list_filter = ["addressee"]
    list_select_related = ["action", "organisation", "asked_by", "answered_by"]


@admin.register(Dependency)
class DependencyAdmin(BusinessAdmin):
    list_display = ["action", "organisation", "state", "since", "needed_by", "answered_by", "ended_on"]
    list_filter = ["state"]
    list_select_related = ["action", "organisation", "answered_by"]
