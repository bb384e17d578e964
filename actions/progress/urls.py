from django.urls import path

from actions.progress import views

urlpatterns = [
    path("actions/<int:pk>/update/", views.progress_create, name="progress-create"),
]
