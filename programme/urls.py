from django.urls import include, path

app_name = "programme"
urlpatterns = [
    path("", include("programme.overview.urls")),
]
