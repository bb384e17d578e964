from django.urls import path, re_path

from desk.views import escalations, my_work, notices, search
from desk.views.calendar import feed, pages

app_name = "desk"
urlpatterns = [
    path("", my_work.my_work_page, name="my-work"),
    path("calendar/", pages.calendar_page, name="calendar"),
    path("calendar/<int:pk>/revoke/", pages.calendar_revoke, name="calendar-revoke"),
    re_path(r"^calendar/(?P<secret>[A-Za-z0-9_-]{43})\.ics$", feed.calendar_feed, name="calendar-feed"),
    path("search/", search.search_page, name="search"),
    path("notices/", notices.notices_page, name="notices"),
    path("notices/unsubscribe/<str:token>/", notices.unsubscribe, name="unsubscribe"),
    path("actions/<int:pk>/escalation/", escalations.escalation_page, name="escalation"),
    path("returns/<int:pk>/escalation/", escalations.return_escalation, name="return-escalation"),
    path("inspections/<int:pk>/escalation/", escalations.answer_escalation, name="answer-escalation"),
]
