"""What happens after the provider's answer: sign in, link or confirm; and which words explain a refusal."""

import logging
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import perform_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import authenticated_user
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, resolve_url
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode
from django.utils.translation import gettext
from requests import RequestException

from audit import clock
from partners.accounts.models import User
from partners.accounts.renewal import renew_session
from partners.single_sign_on.models import Identity
from partners.single_sign_on.provider import (
    LEEWAY,
    PROVIDER_ID,
    Claims,
    SignOnError,
    SingleSignOnProvider,
    provider_app,
)
from partners.single_sign_on.services import link_identity
from web import callers

SIGN_IN, LINK, CONFIRM = "login", "link", "confirm"

log = logging.getLogger(__name__)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        return [provider_app()] if settings.OIDC_ISSUER else []

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> SingleSignOnProvider:
        return SingleSignOnProvider(request, app=self.get_app(request, provider=provider))

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        return False

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Take over from allauth, whose own next steps match by email address and create accounts.

        Raises:
            ImmediateHttpResponse: always, with the response.
            SignOnError: the answer belongs to another sign-in, or the provider did not check as much as the settings say.
        """
        claims, state = sociallogin.account.extra_data, sociallogin.state
        if not constant_time_compare(str(claims["nonce"]), state.get("nonce", "")):
            raise SignOnError(
                gettext("The answer of {oidc_name} belongs to another sign-in. Start again.").format(
                    oidc_name=settings.OIDC_NAME
                )
            )
        _require_strength(claims)
        respond = {SIGN_IN: _sign_in, LINK: _link, CONFIRM: _confirm}[state["process"]]
        raise ImmediateHttpResponse(respond(request, claims, state))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: SingleSignOnProvider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        state = (extra_context or {}).get("state") or {}
        raise ImmediateHttpResponse(refuse(request, exception, error=error, next_page=state.get("next")))


def refuse(
    request: HttpRequest,
    exception: Exception | None,
    *,
    error: str | None = None,
    next_page: str | None = None,
) -> HttpResponse:
    """Lead back to where the person started, with the reason in words."""
    name = settings.OIDC_NAME
    if isinstance(exception, SignOnError):
        text = str(exception)
    elif isinstance(exception, RequestException):
        text = gettext(
            "{name} does not answer. Try again later. Tell an administrator if it goes on."
        ).format(name=name)
    elif exception is not None:
        text = gettext("{name} refused to complete this sign-in. Start again.").format(name=name)
    elif error == AuthError.CANCELLED:
        text = gettext("You did not sign in with {name}.").format(name=name)
    elif "error" in request.GET:
        text = gettext("{name} refused this sign-in.").format(name=name)
    else:
        text = gettext(
            "This sign-in has expired, has been used or was started in another browser. Start again."
        )
    # The provider's own words could be anything, so only the kind of the error is logged.
    log.warning(
        "Single sign-on refused, from %s: %s", callers.address_of(request), type(exception).__name__ or error
    )
    messages.error(request, text)
    page = resolve_url("mfa_index" if request.user.is_authenticated else "account_login")
    return redirect(f"{page}?{urlencode({'next': next_page})}" if next_page else page)


def _require_strength(claims: Claims) -> None:
    """Raise SignOnError unless the provider checked all that OIDC_ACR and OIDC_AMR demand."""
    classes = {claims.get("acr"), *_texts(claims.get("acrs"))}
    is_strong = not settings.OIDC_ACR or not classes.isdisjoint(settings.OIDC_ACR)
    if not is_strong or not set(settings.OIDC_AMR) <= _texts(claims.get("amr")):
        raise SignOnError(
            gettext(
                "{oidc_name} did not check a second factor, which this service demands. Sign in there with one, then try again."
            ).format(oidc_name=settings.OIDC_NAME)
        )


def _texts(value: object) -> set[str]:
    if isinstance(value, str):
        return {value}
    return {each for each in value if isinstance(each, str)} if isinstance(value, list) else set()


def _holder(claims: Claims) -> User:
    identity = (
        Identity.objects.filter(issuer=claims["iss"], subject=claims["sub"]).select_related("user").first()
    )
    if identity is None:
        raise SignOnError(
            gettext("No account here is linked to your account at {oidc_name}. ").format(
                oidc_name=settings.OIDC_NAME
            )
            + (
                gettext("Ask an administrator to link it.")
                if settings.SIGN_IN == "oidc"
                else gettext(
                    "Sign in as usual and link it on My security, or ask an administrator to link it."
                )
            )
        )
    return identity.user


def _record(request: HttpRequest, user: User) -> None:
    """Note in the session how the person signed in; with a factor that the provider checked, ours is not asked for."""
    has_factor = bool(settings.OIDC_ACR or settings.OIDC_AMR)
    record_authentication(request, user, "socialaccount", provider=PROVIDER_ID, second_factor=has_factor)
    request.provider_checked_factor = has_factor  # type: ignore[attr-defined]


def _sign_in(request: HttpRequest, claims: Claims, state: dict[str, Any]) -> HttpResponse:
    user = _holder(claims)
    if request.user.is_authenticated:
        get_account_adapter(request).logout(request)
    _record(request, user)
    response: HttpResponse = perform_login(
        request, user, email_verification=None, redirect_url=state.get("next")
    )
    return response


def _link(request: HttpRequest, claims: Claims, state: dict[str, Any]) -> HttpResponse:
    if not request.user.is_authenticated:
        raise SignOnError(gettext("Your session has ended. Sign in, then link the account again."))
    user = authenticated_user(request)
    try:
        link_identity(
            actor=user, user=user, issuer=str(claims["iss"]), subject=str(claims["sub"]), at=clock.now()
        )
    except ValidationError as error:
        raise SignOnError(" ".join(error.messages)) from error
    renew_session(request)
    messages.success(
        request,
        gettext("Your account is linked. You can sign in with {oidc_name} now.").format(
            oidc_name=settings.OIDC_NAME
        ),
    )
    return redirect("mfa_index")


def _confirm(request: HttpRequest, claims: Claims, state: dict[str, Any]) -> HttpResponse:
    """Count as a confirmation only if the person signed in at the provider since they were asked to."""
    if not request.user.is_authenticated or _holder(claims).pk != request.user.pk:
        raise SignOnError(
            gettext("You signed in with {oidc_name} as somebody else.").format(oidc_name=settings.OIDC_NAME)
        )
    since = claims.get("auth_time")
    if not isinstance(since, int) or since < state["asked_at"] - LEEWAY:
        raise SignOnError(
            gettext("{oidc_name} did not ask you to sign in again, so nothing is confirmed.").format(
                oidc_name=settings.OIDC_NAME
            )
        )
    _record(request, authenticated_user(request))
    request.GET = QueryDict(urlencode({"next": state.get("next") or "/"}))
    response: HttpResponse | None = resume_request(request)
    return response or HttpResponseRedirect("/")
