"""People: an identity provider creates, changes and deactivates their accounts (RFC 7644)."""

import re
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from rest_framework.request import Request
from rest_framework.response import Response
from scim2_models import Context, ListResponse, PatchOp
from scim2_models import User as ScimUser

from audit import clock
from partners.accounts.models import User
from partners.scim.api.endpoints import LARGEST_PAGE, ScimView
from partners.scim.api.messages import (
    condition_of,
    known_attributes,
    known_changes,
    parameters_of,
    person_of,
    resource_of,
)
from partners.scim.queries import manageable_people
from partners.scim.services import deprovision, provision, update_provisioned
from web import callers


class Users(ScimView):
    def get(self, request: Request) -> Response:
        """List people, those with a userName or externalId where the query has a filter."""
        people = manageable_people(self.partnership)
        if text := request.query_params.get("filter"):
            people = people.filter(**condition_of(text))
        start = max(1, _number(request, "startIndex", 1))
        count = min(max(0, _number(request, "count", LARGEST_PAGE)), LARGEST_PAGE)
        rows = list(people[start - 1 : start - 1 + count])
        page = ListResponse[ScimUser](
            total_results=people.count(),
            start_index=start,
            items_per_page=len(rows),
            resources=[resource_of(self, user) for user in rows],
        )
        return Response(
            page.model_dump(
                scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=parameters_of(request)
            )
        )

    def post(self, request: Request) -> Response:
        """Create an account without a role."""
        resource: ScimUser[Any] = ScimUser.model_validate(
            known_attributes(request.data), scim_ctx=Context.RESOURCE_CREATION_REQUEST
        )
        user = provision(
            actor=callers.actor_of(request),
            partnership=self.partnership,
            person=person_of(resource),
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
            known_attributes(request.data), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST
        )
        return self._save(user, resource, Context.RESOURCE_REPLACEMENT_RESPONSE)

    def patch(self, request: Request, pk: int) -> Response:
        """Change attributes, such as `active` to false."""
        user = self._user(pk)
        resource = resource_of(self, user)
        change = PatchOp[ScimUser].model_validate(
            known_changes(request.data), scim_ctx=Context.RESOURCE_PATCH_REQUEST
        )
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
            person=person_of(resource, user),
            at=clock.now(),
            version=_if_match(self.request),
        )
        return _answer(self, user, context)


def _answer(view: ScimView, user: User, context: Context, status: int = HTTPStatus.OK) -> Response:
    resource = resource_of(view, user)
    assert resource.meta is not None
    headers = {"ETag": str(resource.meta.version), "Location": str(resource.meta.location)}
    content = resource.model_dump(scim_ctx=context, response_parameters=parameters_of(view.request))
    return Response(content, status=status, headers=headers)


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise ValidationError(gettext("{name} must be a whole number").format(name=name), code="invalidValue")
    return int(text)


def _if_match(request: Request) -> str | None:
    text = request.headers.get("If-Match", "*").strip()
    return None if text == "*" else text.removeprefix("W/").strip('"')
