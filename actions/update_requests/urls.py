from django.urls import path

from actions.update_requests import views

urlpatterns = [
    path("actions/<int:pk>/ask-for-update/", views.update_request, name="update-request"),
]
