from django.urls import path

from actions.disclosure import views

urlpatterns = [
    path("actions/<int:pk>/publication/", views.action_publication, name="action-publication"),
]
