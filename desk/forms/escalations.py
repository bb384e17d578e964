from datetime import date
from typing import Any

from desk.services.escalations import LONGEST_HOLD
from web.forms import GovukDateField, GovukForm, LongTextField


class AcknowledgeForm(GovukForm):
    """How a late action goes on.

    Args:
        on: today: an acknowledgement holds from today to a day within the next quarter of a year.
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

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        until: Any = self.fields["until"]
        until.earliest, until.latest = on, on + LONGEST_HOLD
