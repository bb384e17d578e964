"""The form of the questions that a return is returned with."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from returns.services.contents import Line
from web.forms import GovukForm, LongTextField


class QuestionForm(GovukForm):
    """The questions that a return is returned with."""

    question = LongTextField(
        label=gettext_lazy("Question about the whole return"), max_length=2000, required=False
    )

    def __init__(self, lines: Sequence[Line], data: QueryDict | None) -> None:
        super().__init__(data)
        self.lines = [line for line in lines if line.row is not None and line.row.update_id is not None]
        for line in self.lines:
            self.fields[f"question_{line.action.pk}"] = LongTextField(
                label=gettext("Question about {ref} {title}").format(
                    ref=line.action.ref, title=line.action.title
                ),
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        self.word_errors()

    def by_action(self) -> dict[int, str]:
        return {line.action.pk: self.cleaned_data[f"question_{line.action.pk}"] for line in self.lines}
