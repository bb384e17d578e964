"""API that submits an action for assurance."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from actions.actions.api.actions import ActionDetail, ActionSerializer
from actions.assurance import policies
from actions.assurance.services import submit_action
from actions.core import examples
from actions.core.api import ChangeSerializer
from partners.policies import rights_of
from web.api import StrictText

# The same as on the page.
LONGEST_NOTE = 2000
SUBMISSION = OpenApiExample(
    "Everybody is trained",
    request_only=True,
    value={
        "note": "All 45 staff are trained; the attendance lists of May to July are attached.",
        "version": 9,
    },
)
SUBMITTED = OpenApiExample(
    "An action awaiting assurance",
    response_only=True,
    status_codes=["200"],
    value={**examples.ACTION.value, "state": "awaiting_assurance", "percent": 95, "version": 10},
)


class ActionSubmissionSerializer(ChangeSerializer):
    """Submit a finished action for assurance."""

    note = StrictText(
        max_length=LONGEST_NOTE,
        help_text="What was achieved against the success measure. The auditor reads this first.",
    )


class ActionSubmission(ActionDetail):
    # It answers with the action, but the action is read at another address.
    http_method_names = ["post"]
    required_scopes: ClassVar[dict[str, str]] = {"POST": "assurance:write"}

    def why_not(self) -> str:
        return policies.why_not_submit(rights_of(self.request.user, self.on), self.get_object())

    @extend_schema(
        operation_id="submit_action",
        summary="Submit an action for assurance",
        tags=["Actions"],
        request=ActionSubmissionSerializer,
        responses=ActionSerializer,
        examples=[SUBMISSION, SUBMITTED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the owner, the alternate and the lead organisation. An auditor assures or returns it.

        The plan may require evidence first.
        """
        action: Any = self.get_object()
        self.run(submit_action, self.parsed(ActionSubmissionSerializer), action=action)
        return self.get(request, pk)
