from django.urls import path, re_path

from desk.views import my_work
from desk.views.calendar import feed, pages

app_name = "desk"
urlpatterns = [
    path("", my_work.my_work_page, name="my-work"),
    path("calendar/", pages.calendar_page, name="calendar"),
    path("calendar/<int:pk>/revoke/", pages.calendar_revoke, name="calendar-revoke"),
    re_path(r"^calendar/(?P<secret>[A-Za-z0-9_-]{43})\.ics$", feed.calendar_feed, name="calendar-feed"),
]
