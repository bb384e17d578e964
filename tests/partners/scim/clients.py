"""Clients of SCIM, as the tests meet them."""

from typing import Any

from partners.clients.services.clients import create_client
from tests.api.clients import System
from tests.cast import AT, Cast

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
TYPE = "application/scim+json"


class Provider(System):
    """An identity provider with an access token, as Entra ID sends its requests."""

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        send = getattr(self.http, method)
        arguments = {} if body is None else {"data": body, "content_type": TYPE}
        return send(f"/scim/v2/{path}", headers=self.headers(**headers), **arguments)

    def create(self, email: str, **more: Any) -> Any:
        return self.send("post", "Users", {"schemas": [USER], "userName": email, "active": True} | more)

    def patch_user(self, pk: int, *operations: dict[str, Any], **headers: str) -> Any:
        body = {"schemas": [PATCH], "Operations": list(operations)}
        return self.send("patch", f"Users/{pk}", body, **headers)


def provider_of(cast: Cast, *scopes: str) -> Provider:
    client, secret = create_client(
        actor=cast.administrator, organisation=cast.police, name="Entra ID", scopes=list(scopes), at=AT
    )
    return Provider(client, secret)
