from django.urls import path

from actions.views import actions, exporting, plans

app_name = "actions"
urlpatterns = [
    path("plans/", plans.plan_list, name="plan-list"),
    path("plans/new/", plans.plan_create, name="plan-create"),
    path("plans/<int:pk>/", plans.plan_page, name="plan"),
    path("plans/<int:pk>/edit/", plans.plan_edit, name="plan-edit"),
    path("plans/<int:pk>/pillars/new/", plans.pillar_create, name="pillar-create"),
    path("plans/<int:pk>/pillars/<int:pillar_pk>/", plans.pillar_edit, name="pillar-edit"),
    path("plans/<int:pk>/actions/new/", actions.action_create, name="action-create"),
    path("actions/", actions.action_list, name="action-list"),
    path("actions/export.csv", exporting.action_export, {"kind": "csv"}, name="action-export"),
    path("actions/export.xlsx", exporting.action_export, {"kind": "xlsx"}, name="action-export"),
    path("actions/<int:pk>/", actions.action_page, name="action"),
    path("actions/<int:pk>/edit/", actions.action_edit, name="action-edit"),
    path("actions/<int:pk>/release/", actions.action_release, name="action-release"),
]
