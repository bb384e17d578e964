from django.urls import path

from partners.views import clients, ledger, tokens

app_name = "partners"
urlpatterns = [
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/verify/", ledger.verify_ledger, name="ledger-verify"),
    path("ledger/<int:partnership_pk>/<int:sequence>/", ledger.entry, name="ledger-entry"),
    path("api-clients/", clients.client_list, name="client-list"),
    path("api-clients/register/", clients.client_register, name="client-register"),
    path("api-clients/<int:pk>/", clients.client, name="client"),
    path("api-clients/<int:pk>/scopes/", clients.client_scopes, name="client-scopes"),
    path("api-clients/<int:pk>/secret/", clients.client_secret, name="client-secret"),
    path(
        "api-clients/<int:pk>/secrets/<int:secret_pk>/end/",
        clients.client_secret_end,
        name="client-secret-end",
    ),
    path("api-clients/<int:pk>/stop/", clients.client_stop, name="client-stop"),
    path("account/tokens/", tokens.token_list, name="token-list"),
    path("account/tokens/<int:pk>/revoke/", tokens.token_revoke, name="token-revoke"),
]
