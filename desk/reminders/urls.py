from django.urls import path

from desk.reminders import views

urlpatterns = [
    path("reminders/send/", views.remind_page, name="remind"),
    path("actions/<int:pk>/remind/", views.remind_owner, name="remind-owner"),
]
