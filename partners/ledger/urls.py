from django.urls import path

from partners.ledger import views

urlpatterns = [
    path("ledger/", views.show_ledger, name="ledger"),
    path("ledger/reads/", views.show_reads, name="reads"),
    path("ledger/verify/", views.verify_ledger, name="ledger-verify"),
    path("ledger/<int:partnership_pk>/<int:sequence>/", views.show_entry, name="ledger-entry"),
]
