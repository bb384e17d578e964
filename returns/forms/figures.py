"""The small forms of a return's figures: one for each training programme, panel and month, and profile."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import fields_for_model
from django.http import QueryDict

from programme.records.forms import form_field
from returns.models import ReturnFigure
from returns.services.figures import FigureDraft, FigureLine, content_of
from web.forms import GovukForm
from web.refusals import refuse


class FigureForm(GovukForm):
    """The figures on one line. Every field is optional."""

    mark_optional = False

    # Not sent for a line that the page did not have when it was opened.
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, line: FigureLine, data: QueryDict | None) -> None:
        content = content_of(row=line.row, part=line.part)
        initial = {"version": line.row.version if line.row else 0, **content}
        super().__init__(data, prefix=f"figures-{line.key}", initial=initial)
        self.line = line
        names = line.part.fields
        self.fields.update(fields_for_model(ReturnFigure, fields=names, formfield_callback=form_field))
        self.word_errors()

    @property
    def own(self) -> list[Any]:
        return [self[name] for name in self.line.part.fields]

    @property
    def was_sent(self) -> bool:
        return self.add_prefix("version") in self.data

    def draft(self) -> FigureDraft:
        values = {name: self.cleaned_data[name] for name in self.line.part.fields}
        return FigureDraft(key=self.line.key, values=values, version=self.cleaned_data["version"])

    def refuse(self, error: ValidationError) -> None:
        """Show why these figures were not saved, at their fields."""
        refuse(self, error)
