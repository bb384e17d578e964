from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.core.validators import URLValidator
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext, gettext_lazy

from web.forms import GovukDateField, GovukForm
from web.language import lazy_text
from web.uploads import check

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict

    from actions.core.models import Action


TITLE = 200


KINDS = lazy_text("PDF, Word, Excel, PowerPoint, OpenDocument, CSV, text, PNG or JPEG")


class LinkField(forms.URLField):
    default_validators: ClassVar = [URLValidator(schemes=["https"])]


class EvidenceFields(GovukForm):
    """A title with either a file or a link. In a form where evidence is optional, all three may be empty."""

    title = forms.CharField(
        label=gettext_lazy("Evidence title"),
        max_length=TITLE,
        required=False,
        help_text=gettext_lazy(
            "For example, “Attendance at the May briefings”. Leave it empty to use the name of the file or link."
        ),
    )
    file = forms.FileField(label=gettext_lazy("File"), required=False)
    url = LinkField(
        label=gettext_lazy("Or a link"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("A link to the document on your own system. It must start with https://"),
        error_messages={"invalid": gettext_lazy("Enter a full web address that starts with https://")},
    )
    needs_evidence = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = filesizeformat(settings.EVIDENCE_MAX_BYTES)
        self.fields["file"].help_text = gettext("{kinds}, up to {limit}.").format(kinds=KINDS, limit=limit)

    def clean_file(self) -> "UploadedFile[Any] | None":
        """Look at the file now, so that its faults stand beside those of the other answers."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file:
            check(file, limit=settings.EVIDENCE_MAX_BYTES)
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        wrong = self.has_error("file") or self.has_error("url")
        has_evidence = bool(cleaned.get("file") or cleaned.get("url") or wrong)
        if cleaned.get("file") and cleaned.get("url"):
            self.add_error(
                "url", gettext("Choose a file or a link, not both. Add the other as separate evidence")
            )
        if not has_evidence and (self.needs_evidence or cleaned.get("title")):
            self.add_error("file", gettext("Select a file, or enter a link"))
        if not cleaned.get("title") and not self.has_error("title"):
            file, url = cleaned.get("file"), cleaned.get("url")
            cleaned["title"] = (PurePath(file.name or "").name if file else url or "")[:TITLE]
        return cleaned


class RowEvidenceForm(EvidenceFields):
    """Evidence of one action in a form about many. It is named after its file or address where nobody names it."""

    mark_optional = False

    def __init__(self, action: "Action", data: "QueryDict | None" = None, files: Any = None) -> None:
        super().__init__(data, files, prefix=f"evidence-{action.pk}")
        self.action = action
        self.fields["title"].help_text = gettext("Leave it empty to use the name of the file or link.")
        self.fields["url"].help_text = gettext("It must start with https://")

    @property
    def is_given(self) -> bool:
        return (
            self.is_bound and self.is_valid() and bool(self.cleaned_data["file"] or self.cleaned_data["url"])
        )

    def begin_anew(self) -> None:
        """Show the fields empty; their stored values do not change."""
        self.is_bound, self.data, self.files, self._errors = False, {}, {}, None


class EvidenceForm(EvidenceFields):
    """Evidence on its own.

    Args:
        on: today; evidence cannot be about a later date.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    effective_on = GovukDateField(
        label=gettext_lazy("Date it is about"),
        required=False,
        help_text=gettext_lazy(
            "The date of the event or document, for example 27 3 2020. Leave it empty for today."
        ),
    )
    expires_on = GovukDateField(
        label=gettext_lazy("Expiry date"),
        required=False,
        help_text=gettext_lazy(
            "The last day it is valid, for example 31 3 2021. Leave it empty if it does not expire."
        ),
    )
    needs_evidence = True
    mark_optional = False
    field_order: ClassVar = ["version", "title", "file", "url", "effective_on", "expires_on"]

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        effective: Any = self.fields["effective_on"]
        expires: Any = self.fields["expires_on"]
        effective.latest, expires.earliest = on, on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        effective, expires = cleaned.get("effective_on"), cleaned.get("expires_on")
        if effective and expires and expires < effective:
            self.add_error("expires_on", gettext("The expiry date must not be before the date it is about"))
        return cleaned
