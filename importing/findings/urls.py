from django.urls import path

from importing.findings import views

urlpatterns = [
    path("inspections/<int:pk>/import/", views.recommendation_import, name="recommendation-import"),
    path(
        "inspections/<int:pk>/import/confirm/",
        views.recommendation_import_confirm,
        name="recommendation-import-confirm",
    ),
]
