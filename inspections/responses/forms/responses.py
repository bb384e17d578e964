from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from inspections.responses.models import Response
from inspections.responses.services.responses import NO_RESPONSE_VERSION, Draft
from web.forms import GovukForm, LongTextField


class ResponseForm(GovukForm):
    """The response to one recommendation."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=NO_RESPONSE_VERSION)
    kind = forms.ChoiceField(
        label=gettext_lazy("What the response is"),
        choices=[
            (Response.Kind.TAKEN.value, gettext_lazy("Action taken")),
            (Response.Kind.PROPOSED.value, gettext_lazy("Action proposed, or under way")),
            (Response.Kind.NONE.value, gettext_lazy("No action, and why")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select action taken, action proposed or no action")},
    )
    text = LongTextField(
        label=gettext_lazy("Response"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy(
            "Say what action was taken or is proposed, or why there is none. The letter will publish it."
        ),
        error_messages={
            "required": gettext_lazy("Enter the action taken or proposed, or why there is none"),
        },
    )


def response_initial(response: Response | None, draft: Draft) -> dict[str, Any]:
    """Return the present response, or a draft from the linked actions."""
    if response is not None:
        return {"version": response.version, "kind": response.kind, "text": response.text}
    return {"version": NO_RESPONSE_VERSION, "kind": draft.kind, "text": draft.text}
