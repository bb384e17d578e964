"""What a manager says of an API client, and a person of a token of their own."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from partners.organisations.models import Organisation
from partners.scopes import SCOPES
from web.forms import GovukDateField, GovukForm, LongTextField

AT_ONCE, LATER = "at_once", "later"


class ScopesField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        choices = [(name, f"{name}: {words[:1].lower()}{words[1:]}") for name, words in SCOPES.items()]
        super().__init__(choices=choices, **kwargs)


class RegisterForm(GovukForm):
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        help_text="The system sees what a partner contact of this organisation sees, and nothing else.",
    )
    name = forms.CharField(
        label="Name of the system",
        max_length=100,
        help_text="It stands beside everything the system writes. For example, Case system.",
    )
    scopes = ScopesField(label="What it may do")

    def __init__(self, data: Any, *, organisations: QuerySet[Organisation]) -> None:
        super().__init__(data)
        self.fields["organisation"].queryset = organisations


class ScopesForm(GovukForm):
    scopes = ScopesField(
        label="What it may do", help_text="Where you take something away, its tokens end at once."
    )
    note = LongTextField(label="Why", required=False, max_length=500)


class ReplaceSecretForm(GovukForm):
    """A day comes with the choice that asks for one; beside the other it is not looked at."""

    ending = forms.ChoiceField(
        label="When does the present secret end?",
        choices=[
            (LATER, "On a day, so that both work until the system has the new one"),
            (AT_ONCE, "At once, because somebody else may know it: its tokens end too"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select when the present secret ends"},
    )
    former_until = GovukDateField(
        label="Last day of the present secret",
        required=False,
        help_text="Only if it ends on a day. At most 90 days from today.",
    )
    note = LongTextField(label="Why", required=False, max_length=500)

    def __init__(self, data: Any, *, replaces: bool) -> None:
        super().__init__(data)
        if not replaces:
            del self.fields["ending"], self.fields["former_until"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        ending = given.pop("ending", None)
        if ending == AT_ONCE:
            given["former_until"] = None
        elif ending == LATER and not given.get("former_until") and "former_until" not in self.errors:
            self.add_error("former_until", "Enter last day of the present secret")
        return given


class StopForm(GovukForm):
    note = LongTextField(label="Why", required=False, max_length=500)
