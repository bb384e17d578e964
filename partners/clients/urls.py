from django.urls import path

from partners.clients import views

urlpatterns = [
    path("api-clients/", views.client_list, name="client-list"),
    path("api-clients/register/", views.client_register, name="client-register"),
    path("api-clients/<int:pk>/", views.client_page, name="client"),
    path("api-clients/<int:pk>/scopes/", views.client_scopes, name="client-scopes"),
    path("api-clients/<int:pk>/secret/", views.client_secret, name="client-secret"),
    path(
        "api-clients/<int:pk>/secrets/<int:secret_pk>/end/",
        views.client_secret_end,
        name="client-secret-end",
    ),
    path("api-clients/<int:pk>/stop/", views.client_stop, name="client-stop"),
]
