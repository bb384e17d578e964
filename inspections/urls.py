from django.urls import include, path

app_name = "inspections"
urlpatterns = [
    path("", include("inspections.page.urls")),
    path("", include("inspections.findings.urls")),
    path("", include("inspections.coverage.urls")),
    path("", include("inspections.responses.urls")),
    path("", include("inspections.letters.urls")),
]
