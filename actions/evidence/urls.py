from django.urls import path

from actions.evidence import views

urlpatterns = [
    path("plans/<int:pk>/evidence/", views.plan_evidence, name="plan-evidence"),
    path("actions/<int:pk>/evidence/add/", views.evidence_add, name="evidence-add"),
    path("actions/<int:pk>/evidence/<int:evidence_pk>/", views.evidence_download, name="evidence-download"),
    path(
        "actions/<int:pk>/evidence/<int:evidence_pk>/preview/",
        views.evidence_preview,
        name="evidence-preview",
    ),
    path(
        "actions/<int:pk>/evidence/<int:evidence_pk>/replace/",
        views.evidence_replace,
        name="evidence-replace",
    ),
]
