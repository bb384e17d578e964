from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext, gettext_lazy

from audit.screening import BAD_REASON
from web.forms import GovukForm
from web.refusals import error_lists
from web.scanner import refuse_infected
from web.screening import KEEP
from web.tables import Problem

REASON_MISSING = gettext_lazy("Enter why the personal data is kept, or remove it from the file")
SHEET_NAME_LENGTH = 31  # Excel's own limit


class ConfirmForm(GovukForm):
    """The reason for keeping personal data, when the file has any."""

    def __init__(self, *args: Any, personal: Sequence[Problem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if personal:
            self.add_reason_field()

    def refuse(self, error: ValidationError) -> None:
        """Show a refusal at the box for the reason: the cells are listed in a table above it."""
        bad_reasons = [
            each for each in error_lists(error).get(NON_FIELD_ERRORS, []) if each.code == BAD_REASON
        ]
        self.add_error(KEEP, bad_reasons[0].messages[0] if bad_reasons else REASON_MISSING)


class ImportForm(GovukForm):
    """The file to import, and the sheet of it to read."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=150,
        help_text=gettext_lazy(
            "An Excel workbook (.xlsx), an OpenDocument spreadsheet (.ods) or a CSV file (.csv)"
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )
    sheet = forms.CharField(
        label=gettext_lazy("Sheet"),
        max_length=SHEET_NAME_LENGTH,
        required=False,
        help_text=gettext_lazy("Leave empty to read the first sheet with the right columns"),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_BYTES:
            limit = filesizeformat(settings.IMPORT_MAX_BYTES)
            raise ValidationError(
                gettext("The selected file must be smaller than {limit}").format(limit=limit),
                code="too_large",
            )
        if not file.name.isprintable():
            raise ValidationError(gettext("Rename the file without control characters"), code="name")
        refuse_infected(file)
        return file
