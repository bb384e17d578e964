from django.urls import path

from actions.handover import views

urlpatterns = [
    path("plans/<int:pk>/hand-over/", views.hand_over_page, name="hand-over"),
]
