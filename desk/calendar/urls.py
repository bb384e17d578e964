from django.urls import path, re_path

from desk.calendar.views import feed, pages

urlpatterns = [
    path("calendar/", pages.calendar_page, name="calendar"),
    path("calendar/<int:pk>/revoke/", pages.calendar_revoke, name="calendar-revoke"),
    re_path(r"^calendar/(?P<secret>[A-Za-z0-9_-]{43})\.ics$", feed.calendar_feed, name="calendar-feed"),
]
