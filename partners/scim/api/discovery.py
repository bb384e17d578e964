"""What this service supports of SCIM (RFC 7643, sections 5 to 7), and every other address."""

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response
from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    Context,
    ETag,
    Filter,
    Meta,
    Mutability,
    NotImplementedException,
    Patch,
    ResourceType,
    Schema,
    ServiceProviderConfig,
    Sort,
)
from scim2_models import User as ScimUser

from partners.scim.api.endpoints import LARGEST_PAGE, ScimView

SHOWN = frozenset({"userName", "title", "displayName", "active", "emails"})
MUTABILITY = {"userName": Mutability.immutable, "emails": Mutability.read_only}


class Configuration(ScimView):
    def get(self, request: Request) -> Response:
        """Say what of SCIM this service supports."""
        configuration = ServiceProviderConfig(
            patch=Patch(supported=True),
            bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
            filter=Filter(supported=True, max_results=LARGEST_PAGE),
            change_password=ChangePassword(supported=False),
            sort=Sort(supported=False),
            etag=ETag(supported=True),
            authentication_schemes=[
                AuthenticationScheme(
                    type=AuthenticationScheme.Type.oauthbearertoken,
                    name="OAuth 2.0 client credentials",
                    description="Access tokens of an API client with the scope scim:write",
                )
            ],
            meta=Meta(resource_type="ServiceProviderConfig", location=self.address("ServiceProviderConfig")),
        )
        return Response(configuration.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))


class ResourceTypes(ScimView):
    def get(self, request: Request, name: str | None = None) -> Response:
        """List the kinds of resources: only users."""
        kind = ResourceType.from_resource(ScimUser)
        kind.meta = Meta(resource_type="ResourceType", location=self.address("ResourceTypes", "User"))
        return _listed(kind, kind.id, name)


class Schemas(ScimView):
    def get(self, request: Request, name: str | None = None) -> Response:
        """Describe the attributes of users that this service reads and shows."""
        schema = ScimUser.to_schema()
        schema.attributes = [each for each in schema.attributes or [] if each.name in SHOWN]
        for attribute in schema.attributes:
            attribute.mutability = MUTABILITY.get(str(attribute.name), attribute.mutability)
        schema.meta = Meta(resource_type="Schema", location=self.address("Schemas", str(schema.id)))
        return _listed(schema, schema.id, name)


class Unknown(ScimView):
    """An address that this service does not have: SCIM's own error instead of a page."""

    def get(self, request: Request) -> Response:
        raise Http404

    def post(self, request: Request) -> Response:
        if request.path.rstrip("/").endswith("/.search"):
            raise NotImplementedException(
                detail="Search with GET and the parameters filter, startIndex and count"
            )
        raise Http404


def _listed(resource: ResourceType | Schema, key: str | None, name: str | None) -> Response:
    body = resource.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
    if name is None:
        schemas = ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
        return Response(
            {"schemas": schemas, "totalResults": 1, "startIndex": 1, "itemsPerPage": 1, "Resources": [body]}
        )
    if name != key:
        raise Http404
    return Response(body)
