"""How sign-in differs from allauth's defaults: accounts are opened by administrators, and the ledger hears of changes."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from audit import clock
from partners.models import User
from partners.services import record_password_change


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: User, password: str) -> None:
        record_password_change(actor=user, user=user, password=password, at=clock.now())

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        # A partner's system comes through the API, never through the sign-in page.
        return user if user is None or user.kind == User.Kind.USER else None
