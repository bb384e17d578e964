from django.urls import include, path

app_name = "partners"
urlpatterns = [
    path("", include("partners.memberships.urls")),
    path("", include("partners.access_reviews.urls")),
    path("", include("partners.organisations.urls")),
    path("", include("partners.people.urls")),
    path("", include("partners.ledger.urls")),
    path("", include("partners.clients.urls")),
    path("", include("partners.tokens.urls")),
    path("", include("partners.sessions.urls")),
    path("", include("partners.approvals.urls")),
]
