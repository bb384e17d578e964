"""The frame of endpoints that write meetings, minutes and what arises from them."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from meetings.meetings import policies
from meetings.meetings.models import Meeting
from partners.policies import rights_of
from partners.scoping import HasScope
from web.api import KeepingSerializer
from web.endpoints import Endpoint
from web.parameters import location_of

R = TypeVar("R")
SCOPES = {"GET": "meetings:read", "POST": "meetings:write", "PATCH": "meetings:write"}
STEP: dict[str, str] = {"POST": "meetings:write"}
TAGS = ["Meetings"]
LOCATION = location_of("what was added")


def operation(
    name: str,
    summary: str,
    body: type[KeepingSerializer],
    answer: type[serializers.BaseSerializer[Any]] | None,
    *examples: OpenApiExample,
    new: str = "",
) -> Callable[..., Any]:
    """Describe a method that writes.

    Args:
        answer: what it responds with; None for nothing.
        new: what a 201 response holds, where the method adds a row.
    """
    responses: Any = answer or {204: OpenApiResponse(description="Done.")}
    if new:
        responses = {201: OpenApiResponse(answer, description=new)}
    return extend_schema(
        operation_id=name,
        summary=summary,
        tags=TAGS,
        request=body,
        responses=responses,
        examples=list(examples),
        parameters=[LOCATION] if new else [],
    )


class MeetingWriting(Endpoint):
    """An endpoint that writes about one meeting: for the programme manager unless it says otherwise."""

    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = SCOPES

    def get_meeting(self) -> Meeting:
        """Return the meeting that the row at this address belongs to, of those the caller may view."""
        raise NotImplementedError

    def why_not(self) -> str:
        return policies.why_not_manage(
            rights_of(self.request.user, self.on), self.get_meeting().partnership_id
        )

    def write(
        self, body: type[KeepingSerializer], service: Callable[..., R], *, seen: Any = None, **rows: Any
    ) -> R:
        """Call a service with the valid body, and return what it returns.

        Args:
            seen: context of the body, by name.
            rows: arguments of the service beside those of the body.
        """
        return self.run(service, self.parsed(body, **(seen or {})), **rows)

    def shown(self) -> Response:
        """Respond with the row at this address as it is now."""
        return self.respond(self.get_object())
