from typing import Any

from django import forms

from desk.notices.models import LONGEST_AHEAD, Frequency, NoticePreference, Weekday
from web.forms import GovukForm


class PreferenceForm(GovukForm):
    """When a person is sent a digest and reminded."""

    frequency = forms.ChoiceField(
        label="How often you want a digest",
        choices=Frequency.choices,
        widget=forms.RadioSelect,
        help_text="Nothing is sent on a day when nothing is wanted from you.",
        error_messages={"required": "Select how often you want a digest"},
    )
    weekday = forms.TypedChoiceField(
        label="Day of a weekly digest", choices=Weekday.choices, coerce=int, help_text="For once a week only."
    )
    first_reminder = forms.IntegerField(
        label="First reminder, in days before",
        min_value=1,
        max_value=LONGEST_AHEAD,
        help_text="How long before the day by which something is wanted you are first reminded, like 14.",
    )
    last_reminder = forms.IntegerField(
        label="Last reminder, in days before",
        min_value=1,
        max_value=LONGEST_AHEAD,
        help_text="Nearer to the day than the first, like 3.",
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        first, last = given.get("first_reminder"), given.get("last_reminder")
        if first is not None and last is not None and last >= first:
            self.add_error("last_reminder", "The last reminder must come nearer to the day than the first")
        return given

    @classmethod
    def of(cls, preference: NoticePreference, data: Any = None) -> "PreferenceForm":
        initial = {name: getattr(preference, name) for name in cls.base_fields}
        return cls(data, initial=initial)
