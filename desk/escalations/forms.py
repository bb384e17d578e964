from datetime import date
from typing import Any

from web.forms import GovukDateField, GovukForm, LongTextField


class AcknowledgeForm(GovukForm):
    """How something late goes on.

    Args:
        on: today, the first day until which an acknowledgement can hold; `longest` is the last.
    """

    words = LongTextField(
        label="When it will be done, or why not",
        max_length=1000,
        help_text="Whoever it would be escalated to next reads this. It stays on record.",
        error_messages={"required": "Say when it will be done, or why not"},
    )
    until = GovukDateField(
        label="Until when this holds",
        help_text="It is escalated no further before this day has passed, like 26 6 2020.",
        error_messages={"required": "Enter the day until which this holds"},
    )

    def __init__(self, *args: Any, on: date, longest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        until: Any = self.fields["until"]
        until.earliest, until.latest = on, longest
