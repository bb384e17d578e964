from django.urls import include, path

app_name = "reports"
urlpatterns = [
    path("", include("reports.publications.urls")),
    path("", include("reports.templates.urls")),
    path("", include("reports.papers.urls")),
    path("", include("reports.compare.urls")),
]
