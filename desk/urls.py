from django.urls import include, path

app_name = "desk"
urlpatterns = [
    path("", include("desk.my_work.urls")),
    path("", include("desk.calendar.urls")),
    path("", include("desk.search.urls")),
    path("", include("desk.notices.urls")),
    path("", include("desk.escalations.urls")),
    path("", include("desk.reminders.urls")),
    path("", include("desk.triage.urls")),
]
