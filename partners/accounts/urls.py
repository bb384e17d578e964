"""Sign-in pages of allauth, only those that this service needs.

Its own list of URLs would let people change their email address without the ledger recording it.
"""

from allauth.account import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, re_path
from django.views.decorators.http import require_http_methods

from partners.accounts.passwords import may_use_password
from partners.accounts.renewal import with_new_key
from partners.accounts.views import invitation
from web.headers import clear_site_data

# allauth's form views treat a PUT like a POST.
page_or_form = require_http_methods(["GET", "HEAD", "POST"])


def password_change(request: HttpRequest) -> HttpResponse:
    """Change the password. A person without one gets a link to choose one, unless they sign in without a password."""
    if request.user.is_authenticated and not may_use_password(request.user):
        return redirect("mfa_index")
    if request.user.is_authenticated and not request.user.has_usable_password():
        return redirect("account_reset_password")
    return views.password_change(request)


urlpatterns = [
    path("login/", page_or_form(views.login), name="account_login"),
    path("logout/", page_or_form(clear_site_data(views.logout)), name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    # Shows that people cannot create accounts here. allauth's templates link to it by name.
    path("signup/", page_or_form(views.signup), name="account_signup"),
    path("reauthenticate/", page_or_form(with_new_key(views.reauthenticate)), name="account_reauthenticate"),
    path("password/change/", page_or_form(password_change), name="account_change_password"),
    path("password/reset/", page_or_form(views.password_reset), name="account_reset_password"),
    path("invitation/<str:token>/", invitation, name="account_invitation"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        page_or_form(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
