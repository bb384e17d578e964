from typing import Any

from django import forms
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from partners.organisations.boards import Board, BoardSeat
from partners.organisations.pages import LABELS, ReferenceKind
from partners.partnerships.models import Partnership
from web.forms import GovukDateField, GovukFormMixin
from web.quick import GroupForm
from web.screening import ScreenedForm


def _field_of(column: Any, **options: Any) -> Any:
    """Return the form field of a column: days in three boxes, as everywhere."""
    if isinstance(column, models.DateField):
        label = str(column.verbose_name)
        return GovukDateField(
            label=label[:1].upper() + label[1:], required=not column.blank, help_text=column.help_text
        )
    if column.name in LABELS:
        options["label"] = LABELS[column.name]
    return column.formfield(**options)


class ReferenceForm(ScreenedForm, GovukFormMixin, forms.ModelForm):
    """One row of reference data; what it refers to is of the same partnership.

    Args:
        partnership: that of the row.
        kind: what the row is. A saved row that stays with its parent is not asked for it.
        version: the version of a saved row (audit.versions); None for a new one.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, partnership: Partnership, kind: ReferenceKind, version: int | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = version
        left_out = {"version"} if version is None else {kind.parent_field} if kind.is_fixed else set()
        for name in left_out:
            del self.fields[name]
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                rows: Any = field.queryset
                path = getattr(rows.model, "partnership_path", "partnership")
                field.queryset = rows.filter(**{path: partnership})
                if rows.model is self.instance._meta.model:
                    field.queryset = field.queryset.exclude(pk=self.instance.pk)
                if rows.model is BoardSeat:
                    self._offer_seats(field)

    def _offer_seats(self, field: forms.ModelChoiceField) -> None:
        """Offer the seats of the same board, or of every board by its name while no board is fixed."""
        rows: Any = field.queryset
        field.queryset = rows.select_related("board", "organisation")
        if self.instance.board_id:
            field.queryset = field.queryset.filter(board=self.instance.board_id)
        else:
            field.label_from_instance = lambda seat: f"{seat.board}: {seat}"  # type: ignore[method-assign]


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

    board = forms.ModelChoiceField(
        Board.objects.none(), label=gettext_lazy("Board"), required=False, empty_label=gettext_lazy("Any")
    )

    def __init__(self, *args: Any, boards: QuerySet[Board], path: str = "board", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = boards  # type: ignore[attr-defined]
        self.path = path

    def condition(self) -> Q:
        board = self.cleaned_data["board"]
        return super().condition() & (Q(**{self.path: board}) if board else Q())
