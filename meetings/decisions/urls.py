from django.urls import path

from meetings.decisions import views

urlpatterns = [
    path(
        "meetings/<int:pk>/decisions/<int:decision_pk>/remove/", views.decision_remove, name="decision-remove"
    ),
]
