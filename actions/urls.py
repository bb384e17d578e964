from django.urls import path

from actions.views import (
    actions,
    allocation,
    assurance,
    bulk,
    closing,
    dependencies,
    disclosure,
    districts,
    evidence,
    exporting,
    importing,
    milestones,
    mismatches,
    plans,
    progress,
    schedule,
    slippage,
    succession,
    waiting,
)

app_name = "actions"
urlpatterns = [
    path("plans/", plans.plan_list, name="plan-list"),
    path("plans/new/", plans.plan_create, name="plan-create"),
    path("plans/<int:pk>/", plans.plan_page, name="plan"),
    path("plans/<int:pk>/edit/", plans.plan_edit, name="plan-edit"),
    path("plans/<int:pk>/import/", importing.plan_import, name="plan-import"),
    path("plans/<int:pk>/import/confirm/", importing.plan_import_confirm, name="plan-import-confirm"),
    path("plans/<int:pk>/pillars/new/", plans.pillar_create, name="pillar-create"),
    path("plans/<int:pk>/pillars/<int:pillar_pk>/", plans.pillar_edit, name="pillar-edit"),
    path("plans/<int:pk>/hand-over/", succession.hand_over_page, name="hand-over"),
    path("plans/<int:pk>/mismatches/", mismatches.plan_mismatches, name="plan-mismatches"),
    path("plans/<int:pk>/actions/new/", actions.action_create, name="action-create"),
    path("actions/", actions.action_list, name="action-list"),
    path("actions/export.csv", exporting.action_export, {"kind": "csv"}, name="action-export"),
    path("actions/export.xlsx", exporting.action_export, {"kind": "xlsx"}, name="action-export"),
    path("actions/bulk/", bulk.action_bulk, name="action-bulk"),
    path("actions/<int:pk>/", actions.action_page, name="action"),
    path("actions/<int:pk>/edit/", actions.action_edit, name="action-edit"),
    path("actions/<int:pk>/release/", actions.action_release, name="action-release"),
    path("actions/<int:pk>/update/", progress.progress_create, name="progress-create"),
    path("actions/<int:pk>/allocate/", allocation.action_allocate, name="action-allocate"),
    path("actions/<int:pk>/submit/", assurance.action_submit, name="action-submit"),
    path("actions/<int:pk>/evidence/add/", evidence.evidence_add, name="evidence-add"),
    path(
        "actions/<int:pk>/evidence/<int:evidence_pk>/", evidence.evidence_download, name="evidence-download"
    ),
    path("actions/<int:pk>/assurance/", assurance.assurance_give, name="assurance-give"),
    path(
        "actions/<int:pk>/evidence/<int:evidence_pk>/replace/",
        evidence.evidence_replace,
        name="evidence-replace",
    ),
    path("actions/<int:pk>/retest/", assurance.action_retest, name="action-retest"),
    path("actions/<int:pk>/publication/", disclosure.action_publication, name="action-publication"),
    path("actions/<int:pk>/reopen/", assurance.action_reopen, name="action-reopen"),
    path("actions/<int:pk>/districts/", districts.action_districts, name="action-districts"),
    path("actions/<int:pk>/withdraw/", closing.action_withdraw, name="action-withdraw"),
    path("actions/<int:pk>/supersede/", closing.action_supersede, name="action-supersede"),
    path(
        "actions/<int:pk>/closure/<int:request_pk>/",
        closing.closure_decide,
        name="closure-decide",
    ),
    path(
        "actions/<int:pk>/closure/<int:request_pk>/retract/", closing.closure_retract, name="closure-retract"
    ),
    path("plans/<int:pk>/slippage/", slippage.plan_slippage, name="plan-slippage"),
    path("actions/<int:pk>/date/", schedule.action_date_change, name="action-date-change"),
    path("actions/<int:pk>/date/<int:request_pk>/", schedule.date_change_decide, name="date-change-decide"),
    path(
        "actions/<int:pk>/date/<int:request_pk>/withdraw/",
        schedule.date_change_withdraw,
        name="date-change-withdraw",
    ),
    path("actions/<int:pk>/milestones/add/", milestones.milestone_add, name="milestone-add"),
    path("actions/<int:pk>/milestones/<int:milestone_pk>/", milestones.milestone_edit, name="milestone-edit"),
    path(
        "actions/<int:pk>/cause-of-concern/", schedule.action_cause_of_concern, name="action-cause-of-concern"
    ),
    path("plans/<int:pk>/waiting/", waiting.plan_waiting, name="plan-waiting"),
    path("actions/<int:pk>/waiting/add/", dependencies.dependency_add, name="dependency-add"),
    path(
        "actions/<int:pk>/waiting/<int:dependency_pk>/answer/",
        dependencies.dependency_answer,
        name="dependency-answer",
    ),
    path(
        "actions/<int:pk>/waiting/<int:dependency_pk>/end/",
        dependencies.dependency_end,
        name="dependency-end",
    ),
    path("assurance/", assurance.assurance_queue, name="assurance-queue"),
]
