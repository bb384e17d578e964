"""The frame of every address of SCIM: who may call it, and SCIM's own errors instead of the API's problems."""

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
from scim2_models import Error, SCIMException

from audit import clock
from audit.policies import forbid
from partners.clients.api.authentication import ClientAuthentication
from partners.clients.models import ApiClient
from partners.partnerships.models import Partnership
from partners.scim import policies
from partners.scopes import PROVISIONING
from partners.scoping import HasScope
from web import callers, limits
from web.endpoints import refuse_unread_bodies

MEDIA_TYPE = "application/scim+json"
LARGEST_PAGE = 100
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
            status, detail = 404, "There is no such user or address, or you cannot see it"
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
