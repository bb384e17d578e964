from typing import Any

from django import forms

from inspections.responses.models import Response
from inspections.responses.services.responses import NO_RESPONSE_VERSION, Draft
from web.forms import GovukForm, LongTextField


class ResponseForm(GovukForm):
    """The response to one recommendation."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=NO_RESPONSE_VERSION)
    kind = forms.ChoiceField(
        label="What the response is",
        choices=[
            (Response.Kind.TAKEN.value, "Action taken"),
            (Response.Kind.PROPOSED.value, "Action proposed, or under way"),
            (Response.Kind.NONE.value, "No action, and why"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select action taken, action proposed or no action"},
    )
    text = LongTextField(
        label="Response",
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Say what action was taken or is proposed, or why there is none. The letter will publish it.",
        error_messages={
            "required": "Enter the action taken or proposed, or why there is none",
        },
    )


def response_initial(response: Response | None, draft: Draft) -> dict[str, Any]:
    """Return the present response, or a draft from the linked actions."""
    if response is not None:
        return {"version": response.version, "kind": response.kind, "text": response.text}
    return {"version": NO_RESPONSE_VERSION, "kind": draft.kind, "text": draft.text}
