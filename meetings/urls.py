from django.urls import include, path

app_name = "meetings"
urlpatterns = [
    path("", include("meetings.page.urls")),
    path("", include("meetings.meetings.urls")),
    path("", include("meetings.attendance.urls")),
    path("", include("meetings.minutes.urls")),
    path("", include("meetings.decisions.urls")),
    path("", include("meetings.documents.urls")),
    path("", include("meetings.arisings.urls")),
]
