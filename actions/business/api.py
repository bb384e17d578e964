"""API that records a board's decision in a minute, and which action an action arising became."""

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from actions.business.services import record_as_action, record_board_decision
from meetings.arisings.api import ArisingSerializer, ArisingStep
from meetings.arisings.examples import ARISING, BECOMING
from meetings.decisions.models import Decision
from meetings.meetings.api import STEP, operation
from meetings.page import examples
from meetings.page.api.reading import MinuteSerializer
from meetings.page.api.writing import OfMinute
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


class BecomingActionSerializer(KeepingSerializer):
    """Record which action of a plan an action arising became."""

    ref = StrictText(max_length=24, help_text="Reference of the action.")
    version = VersionField()


class MinuteDecisions(OfMinute):
    required_scopes: ClassVar[dict[str, str]] = STEP

    @operation(
        *(
            "record_decision",
            "Record a board's decision in a minute",
            NewDecisionSerializer,
            MinuteSerializer,
        ),
        *(examples.NEW_DECISION, examples.MINUTE),
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager. An action must be one that this board decides on.

        The withdrawal, due date, reopening or rating itself is carried out on the action, and cites this minute.
        """
        self.write(NewDecisionSerializer, record_board_decision, minute=self.get_object())
        return self.shown()


class ArisingBecomesAction(ArisingStep):
    @operation(
        "make_arising_an_action",
        "Record which action an action arising became",
        *(BecomingActionSerializer, ArisingSerializer, BECOMING, ARISING),
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the programme manager. It is then followed as an action of its plan."""
        return self.take(BecomingActionSerializer, record_as_action)
