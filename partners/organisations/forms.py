from typing import Any

from django import forms
from django.db import models
from django.db.models import Q, QuerySet

from partners.organisations.boards import Board
from partners.organisations.pages import ReferenceKind
from web.forms import GovukDateField, GovukFormMixin
from web.quick import GroupForm
from web.screening import ScreenedForm

LABELS = {"order": "Place in lists", "area": "District", "parent": "Part of", "succeeds": "Took over from"}


def _field_of(column: Any, **options: Any) -> Any:
    """Return the form field of a column: days in three boxes, as everywhere."""
    if isinstance(column, models.DateField):
        label = str(column.verbose_name)
        return GovukDateField(
            label=label[:1].upper() + label[1:], required=not column.blank, help_text=column.help_text
        )
    return column.formfield(**options)


class ReferenceForm(ScreenedForm, GovukFormMixin, forms.ModelForm):
    """One row of reference data; what it refers to is of the same partnership."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            if isinstance(field, forms.ModelChoiceField):
                rows: Any = field.queryset
                field.queryset = rows.filter(partnership=self.instance.partnership)
                if field.queryset.model is self.instance._meta.model:
                    field.queryset = field.queryset.exclude(pk=self.instance.pk)
        self.word_errors()


def form_of(*, kind: ReferenceKind) -> type[ReferenceForm]:
    """Return the form of a kind of reference data."""
    form: type[ReferenceForm] = forms.modelform_factory(
        kind.model, form=ReferenceForm, fields=kind.fields, formfield_callback=_field_of
    )
    return form


class BoardListForm(GroupForm):
    """The filter of a list by groups of rows and by board.

    Args:
        boards: those whose rows the user can see.
        path: of the rows to their board.
    """

    board = forms.ModelChoiceField(Board.objects.none(), required=False, empty_label="Any")

    def __init__(self, *args: Any, boards: QuerySet[Board], path: str = "board", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = boards  # type: ignore[attr-defined]
        self.path = path

    def condition(self) -> Q:
        board = self.cleaned_data["board"]
        return super().condition() & (Q(**{self.path: board}) if board else Q())
