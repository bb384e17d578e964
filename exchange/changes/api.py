"""The change feed: changes since a partner's system last read it."""

from functools import partial
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from exchange.changes.services.cursors import read_cursor
from exchange.changes.services.following import follow, present
from exchange.changes.services.items import CHANGED, GAINED, LOST, plain
from exchange.changes.services.kinds import KINDS, SCOPES
from partners.scoping import HasScope
from web.callers import actor_of
from web.endpoints import Endpoint
from web.references import address

PAGE, LONGEST_PAGE = 100, 500
NOW = "now"
TYPES = ", ".join(f"`{kind.name}`" for kind in KINDS.values())


class SubjectSerializer(serializers.Serializer[Any]):
    type = serializers.CharField(
        help_text=f"What kind of row: {TYPES}. An auditor meets others too, and there may be new ones later."
    )
    id = serializers.IntegerField()
    ref = serializers.CharField(
        allow_null=True, help_text="An action's reference, while you may see the action."
    )
    address = serializers.URLField(
        allow_null=True,
        help_text="Where to read it; null if it has no address or you cannot view it now.",
    )


class ChangeSerializer(serializers.Serializer[Any]):
    """One change: what changed, and the address to read its present state."""

    partnership = serializers.IntegerField(help_text="Id of the partnership that recorded it.")
    position = serializers.IntegerField(help_text="Its number in that record.")
    at = serializers.DateTimeField()
    verb = serializers.CharField(
        help_text="What was done, as the record names it, such as `action.reported`."
    )
    kind = serializers.ChoiceField(
        choices=[
            (CHANGED, "you saw it before and see it after"),
            (GAINED, "you see it from now on: it is new, or was let into your sight"),
            (LOST, "you see it no longer: forget it, and what belongs to it"),
        ]
    )
    subject = SubjectSerializer()
    action = SubjectSerializer(allow_null=True, help_text="The action it concerns.")
    version = serializers.IntegerField(
        allow_null=True, help_text="The row's new version, if it has versions."
    )
    own = serializers.BooleanField(help_text="You did it yourself.")


class ChangesSerializer(serializers.Serializer[Any]):
    """Changes in the order of the record, and the cursor to go on from."""

    results = ChangeSerializer(many=True)
    cursor = serializers.CharField(help_text="Keep this and send it as `after`. It does not expire.")
    more = serializers.BooleanField(
        help_text="Ask again at once: there is more to look at, even if this page is empty."
    )
    reach_changed = serializers.BooleanField(
        help_text=(
            "Your memberships or scopes are not what they were when your cursor was written: read the lists again, "
            "for what you gained or lost by that is no change of the rows."
        )
    )


EXAMPLE = OpenApiExample(
    "An update, and an action that was handed to another organisation",
    response_only=True,
    status_codes=["200"],
    value={
        "results": [
            {
                "partnership": 1,
                "position": 4711,
                "at": "2020-06-19T09:00:00.000000Z",
                "verb": "progress.submitted",
                "kind": GAINED,
                "subject": {
                    "type": "update",
                    "id": 97,
                    "ref": None,
                    "address": "https://tracker.example.org/api/v1/actions/41/updates/97/",
                },
                "action": {
                    "type": "action",
                    "id": 41,
                    "ref": "WY20-05",
                    "address": "https://tracker.example.org/api/v1/actions/41/",
                },
                "version": None,
                "own": False,
            },
            {
                "partnership": 1,
                "position": 4713,
                "at": "2020-06-19T09:12:30.000000Z",
                "verb": "action.edited",
                "kind": LOST,
                "subject": {"type": "action", "id": 44, "ref": None, "address": None},
                "action": {"type": "action", "id": 44, "ref": None, "address": None},
                "version": None,
                "own": False,
            },
        ],
        "cursor": "WzEseyIxIjo0NzEzfSwiMGY1YzJhOTE3YmQzNGU2OCJd",
        "more": False,
        "reach_changed": False,
    },
)


class ChangeList(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = {"GET": "changes:read"}
    serializer_class = ChangesSerializer
    takes_fields = False

    def query_parameters(self) -> frozenset[str]:
        return frozenset({"after", "page_size"})

    @extend_schema(
        operation_id="list_changes",
        summary="Follow changes",
        tags=["Changes"],
        examples=[EXAMPLE],
        parameters=[
            OpenApiParameter(
                "after",
                str,
                description=(
                    "The `cursor` of your last answer. Left out: from the beginning. `now`: no change, and the cursor "
                    "to follow from this moment on."
                ),
            ),
            OpenApiParameter(
                "page_size",
                {"type": "integer", "minimum": 1, "maximum": LONGEST_PAGE, "default": PAGE},
                description="The most changes in one response.",
            ),
        ],
    )
    def get(self, request: Request) -> Response:
        """Every change you may see, in the order of the record, none missed and none twice."""
        size, after = _size(request.query_params.get("page_size")), request.query_params.get("after")
        scopes = [scope for scope in SCOPES if request.auth is None or request.auth.allow_scopes([scope])]
        if after == NOW:
            page = present(actor=actor_of(request), on=self.on, scopes=scopes)
        else:
            cursor = read_cursor(word=after) if after else None
            page = follow(actor=actor_of(request), on=self.on, after=cursor, size=size, scopes=scopes)
        answer = {
            "results": [plain(change=each, address=partial(address, request)) for each in page.changes],
            "cursor": str(page.cursor),
            "more": page.more,
            "reach_changed": page.reach_changed,
        }
        return Response(answer)


def _size(text: str | None) -> int:
    if text is None:
        return PAGE
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LONGEST_PAGE))
    if not is_number or not 1 <= int(text) <= LONGEST_PAGE:
        raise ValidationError(
            {
                "page_size": gettext("Page size must be a whole number from 1 to {longest_page}").format(
                    longest_page=LONGEST_PAGE
                )
            }
        )
    return int(text)
