from django.urls import path

from partners.views import ledger

app_name = "partners"
urlpatterns = [
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/verify/", ledger.verify_ledger, name="ledger-verify"),
    path("ledger/<int:partnership_pk>/<int:sequence>/", ledger.entry, name="ledger-entry"),
]
