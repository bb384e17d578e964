from django.urls import path

from desk.triage import views

urlpatterns = [path("triage/", views.triage_page, name="triage")]
