"""Pages that lead to the identity provider and back."""

import json
import secrets
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.core.internal.httpkit import authenticated_user
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from partners.accounts.renewal import renew_session
from partners.single_sign_on.adapter import CONFIRM, LINK, SIGN_IN, refuse
from partners.single_sign_on.provider import PROVIDER_ID, SingleSignOnClient
from partners.single_sign_on.services import unlink_identity
from web.confirmation import confirm_first
from web.pages import PAGE_OR_FORM, press

View = Callable[..., HttpResponse]


def with_provider(view: View) -> View:
    """Show nothing where no provider is set, and explain where it cannot be reached."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.OIDC_ISSUER:
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except (RequestException, OAuth2Error) as error:
            return refuse(request, error, next_page=get_next_redirect_url(request))

    return checked


@login_not_required
@require_POST
@with_provider
def sign_on(request: HttpRequest) -> HttpResponse:
    return _lead(request, SIGN_IN)


@require_POST
@confirm_first
@with_provider
def link(request: HttpRequest) -> HttpResponse:
    """Sign in at the provider, to link that account to the user's own."""
    return _lead(request, LINK)


@require_POST
@confirm_first
def unlink(request: HttpRequest) -> HttpResponse:
    user = authenticated_user(request)
    response = press(
        request,
        lambda **who: unlink_identity(user=user, **who),
        done=gettext("The link is removed."),
        leads_to=reverse("mfa_index"),
    )
    renew_session(request)
    return response


@PAGE_OR_FORM
@with_provider
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask a person who signs in at the provider to do so again, as others enter their password again."""
    if request.method == "POST":
        return _lead(request, CONFIRM, prompt="login", max_age="0")
    context = {"provider": settings.OIDC_NAME, "next": get_next_redirect_url(request) or ""}
    return render(request, "partners/single_sign_on/confirm.html", context)


@login_not_required
@require_safe
@never_cache
@with_provider
def callback(request: HttpRequest) -> HttpResponse:
    """Read the provider's answer. It comes as a GET, so this is the one page that signs in by a GET."""
    view = OAuth2CallbackView.adapter_view(SingleSignOnClient(request, PROVIDER_ID))
    response: HttpResponse = view(request)
    return response


def _lead(request: HttpRequest, process: str, **params: str) -> HttpResponse:
    """Redirect to the provider, and remember in the session what for."""
    nonce = secrets.token_urlsafe(32)
    params["nonce"] = nonce
    if settings.OIDC_ACR:
        params["acr_values"] = " ".join(settings.OIDC_ACR)
        # Entra ID calls its classes "acrs", and checks one only where a request names it like this.
        wanted = {"essential": True, "values": settings.OIDC_ACR}
        params["claims"] = json.dumps({"id_token": {"acrs": wanted}})
    provider = get_adapter(request).get_provider(request, PROVIDER_ID)
    response: HttpResponse = provider.redirect(
        request,
        process,
        next_url=get_next_redirect_url(request),
        auth_params=params,
        nonce=nonce,
        asked_at=int(time.time()),
    )
    return response
