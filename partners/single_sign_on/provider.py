"""allauth's OpenID Connect client, with the checks that it leaves out: the signature, the nonce and the exact issuer."""

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

PROVIDER_ID = "single-sign-on"
# Asymmetric ones only: with the others, whoever knows the client's secret could sign a token.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
CLAIMS = ("iss", "sub", "aud", "exp", "iat", "nonce")
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# Seconds that the provider's clock and ours may differ.
LEEWAY = 60
LONGEST_SUBJECT = 255

Claims = dict[str, object]


class SignOnError(OAuth2Error):
    """Why a sign-in at the provider is refused, in words for the person."""


class SingleSignOnClient(OpenIDConnectOAuth2Adapter):
    @property
    def openid_config(self) -> dict[str, str]:
        """Return the provider's own description, refusing one of another issuer.

        Raises:
            RequestException: the provider does not answer.
            SignOnError: the answer is not about the issuer of the settings.
        """
        if not hasattr(self, "_openid_config"):
            with get_adapter().get_requests_session() as session:
                response = session.get(self.get_provider().server_url)
                response.raise_for_status()
                config = response.json()
            if not isinstance(config, dict) or config.get("issuer") != settings.OIDC_ISSUER:
                raise SignOnError(f"{settings.OIDC_NAME} names another issuer than the settings do.")
            scheme = settings.OIDC_ISSUER.partition("://")[0]
            if not all(str(config.get(name, "")).startswith(f"{scheme}://") for name in ENDPOINTS):
                raise SignOnError(f"{settings.OIDC_NAME} does not describe itself in full.")
            self._openid_config = config
        return self._openid_config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return str(build_absolute_uri(request, reverse("sign_on_callback")))

    def parse_token(self, data: dict[str, object]) -> SocialToken:
        """Return an empty token: nothing else is asked of the provider, so its access token is thrown away."""
        return SocialToken(token="")

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: dict[str, object]
    ) -> SocialLogin:
        """Return what the checked ID token says. `SingleSignOnAdapter` compares its nonce, which is in the state."""
        claims = self._decode_id_token(app, str(kwargs["response"].get("id_token", "")))
        account = SocialAccount(provider=PROVIDER_ID, uid=claims["sub"], extra_data=claims)
        return SocialLogin(provider=self.get_provider(), account=account)

    def _decode_id_token(self, app: SocialApp, id_token: str) -> Claims:
        """Return the claims of an ID token.

        allauth trusts the TLS connection instead of the signature; this checks both.

        Raises:
            SignOnError: the signature, issuer, audience or time is wrong, or a claim is missing.
        """
        try:
            claims: Claims = jwt.decode(
                id_token,
                key=self._signing_key(id_token),
                algorithms=ALGORITHMS,
                issuer=settings.OIDC_ISSUER,
                audience=app.client_id,
                leeway=LEEWAY,
                options={"require": list(CLAIMS)},
            )
        except (jwt.ImmatureSignatureError, jwt.ExpiredSignatureError) as error:
            raise SignOnError(
                gettext(
                    "The clocks of this service and of {oidc_name} differ, or signing in took too long. Try again. If it happens again, tell an administrator."
                ).format(oidc_name=settings.OIDC_NAME)
            ) from error
        except jwt.PyJWTError as error:
            raise SignOnError(f"{type(error).__name__} in the answer of {settings.OIDC_NAME}.") from error
        audience = claims["aud"]
        if claims.get("azp", app.client_id) != app.client_id or (
            isinstance(audience, list) and len(audience) > 1 and "azp" not in claims
        ):
            raise SignOnError(f"The answer of {settings.OIDC_NAME} is for another service.")
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
            raise SignOnError(f"The answer of {settings.OIDC_NAME} names nobody.")
        return claims

    def _signing_key(self, id_token: str) -> jwt.PyJWK:
        kid = jwt.get_unverified_header(id_token).get("kid")
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
            keys = jwt.PyJWKSet.from_dict(response.json()).keys
        key = next((key for key in keys if key.key_id == kid), None)
        if key is None:
            raise jwt.InvalidKeyError("no such key")
        return key


class SingleSignOnProvider(OpenIDConnectProvider):
    oauth2_adapter_class = SingleSignOnClient


def provider_app() -> SocialApp:
    """Return the provider that the settings name. None is stored, so no administrator can add one."""
    return SocialApp(
        provider="openid_connect",
        provider_id=PROVIDER_ID,
        name=settings.OIDC_NAME,
        client_id=settings.OIDC_CLIENT_ID,
        secret=settings.OIDC_CLIENT_SECRET,
        settings={
            "server_url": f"{settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration",
            "oauth_pkce_enabled": True,
            "scope": ["openid"],
        },
    )
