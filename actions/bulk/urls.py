from django.urls import path

from actions.bulk import views

urlpatterns = [
    path("actions/bulk/", views.action_bulk, name="action-bulk"),
]
