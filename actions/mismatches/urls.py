from django.urls import path

from actions.mismatches import views

urlpatterns = [
    path("plans/<int:pk>/mismatches/", views.plan_mismatches, name="plan-mismatches"),
]
