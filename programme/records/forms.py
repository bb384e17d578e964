"""Forms of records, made from their tables."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.forms.models import fields_for_model
from django.utils.translation import gettext, gettext_lazy

from audit.actors import Reader
from partners.models import Partnership
from programme.records.models import choices_of
from programme.records.resources import HANDLING, ORIGIN, Resource
from programme.records.services.records import PUBLICATION
from web.forms import GovukDateField, GovukForm, LongTextField, PoundsField, WholeNumberField
from web.text import LongText

NUMBERS = {
    models.PositiveIntegerField: WholeNumberField,
    models.PositiveSmallIntegerField: WholeNumberField,
    models.DecimalField: PoundsField,
}
NARROW = {"class": "govuk-input--width-10"}


class RecordForm(GovukForm):
    """A record's own fields, where it comes from, and how it is handled.

    Args:
        resource: the table of the record.
        user, on: whose choices these are, on which day.
        partnerships: where a new record may be added; asked for only where there is a choice. None on a change.
        decides: whether the user decides on publication.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    partnership = forms.ModelChoiceField(Partnership.objects.none(), label=gettext_lazy("Partnership"))

    def __init__(
        self,
        *args: Any,
        resource: Resource,
        user: Reader,
        on: date,
        partnerships: Any = None,
        within: Iterable[int] = (),
        decides: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        names = [name for name in resource.all_fields if decides or name not in PUBLICATION]
        self.fields.update(fields_for_model(resource.model, fields=names, formfield_callback=form_field))
        for name in names:
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                related = resource.column(name).related_model
                rows = choices_of(related, user=user, on=on, partnerships=list(within))
                field.queryset = rows.filter(resource.offered.get(name, Q()))
        self.order_fields(["version", "partnership", *names])
        if partnerships is not None:
            del self.fields["version"]
        if partnerships is None or len(partnerships) == 1:
            del self.fields["partnership"]
        else:
            self.fields["partnership"].queryset = partnerships  # type: ignore[attr-defined]
        self.word_errors()

    @property
    def own(self) -> list[Any]:
        """The fields of this kind of record alone."""
        frame = {*ORIGIN, *HANDLING, "keep_personal_data_reason"}
        return [bound for bound in self if bound.name not in frame]


class PartnershipForm(GovukForm):
    """The partnership that a file is imported into."""

    partnership = forms.ModelChoiceField(
        Partnership.objects.none(),
        label=gettext_lazy("Partnership"),
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, partnerships: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partnership"].queryset = partnerships  # type: ignore[attr-defined]


def record_initial(resource: Resource, row: Any) -> dict[str, Any]:
    """Return what the form of a record begins with; a foreign key as its id."""
    fields = [resource.column(name) for name in resource.all_fields]
    return {field.name: getattr(row, field.attname) for field in fields} | {"version": row.version}


def form_field(column: "models.Field[Any, Any]", **kwargs: Any) -> Any:
    """Return the form field of a column, in the way of these pages."""
    if isinstance(column, models.DateField):
        words = {"required": gettext("Enter the day on which this was so")} if column.name == "as_at" else {}
        return GovukDateField(
            label=column.verbose_name[:1].upper() + column.verbose_name[1:],
            required=not column.blank,
            help_text=column.help_text,
            error_messages=words,
        )
    if isinstance(column, LongText):
        kwargs["form_class"] = LongTextField
    for kind, form_class in NUMBERS.items():
        if isinstance(column, kind):
            kwargs["form_class"] = form_class
    field: Any = column.formfield(**kwargs)
    if isinstance(column, models.TextField):
        field.widget.attrs["rows"] = 3
    if isinstance(column, tuple(NUMBERS)):
        field.widget.attrs.update(NARROW)
    return field
