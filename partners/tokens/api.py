"""Authentication by personal access token."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from audit import clock
from partners.accounts.models import User
from partners.clients.api.authentication import bearer_token
from partners.tokens.models import PersonalToken
from partners.tokens.services import PREFIX, record_use, token_of


class PersonalAuthentication(BaseAuthentication):
    """Authenticate a program as the person who created its token, while their account is active."""

    def authenticate(self, request: Request) -> tuple[User, PersonalToken] | None:
        text = bearer_token(request)
        if text is None or not text.startswith(PREFIX):
            return None
        today = clock.today()
        token = token_of(text=text, on=today)
        if token is None:
            request.oauth2_error = {"error": "invalid_token"}
            raise AuthenticationFailed("The personal access token is not valid, has expired or was revoked.")
        if token.last_used_on != today:
            record_use(actor=token.user, token=token, on=today)
        return token.user, token
