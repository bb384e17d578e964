from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.template.defaultfilters import filesizeformat

from audit.screening import BAD_REASON
from web.forms import GovukForm
from web.refusals import error_lists
from web.screening import KEEP
from web.tables import Problem

NO_REASON = "Say why the personal data in the file is kept, or take it out of the file"
LONGEST_SHEET_NAME = 31  # Excel's own limit


class ConfirmForm(GovukForm):
    """Why personal data in the file is kept, where it holds any."""

    def __init__(self, *args: Any, personal: Sequence[Problem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if personal:
            self.add_reason_field()

    def refuse(self, error: ValidationError) -> None:
        """Say at the box what a service found wanting: the cells stand in the table above it."""
        bad = [each for each in error_lists(error).get(NON_FIELD_ERRORS, []) if each.code == BAD_REASON]
        self.add_error(KEEP, bad[0].messages[0] if bad else NO_REASON)


class ImportForm(GovukForm):
    """The file that a plan or findings are kept in, and the sheet of it to read."""

    file = forms.FileField(
        label="File",
        max_length=150,
        help_text="An Excel workbook (.xlsx) or a CSV file (.csv)",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    sheet = forms.CharField(
        max_length=LONGEST_SHEET_NAME,
        required=False,
        help_text="The name of the sheet. Left empty, the first sheet with a header that fits is read.",
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_BYTES:
            most = filesizeformat(settings.IMPORT_MAX_BYTES)
            raise ValidationError(f"The selected file must be smaller than {most}", code="too_large")
        if not file.name.isprintable():
            raise ValidationError("The name of the file must not contain control characters", code="name")
        return file
