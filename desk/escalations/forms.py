from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from web.forms import GovukDateField, GovukForm, LongTextField


class AcknowledgeForm(GovukForm):
    """When something late will be done, or why not.

    Args:
        on: today, the earliest date the form accepts; `latest` is the last.
    """

    words = LongTextField(
        label=gettext_lazy("When it will be done, or why not"),
        max_length=1000,
        help_text=gettext_lazy("The people it would be escalated to next can read this. It stays on record."),
        error_messages={"required": gettext_lazy("Enter when it will be done, or why not")},
    )
    until = GovukDateField(
        label=gettext_lazy("Pause further escalation until"),
        help_text=gettext_lazy("For example, 26 6 2020."),
        error_messages={"required": gettext_lazy("Enter the date to pause further escalation until")},
    )

    def __init__(self, *args: Any, on: date, latest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        until: Any = self.fields["until"]
        until.earliest, until.latest = on, latest
