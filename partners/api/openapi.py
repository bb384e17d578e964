"""How a token is described to those who read the API's description. Importing this module registers it."""

from typing import Any

from drf_spectacular.contrib.django_oauth_toolkit import DjangoOAuthToolkitScheme
from drf_spectacular.openapi import AutoSchema

from partners.api.scopes import HasScope


class ClientScheme(DjangoOAuthToolkitScheme):
    target_class = "partners.api.clients.ClientAuthentication"
    name = "oauth2"

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        view = auto_schema.view
        if HasScope not in view.permission_classes:
            return {self.name: []}
        return {self.name: [view.required_scopes[auto_schema.method]]}

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        definition: dict[str, Any] = super().get_security_definition(auto_schema)
        return definition | {
            "description": "OAuth 2.0 client credentials (RFC 6749, section 4.4). Tokens last 15 minutes."
        }
