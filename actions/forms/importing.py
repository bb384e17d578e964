from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat

from web.forms import GovukForm

LONGEST_SHEET_NAME = 31  # Excel's own limit


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
