from django.urls import path

from importing.setup import views

urlpatterns = [
    path("setup/", views.setup, name="setup"),
    path("setup/<int:pk>/", views.partnership_setup, name="setup-partnership"),
    path("setup/<int:pk>/invitations/", views.invitations, name="setup-invitations"),
]
