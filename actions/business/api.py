"""API that records a board's decision in a minute."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from actions.business.services import record_board_decision
from meetings.decisions.models import Decision
from meetings.meetings import policies
from meetings.page import examples
from meetings.page.api.reading import MinuteEndpoint, MinuteSerializer
from partners.policies import rights_of
from web.api import KeepingSerializer, StrictChoice, StrictDate, StrictText, VersionField
from web.references import chosen


class NewDecisionSerializer(KeepingSerializer):
    """Record what a board decided in a minute. The version is the meeting's."""

    effect = StrictChoice(choices=Decision.Effect.choices)
    wording = StrictText(max_length=2000, help_text="Wording of the decision.")
    subject = StrictChoice(
        choices=chosen(Decision.Subject.choices),
        required=False,
        allow_null=True,
        help_text="What it acts on; null or left out for nothing in this record.",
    )
    subject_ref = StrictText(
        max_length=24,
        required=False,
        allow_blank=True,
        help_text="Reference of what it acts on, with `subject`.",
    )
    conditions = StrictText(max_length=1000, required=False, allow_blank=True)
    report_back_on = StrictDate(required=False, allow_null=True, help_text="A day after the meeting.")
    version = VersionField()

    def validate_subject(self, value: str | None) -> str:
        return value or ""


class MinuteDecisions(MinuteEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"POST": "meetings:write"}

    def why_not(self) -> str:
        rights = rights_of(self.request.user, self.on)
        return policies.why_not_manage(rights, self.get_object().item.meeting.partnership_id)

    @extend_schema(
        operation_id="record_decision",
        summary="Record a board's decision in a minute",
        tags=["Meetings"],
        request=NewDecisionSerializer,
        responses=MinuteSerializer,
        examples=[examples.NEW_DECISION, examples.MINUTE],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager. An action must be one that this board decides on.

        The withdrawal, due date, reopening or rating itself is carried out on the action, and cites this minute.
        """
        self.run(record_board_decision, self.parsed(NewDecisionSerializer), minute=self.get_object())
        return self.respond(self.get_object())
