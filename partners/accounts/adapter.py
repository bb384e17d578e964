"""Changes to allauth's defaults: administrators create accounts, and the ledger records password changes."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from audit import clock
from audit.security_events import log_event
from partners import tasks
from partners.accounts.models import User
from partners.accounts.passwords import may_use_password
from partners.accounts.services.users import record_password_change
from web import browsers, callers, sessions
from web.confirmation import needs_confirmation
from web.language import lazy_text

# In the session between signing in and the response: the first sign-in of an account is in no known browser.
LATER_SIGN_IN = "is_later_sign_in"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": lazy_text(
            "Too many wrong passwords. Wait 5 minutes and try again, or reset your password."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: User, password: str) -> None:
        at = clock.now()
        with transaction.atomic():
            record_password_change(actor=user, user=user, password=password, at=at)
            tasks.queue_mail(tasks.PASSWORD_CHANGED, user.pk, at)
        # People who forgot their password have often used up their attempts; let them sign in with the new one.
        ratelimit.clear(
            self.request,
            app="allauth.account",
            action="login_failed",
            config={"login_failed": settings.SIGN_IN_FAILURES_OF_ACCOUNT},
            key=self._get_login_attempts_cache_key(self.request, email=user.email),
        )

    # Signing in ---------------------------------------------------------------------------------------------------

    def get_client_ip(self, request: HttpRequest) -> str:
        return callers.address_of(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures by account and network. By account alone, a stranger could lock a user out for ever."""
        return f"{callers.network_of(request)} {credentials.get('email', '').lower()}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            log_event("sign_in_blocked", address=self.get_client_ip(request))
            raise

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        # API clients cannot use the sign-in page. Whoever must sign in at the identity provider gets the same answer as for
        # a wrong password, after the same time, so that nobody learns which accounts are for emergencies.
        return user if user is not None and user.kind == User.Kind.USER and may_use_password(user) else None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        log_event("sign_in_failed", address=self.get_client_ip(request))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> Any:
        """Remember the browser, and mail the person if their account was not used in it before."""
        response = super().post_login(request, user, **kwargs)
        is_later = request.session.pop(LATER_SIGN_IN, False)
        if browsers.remember(request, response, user) and is_later:
            browser = browsers.browser_name(request.headers.get("User-Agent", ""))
            about = gettext("{browser}, from {request}").format(
                browser=browser, request=self.get_client_ip(request)
            )
            tasks.queue_mail(tasks.NEW_BROWSER, user.pk, clock.now(), about)
        return response

    def login(self, request: HttpRequest, user: User) -> None:
        is_later = user.last_login is not None
        super().login(request, user)
        request.session[LATER_SIGN_IN] = is_later
        sessions.start(request.session, timezone.now())
        how = " and ".join(record["method"] for record in get_authentication_records(request, user))
        log_event("sign_in", account=user.pk, address=self.get_client_ip(request), how=how)

    def logout(self, request: HttpRequest) -> None:
        account = request.user.pk
        super().logout(request)
        log_event("sign_out", account=account or "-", address=self.get_client_ip(request))

    def get_login_stages(self) -> list[str]:
        """Leave out our own second factor where the identity provider has checked one."""
        stages: list[str] = super().get_login_stages()
        if getattr(self.request, "provider_checked_factor", False):
            stages.remove("allauth.mfa.stages.AuthenticateStage")
        return stages

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        """Offer what the user can sign in with: the first one is asked for."""
        methods: list[dict[str, str]] = super().get_reauthentication_methods(user)
        if user.is_authenticated and not may_use_password(user):
            methods = [method for method in methods if method["id"] != "reauthenticate"]
        if settings.OIDC_ISSUER and hasattr(user, "identity"):
            method = {"id": "sign_on", "description": settings.OIDC_NAME, "url": reverse("sign_on_confirm")}
            methods.append(method)
        return methods

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return whether a person confirms who they are before changing a factor. A sign-in just now counts too."""
        return needs_confirmation(context.request)

    # Mail ---------------------------------------------------------------------------------------------------------

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        self._queue_reset(user.pk if may_use_password(user) else None, email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Pretend to queue the email to an address without an account; nothing is sent to it.

        Raises:
            ImproperlyConfigured: an email that this service does not send.
        """
        if template_prefix != "account/email/unknown_account":
            raise ImproperlyConfigured(f"This service does not send the email {template_prefix}")
        self._queue_reset(None, email)

    def _queue_reset(self, user_id: int | None, email: str) -> None:
        """Queue an email with a link to reset the password.

        The same is done without an account, so that the response time reveals nothing. The link is a secret, so the
        worker creates it and it is not stored.
        """
        if ratelimit.consume(self.request, app="allauth.account", action="reset_mail", key=email.lower()):
            tasks.queue_mail(tasks.PASSWORD_RESET, user_id, clock.now())
