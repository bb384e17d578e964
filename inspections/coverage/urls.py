from django.urls import path

from inspections.coverage import views

urlpatterns = [
    path("coverage/", views.coverage, name="coverage"),
    path("coverage/actions/", views.coverage_actions, name="coverage-actions"),
]
