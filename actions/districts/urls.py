from django.urls import path

from actions.districts import views

urlpatterns = [
    path("actions/<int:pk>/districts/", views.action_districts, name="action-districts"),
]
