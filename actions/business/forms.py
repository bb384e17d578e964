from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, gettext_lazy

from actions.business.queries import Business
from meetings.decisions.forms import DecisionForm
from meetings.meetings.forms import VersionForm
from web.language import lazy_text

OTHER = ("", lazy_text("None of these"))


class BusinessDecisionForm(DecisionForm):
    """What a board decided in a minute, with the requests that wait for the board to choose from.

    Args:
        business: what waits for the board.
    """

    business = forms.ChoiceField(
        label=gettext_lazy("Which request did the board decide?"), required=False, widget=forms.RadioSelect
    )
    field_order: ClassVar = ["version", "business", "effect", "wording", "subject", "subject_ref"]

    def __init__(self, *args: Any, business: Sequence[Business], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not business:
            del self.fields["business"]
            return
        choices = [
            (each.key, f"{each.ref} {each.title}".strip() + f": {each.text.lower()}") for each in business
        ]
        self.fields["business"].choices = [*choices, OTHER]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        chosen = data.pop("business", "")
        if chosen:
            subject, _, ref = chosen.partition(":")
            if data.get("subject") or data.get("subject_ref"):
                self.add_error(
                    "subject", gettext("Leave this and the reference empty where you choose a request above")
                )
            data |= {"subject": subject, "subject_ref": ref}
        return super().clean()


class ActionForm(VersionForm):
    """Record which action of a plan an action arising became."""

    ref = forms.CharField(
        label=gettext_lazy("Reference of the action"),
        max_length=24,
        help_text=gettext_lazy("For example, WY20-ID-03."),
        error_messages={"required": gettext_lazy("Enter the reference of the action")},
    )
