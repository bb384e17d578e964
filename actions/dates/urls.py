from django.urls import path

from actions.dates import views

urlpatterns = [
    path("actions/<int:pk>/date/", views.action_date_change, name="action-date-change"),
    path("actions/<int:pk>/date/<int:request_pk>/", views.date_change_decide, name="date-change-decide"),
    path(
        "actions/<int:pk>/date/<int:request_pk>/withdraw/",
        views.date_change_withdraw,
        name="date-change-withdraw",
    ),
    path("actions/<int:pk>/cause-of-concern/", views.action_cause_of_concern, name="action-cause-of-concern"),
]
