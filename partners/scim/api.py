"""SCIM 2.0 (RFC 7643, RFC 7644): an identity provider creates and deactivates the accounts of people.

The models of the library read and write the messages. Errors are SCIM's own, not the problems of the API.
"""

import json
import re
from http import HTTPStatus
from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from pydantic import ValidationError as MalformedError
from rest_framework.exceptions import APIException
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    Context,
    Email,
    Error,
    ETag,
    Filter,
    ListResponse,
    Meta,
    Patch,
    PatchOp,
    ResourceType,
    Schema,
    SCIMException,
    ServiceProviderConfig,
    Sort,
)
from scim2_models import (
    User as ScimUser,
)

from audit import clock
from audit.policies import forbid
from partners.accounts.models import User
from partners.clients.api.authentication import ClientAuthentication
from partners.clients.models import ApiClient
from partners.partnerships.models import Partnership
from partners.scim import policies
from partners.scim.queries import manageable_people
from partners.scim.services import Person, deprovision, provision, update_provisioned, version_of
from partners.scopes import PROVISIONING
from partners.scoping import HasScope
from web import callers, limits
from web.endpoints import refuse_unread_bodies

MEDIA_TYPE = "application/scim+json"
LARGEST_PAGE = 100
SHOWN = frozenset({"userName", "title", "displayName", "active", "emails"})
FILTER = re.compile(r'\s*(userName|externalId)\s+eq\s+("(?:[^"\\]|\\.)*")\s*\Z', re.IGNORECASE)
STATUSES = {"precondition_failed": 412, "uniqueness": 409}


class ScimJson(JSONRenderer):
    media_type = MEDIA_TYPE
    charset = "utf-8"


class ScimBody(JSONParser):
    media_type = MEDIA_TYPE


class ScimView(APIView):
    """An address of SCIM, for API clients with the scope. Their partnership decides whom they see."""

    authentication_classes = [ClientAuthentication]
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = dict.fromkeys(
        ("GET", "POST", "PUT", "PATCH", "DELETE"), PROVISIONING
    )
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    renderer_classes = [ScimJson, JSONRenderer]
    parser_classes = [ScimBody, JSONParser]
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        forbid(policies.why_not_provision(callers.actor_of(request), self.partnership.pk, clock.today()))
        if request.method not in {"GET", "HEAD"}:
            refuse_unread_bodies(request)

    @property
    def partnership(self) -> Partnership:
        """The partnership of the client. Only clients are authenticated here."""
        client = get_object_or_404(ApiClient.objects.select_related("partnership"), user=self.request.user)
        return client.partnership

    def perform_authentication(self, request: Request) -> None:
        """Authenticate the client and count the request, by network address if that fails."""
        caller = f"address:{callers.network_of(request)}"
        try:
            super().perform_authentication(request)
            if request.user.is_authenticated:
                caller = f"user:{request.user.pk}"
        finally:
            state = limits.count(request, caller)
            if state.is_exceeded:
                raise limits.throttled(state)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def get_exception_handler(self) -> Any:
        return scim_error

    def address(self, *parts: str) -> str:
        return self.request.build_absolute_uri("/".join(["/scim/v2", *parts]))


class Users(ScimView):
    def get(self, request: Request) -> Response:
        """List people, those with a userName or externalId where the query has a filter."""
        people = manageable_people(self.partnership)
        if text := request.query_params.get("filter"):
            people = people.filter(**_filter(text))
        start = max(1, _number(request, "startIndex", 1))
        count = min(max(0, _number(request, "count", LARGEST_PAGE)), LARGEST_PAGE)
        rows = list(people[start - 1 : start - 1 + count])
        page = ListResponse[ScimUser](
            total_results=people.count(),
            start_index=start,
            items_per_page=len(rows),
            resources=[_shown(self, user) for user in rows],
        )
        return Response(page.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))

    def post(self, request: Request) -> Response:
        """Create an account without a role."""
        resource: ScimUser[Any] = ScimUser.model_validate(
            request.data, scim_ctx=Context.RESOURCE_CREATION_REQUEST
        )
        user = provision(
            actor=callers.actor_of(request),
            partnership=self.partnership,
            person=_person(resource),
            at=clock.now(),
        )
        return _answer(self, user, Context.RESOURCE_CREATION_RESPONSE, HTTPStatus.CREATED)


