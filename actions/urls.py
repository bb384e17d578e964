from django.urls import include, path

app_name = "actions"
urlpatterns = [
    path("", include("actions.plans.urls")),
    path("", include("actions.handover.urls")),
    path("", include("actions.mismatches.urls")),
    path("", include("actions.actions.urls")),
    path("", include("actions.lists.urls")),
    path("", include("actions.saved_views.urls")),
    path("", include("actions.bulk.urls")),
    path("", include("actions.progress.urls")),
    path("", include("actions.assurance.urls")),
    path("", include("actions.evidence.urls")),
    path("", include("actions.disclosure.urls")),
    path("", include("actions.districts.urls")),
    path("", include("actions.board_ratings.urls")),
    path("", include("actions.closing.urls")),
    path("", include("actions.slippage.urls")),
    path("", include("actions.dates.urls")),
    path("", include("actions.milestones.urls")),
    path("", include("actions.questions.urls")),
    path("", include("actions.waits.urls")),
    path("", include("actions.update_requests.urls")),
]
