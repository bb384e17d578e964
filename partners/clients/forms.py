"""Forms for API clients and their secrets."""

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
        choices = [(name, f"{name}: {text[:1].lower()}{text[1:]}") for name, text in SCOPES.items()]
        super().__init__(choices=choices, **kwargs)


class RegisterForm(GovukForm):
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        empty_label="Choose an organisation",
        help_text="The system sees only what a partner contact at this organisation sees.",
    )
    name = forms.CharField(
        label="Name of the system",
        max_length=100,
        help_text="Shown next to every change the system makes. For example, Case system.",
    )
    scopes = ScopesField(label="Permissions")

    def __init__(self, data: Any, *, organisations: QuerySet[Organisation]) -> None:
        super().__init__(data)
        self.fields["organisation"].queryset = organisations


class ScopesForm(GovukForm):
    scopes = ScopesField(
        label="Permissions",
        help_text="If you remove a permission, the current access tokens of the system stop working.",
    )
    note = LongTextField(label="Reason", required=False, max_length=500)


class ReplaceSecretForm(GovukForm):
    """Read the last day only with the choice that needs it."""

    ending = forms.ChoiceField(
        label="When should the current secret expire?",
        choices=[
            (LATER, "On a later date, so that both secrets work until then"),
            (AT_ONCE, "Now, because someone else may know it. Current access tokens stop working too"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select when the current secret should expire"},
    )
    former_until = GovukDateField(
        label="Last day of the current secret",
        required=False,
        help_text="If you chose a later date. It must be within 90 days.",
    )
    note = LongTextField(label="Reason", required=False, max_length=500)

    def __init__(self, data: Any, *, replaces: bool) -> None:
        super().__init__(data)
        if not replaces:
            del self.fields["ending"], self.fields["former_until"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        ending = data.pop("ending", None)
        if ending == AT_ONCE:
            data["former_until"] = None
        elif ending == LATER and not data.get("former_until") and "former_until" not in self.errors:
            self.add_error("former_until", "Enter the last day of the current secret")
        return data


class StopForm(GovukForm):
    note = LongTextField(label="Reason", required=False, max_length=500)
