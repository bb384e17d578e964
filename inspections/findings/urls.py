from django.urls import path

from inspections.findings.views import exporting, inspections, links, own_statuses, recommendations, register

urlpatterns = [
    path("inspections/new/", inspections.inspection_create, name="inspection-create"),
    path("inspections/<int:pk>/edit/", inspections.inspection_edit, name="inspection-edit"),
    path(
        "inspections/<int:pk>/findings/new/",
        recommendations.recommendation_create,
        name="recommendation-create",
    ),
    path("recommendations/", recommendations.recommendation_list, name="recommendation-list"),
    path(
        "recommendations/export.csv",
        exporting.recommendation_export,
        {"kind": "csv"},
        name="recommendation-export",
    ),
    path(
        "recommendations/export.xlsx",
        exporting.recommendation_export,
        {"kind": "xlsx"},
        name="recommendation-export",
    ),
    path("recommendations/<int:pk>/edit/", recommendations.recommendation_edit, name="recommendation-edit"),
    path("recommendations/<int:pk>/state/", own_statuses.recommendation_state, name="recommendation-state"),
    path("recommendations/<int:pk>/judge/", own_statuses.recommendation_judge, name="recommendation-judge"),
    path(
        "recommendations/<int:pk>/register/", register.recommendation_register, name="recommendation-register"
    ),
    path("recommendations/<int:pk>/actions/add/", links.link_add, name="link-add"),
    path("recommendations/<int:pk>/actions/<int:link_pk>/remove/", links.link_remove, name="link-remove"),
]
