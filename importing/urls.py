from django.urls import include, path

app_name = "importing"
urlpatterns = [
    path("", include("importing.plans.urls")),
    path("", include("importing.findings.urls")),
]
