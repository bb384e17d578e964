from django.urls import path

from actions.page import views

urlpatterns = [
    path("actions/<int:pk>/", views.action_page, name="action"),
]
