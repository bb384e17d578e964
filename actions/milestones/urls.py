from django.urls import path

from actions.milestones import views

urlpatterns = [
    path("actions/<int:pk>/milestones/add/", views.milestone_add, name="milestone-add"),
    path("actions/<int:pk>/milestones/<int:milestone_pk>/", views.milestone_edit, name="milestone-edit"),
]
