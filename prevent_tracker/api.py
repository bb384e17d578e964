"""Every address of version 1 of the API."""

from django.urls import path

from actions.api.actions import ActionDetail, ActionList
from actions.api.bulk import UpdatesOfMany
from actions.api.evidence import EvidenceDetail, EvidenceFileDetail, EvidenceList
from actions.api.pillars import PillarDetail, PillarList
from actions.api.plans import PlanDetail, PlanList
from actions.api.progress import UpdateDetail, UpdateList
from actions.api.returns.drafting import ReturnDetail
from actions.api.returns.reading import ReturnList
from actions.api.returns.submitting import ReturnQuestion, ReturnSubmission
from desk.api.my_work import DecisionList, MyWork
from exchange.api.changes import ChangeList
from inspections.api.inspections import InspectionDetail, InspectionList
from inspections.api.links import LinkList
from inspections.api.recommendations import RecommendationDetail, RecommendationList
from partners.api import openapi  # noqa: F401 (registers how tokens are described)
from partners.api.organisations import OrganisationDetail, OrganisationList
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
    path("updates/", UpdatesOfMany.as_view(), name="update-many"),
    path("actions/<int:pk>/evidence/", EvidenceList.as_view(), name="evidence-list"),
    path("evidence/<int:pk>/", EvidenceDetail.as_view(), name="evidence"),
    path("evidence/<int:pk>/file/", EvidenceFileDetail.as_view(), name="evidence-file"),
    path("returns/", ReturnList.as_view(), name="return-list"),
    path("returns/<int:pk>/", ReturnDetail.as_view(), name="return"),
    path("returns/<int:pk>/submit/", ReturnSubmission.as_view(), name="return-submit"),
    path("returns/<int:pk>/question/", ReturnQuestion.as_view(), name="return-question"),
    path("my-work/", MyWork.as_view(), name="my-work"),
    path("decisions/", DecisionList.as_view(), name="decision-list"),
    path("inspections/", InspectionList.as_view(), name="inspection-list"),
    path("inspections/<int:pk>/", InspectionDetail.as_view(), name="inspection"),
    path("recommendations/", RecommendationList.as_view(), name="recommendation-list"),
    path("recommendations/<int:pk>/", RecommendationDetail.as_view(), name="recommendation"),
    path("recommendations/<int:pk>/actions/", LinkList.as_view(), name="link-list"),
    path("changes/", ChangeList.as_view(), name="change-list"),
]
