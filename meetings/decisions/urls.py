from django.urls import path

from meetings.decisions import views

urlpatterns = [
    path(
        "meetings/<int:pk>/minutes/<int:minute_pk>/decisions/add/",
        views.decision_record,
        name="decision-record",
    ),
]