class OneUser(ScimView):
    def get(self, request: Request, pk: int) -> Response:
        return _answer(self, self._user(pk), Context.RESOURCE_QUERY_RESPONSE)

    def put(self, request: Request, pk: int) -> Response:
        """Replace what the identity provider says of a person."""
        user = self._user(pk)
        resource: ScimUser[Any] = ScimUser.model_validate(
            request.data, scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST
        )
        return self._save(user, resource, Context.RESOURCE_REPLACEMENT_RESPONSE)

    def patch(self, request: Request, pk: int) -> Response:
        """Change attributes, such as `active` to false."""
        user = self._user(pk)
        resource = _shown(self, user)
        change = PatchOp[ScimUser].model_validate(request.data, scim_ctx=Context.RESOURCE_PATCH_REQUEST)
        change.patch(resource)
        return self._save(user, resource, Context.RESOURCE_PATCH_RESPONSE)

    def delete(self, request: Request, pk: int) -> Response:
        """Deactivate a person for good; what they wrote stays."""
        deprovision(
            actor=callers.actor_of(request),
            partnership=self.partnership,
            user=self._user(pk),
            at=clock.now(),
            version=_if_match(request),
        )
        return Response(status=HTTPStatus.NO_CONTENT)

    def _user(self, pk: int) -> User:
        return get_object_or_404(manageable_people(self.partnership), pk=pk)

    def _save(self, user: User, resource: ScimUser, context: Context) -> Response:
        user = update_provisioned(
            actor=callers.actor_of(self.request),
            partnership=self.partnership,
            user=user,
            person=_person(resource, user),
            at=clock.now(),
            version=_if_match(self.request),
        )
        return _answer(self, user, context)


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
        schema.meta = Meta(resource_type="Schema", location=self.address("Schemas", str(schema.id)))
        return _listed(schema, schema.id, name)


def scim_error(error: Exception, context: Any) -> Response | None:
    """Translate an exception into SCIM's error message (RFC 7644, section 3.12); None for an unexpected one."""
    kind, headers = "", {}
    match error:
        case SCIMException():
            status, kind, detail = error.status, error.scim_type, error.detail
        case MalformedError():
            places = [".".join(map(str, each["loc"])) + ": " + each["msg"] for each in error.errors()]
            status, kind, detail = 400, "invalidValue", "; ".join(places)
        case ValidationError():
            code = getattr(error, "code", None) or ""
            status, detail = STATUSES.get(code, 400), " ".join(error.messages)
            kind = {"precondition_failed": ""}.get(code, code) or ("invalidValue" if status == 400 else "")
        case Http404() | ObjectDoesNotExist():
            status, detail = 404, "There is no such user, or you cannot see them"
        case PermissionDenied():
            status, detail = 403, str(error)
        case APIException():
            status, detail = error.status_code, str(error.detail)
            kind = "invalidSyntax" if status == 400 else ""
            if challenge := getattr(error, "auth_header", None):
                headers["WWW-Authenticate"] = challenge
            if wait := getattr(error, "wait", None):
                headers["Retry-After"] = str(int(wait))
        case _:
            return None
    message = Error(status=status, scim_type=kind or None, detail=detail)
    return Response(message.model_dump(), status=status, headers=headers)


def _answer(view: ScimView, user: User, context: Context, status: int = HTTPStatus.OK) -> Response:
    resource = _shown(view, user)
    assert resource.meta is not None
    headers = {"ETag": str(resource.meta.version), "Location": str(resource.meta.location)}
    return Response(resource.model_dump(scim_ctx=context), status=status, headers=headers)


def _shown(view: ScimView, user: User) -> ScimUser:
    account = getattr(user, "provisioned_account", None)
    return ScimUser(
        id=str(user.pk),
        external_id=account.external_id or None if account else None,
        user_name=user.email,
        title=user.name,
        display_name=user.name,
        active=user.is_active,
        emails=[Email(value=user.email, primary=True)],
        meta=Meta(
            resource_type="User",
            created=user.joined_at,
            last_modified=account.changed_at if account else user.joined_at,
            location=view.address("Users", str(user.pk)),
            version=f'W/"{version_of(user=user)}"',
        ),
    )


def _person(resource: ScimUser, user: User | None = None) -> Person:
    """Return what the message says of a person. The title is the post; a display name stands in for it.

    Args:
        user: whom a PATCH or PUT changes: what it leaves out stays as it is.
    """
    former = user.name if user else ""
    names = (resource.title, resource.display_name)
    # A message that changes one of the two means that one.
    name = next((each for each in names if each and each != former), former or resource.user_name)
    return Person(
        email=str(resource.user_name or ""),
        name=str(name),
        external_id=resource.external_id or "",
        is_active=resource.active is not False,
    )


def _filter(text: str) -> dict[str, str]:
    """Return the condition of a filter; only `userName eq` and `externalId eq` are supported.

    Raises:
        ValidationError: for any other filter.
    """
    match = FILTER.match(text)
    if match is None:
        supported = 'Filter by userName eq "..." or externalId eq "..."'
        raise ValidationError(supported, code="invalidFilter")
    value = json.loads(match[2])
    if match[1].lower() == "username":
        return {"email__iexact": value}
    return {"provisioned_account__external_id": value}


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise ValidationError(f"{name} must be a whole number", code="invalidValue")
    return int(text)


def _if_match(request: Request) -> str | None:
    text = request.headers.get("If-Match", "*").strip()
    return None if text == "*" else text.removeprefix("W/").strip('"')


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
