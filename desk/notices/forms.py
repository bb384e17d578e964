from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from desk.notices.models import LONGEST_AHEAD, Frequency, NoticePreference, Weekday
from web.forms import GovukForm


class PreferenceForm(GovukForm):
    """When a person is sent their digest and reminders."""

    frequency = forms.ChoiceField(
        label=gettext_lazy("How often do you want a digest?"),
        choices=Frequency.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("No email is sent on a day when you have no tasks."),
        error_messages={"required": gettext_lazy("Select how often you want a digest")},
    )
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Day of a weekly digest"),
        choices=Weekday.choices,
        coerce=int,
        help_text=gettext_lazy("Only used for once a week."),
    )
    first_reminder = forms.IntegerField(
        label=gettext_lazy("First reminder, in days before the due date"),
        min_value=1,
        max_value=LONGEST_AHEAD,
        help_text=gettext_lazy("For example, 14."),
    )
    last_reminder = forms.IntegerField(
        label=gettext_lazy("Last reminder, in days before the due date"),
        min_value=1,
        max_value=LONGEST_AHEAD,
        help_text=gettext_lazy("Fewer days than the first reminder. For example, 3."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        first, last = cleaned.get("first_reminder"), cleaned.get("last_reminder")
        if first is not None and last is not None and last >= first:
            self.add_error(
                "last_reminder",
                gettext("The last reminder must be fewer days before the due date than the first"),
            )
        return cleaned

    @classmethod
    def of(cls, preference: NoticePreference, data: Any = None) -> "PreferenceForm":
        initial = {name: getattr(preference, name) for name in cls.base_fields}
        return cls(data, initial=initial)
