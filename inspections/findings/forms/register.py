from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from inspections.core.states import RegisterState
from web.forms import GovukDateField, GovukForm, LongTextField


class RegisterForm(GovukForm):
    """The status in the inspecting body's register.

    Args:
        on: today: what a register will say is not known.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    state = forms.ChoiceField(
        label=gettext_lazy("Register status"),
        choices=RegisterState,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select the register status")},
    )
    as_at = GovukDateField(
        label=gettext_lazy("As at"), help_text=gettext_lazy("The day you checked the register.")
    )
    comment = LongTextField(
        label=gettext_lazy("Comment"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("The comment in the register, or where you saw it."),
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["as_at"].latest = on  # type: ignore[attr-defined]
