from django.urls import include, path

app_name = "importing"
urlpatterns = [
    path("", include("importing.setup.urls")),
    path("", include("importing.people.urls")),
    path("", include("importing.plans.urls")),
    path("", include("importing.findings.urls")),
]
