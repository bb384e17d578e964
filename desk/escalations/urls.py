from django.urls import path

from desk.escalations import views

urlpatterns = [
    path("actions/<int:pk>/escalation/", views.escalation_page, name="escalation"),
    path("returns/<int:pk>/escalation/", views.return_escalation, name="return-escalation"),
    path("inspections/<int:pk>/escalation/", views.answer_escalation, name="answer-escalation"),
]
