from django.urls import path

from partners.clients import views

urlpatterns = [
    path("api-clients/", views.client_list, name="client-list"),
    path("api-clients/register/", views.client_register, name="client-register"),
    path("api-clients/secret/<str:token>/", views.client_secret_claim, name="client-secret-claim"),
    path("api-clients/<int:pk>/", views.client_page, name="client"),
    path("api-clients/<int:pk>/scopes/", views.client_scopes, name="client-scopes"),
    path("api-clients/<int:pk>/secret/", views.client_secret, name="client-secret"),
    path(
        "api-clients/<int:pk>/secrets/<int:secret_pk>/end/",
        views.client_secret_end,
        name="client-secret-end",
    ),
    path(
        "api-clients/<int:pk>/links/<int:link_pk>/withdraw/",
        views.client_link_withdraw,
        name="client-link-withdraw",
    ),
    path("api-clients/<int:pk>/stop/", views.client_stop, name="client-stop"),
]
