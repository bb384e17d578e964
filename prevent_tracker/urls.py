"""URLs of the site, app by app."""

# First, because its classes look for their sources among all modules that are there: later this would take a second longer.
import scim2_models  # noqa: F401
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from actions import urls as actions
from actions.business.views import arising_action, decision_record
from desk.security.views import security
from inspections.letters.views import board_business
from inspections.page.views.actions import action_page
from meetings import urls as meetings
from partners.clients.api.tokens import TokenView
from reports.overview.views import plan_page
from reports.papers.views.meetings import meeting_page
from web import limits
from web.headers import clear_site_data
from web.segments import by_segment

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.logout = clear_site_data(admin.site.logout)  # type: ignore[method-assign,assignment]

# What waits for a board is requests about actions and letters about inspections, so inspections provide that view.
# The page of an action also shows the findings it answers, so inspections provide its view; that of a plan has the
# pictures of its papers, so reports do.
action_urls: list[URLPattern | URLResolver] = [
    path("actions/<int:pk>/", action_page, name="action"),
    path("plans/<int:pk>/", plan_page, name="plan"),
    path("boards/<int:pk>/business/", board_business, name="board-business"),
    *actions.urlpatterns,
]
# The page of a meeting shows its papers, so reports provide its view.
# A board's decision is recorded with the requests about actions that wait for it, so actions provide that view.
meeting_urls: list[URLPattern | URLResolver] = [
    path("meetings/<int:pk>/", meeting_page, name="meeting"),
    path("meetings/<int:pk>/minutes/<int:minute_pk>/decisions/add/", decision_record, name="decision-record"),
    path("arisings/<int:pk>/action/", arising_action, name="arising-action"),
    *meetings.urlpatterns,
]
site_urls: list[URLPattern | URLResolver] = [
    path("", include("desk.urls")),
    path("", include("exchange.urls")),
    path("", include("reports.urls")),
    path("", include("returns.urls")),
    path("", include("programme.urls")),
    path("", include("importing.urls")),
    path("", include("inspections.urls")),
    path("", include((action_urls, actions.app_name))),
    path("", include((meeting_urls, meetings.app_name))),
    path("", include("partners.urls")),
    path("", include("web.urls")),
    # The page about a person's account also shows their calendar links, so the desk provides its view.
    path("accounts/security/", security, name="mfa_index"),
    path("accounts/", include("partners.accounts.urls")),
    path("accounts/", include("partners.second_factor.urls")),
    path("accounts/", include("partners.single_sign_on.urls")),
    by_segment("api/v1/", include("prevent_tracker.api")),
    path("scim/v2/", include("partners.scim.urls")),
    path("oauth/token/", limits.by_address(TokenView.as_view()), name="oauth-token"),
    path("admin/", admin.site.urls),
]
urlpatterns = [by_segment("", include(site_urls))]
handler400 = "web.views.bad_request"
handler403 = "web.views.forbidden"
handler404 = "web.views.not_found"
handler500 = "web.views.server_error"
