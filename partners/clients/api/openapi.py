"""Security schemes in the OpenAPI description. Importing this module registers them."""

from typing import Any

from drf_spectacular.contrib.django_oauth_toolkit import DjangoOAuthToolkitScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from partners.scoping import HasScope
from partners.tokens.services import PREFIX


class ClientScheme(DjangoOAuthToolkitScheme):
    target_class = "partners.clients.api.authentication.ClientAuthentication"
    name = "oauth2"

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        return {self.name: _scopes_of(auto_schema)}

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        definition: dict[str, Any] = super().get_security_definition(auto_schema)
        return definition | {
            "description": "OAuth 2.0 client credentials (RFC 6749, section 4.4). Access tokens last 15 minutes."
        }


class PersonalScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "partners.tokens.api.PersonalAuthentication"
    name = "personalToken"

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        return {self.name: _scopes_of(auto_schema)}

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": f"{PREFIX} and 64 hexadecimal digits",
            "description": "A personal access token. It can do what you can do, within its scopes. Create one on the “Access tokens” page.",
        }


def _scopes_of(auto_schema: AutoSchema) -> list[str]:
    view = auto_schema.view
    return [view.required_scopes[auto_schema.method]] if HasScope in view.permission_classes else []
