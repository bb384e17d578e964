from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from meetings.models import Minute


class MinuteField(forms.TypedChoiceField):
    """A choice of the minutes that can be cited for a board's decision.

    Args:
        help_text: when it is needed.
    """

    def __init__(
        self,
        help_text: str = gettext_lazy(
            "Of a meeting of a board that decides on this action. You need it to approve."
        ),
    ) -> None:
        super().__init__(
            label=gettext_lazy("Minute of the decision"),
            required=False,
            empty_value=None,
            help_text=help_text,
        )

    def offer(self, minutes: list[Minute]) -> None:
        by_key: dict[str, Any] = {str(minute.pk): minute for minute in minutes}
        self.choices = [
            ("", gettext("No minute")),
            *((key, f"{minute.citation}: {minute.item.title}") for key, minute in by_key.items()),
        ]
        self.coerce = by_key.__getitem__
        if not minutes:
            self.help_text = gettext(
                "There is none yet. Record the board\u2019s meeting and write its minute first."
            )
