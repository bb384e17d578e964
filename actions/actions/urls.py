from django.urls import path

from actions.actions.views import actions, allocation

urlpatterns = [
    path("plans/<int:pk>/actions/new/", actions.action_create, name="action-create"),
    path("actions/<int:pk>/edit/", actions.action_edit, name="action-edit"),
    path("actions/<int:pk>/release/", actions.action_release, name="action-release"),
    path("actions/<int:pk>/allocate/", allocation.action_allocate, name="action-allocate"),
]
