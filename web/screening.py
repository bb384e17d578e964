"""Forms that report personal data in free text, and ask for the reason if it must stay."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy

from audit.screening import BAD_REASON, LONGEST_REASON, PERSONAL_DATA_CODE, keeping

KEEP = "keep_personal_data_reason"
"""Name of the field for the reason, in forms and in the API."""


class RetentionReasonMiddleware:
    """Pass the reason why personal data must stay, if a posted form has one, to the services."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Read lazily: the view decides whether to parse the body.
        with keeping(lambda: request.POST.get(KEEP, "")):
            return self.get_response(request)


class RetentionReasonField(forms.CharField):
    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Why it must stay"),
            help_text=(
                gettext_lazy(
                    "Leave this blank if you removed the data. Do not repeat the data: the reason goes in the ledger."
                )
            ),
            required=False,
            max_length=LONGEST_REASON,
            error_messages={
                "max_length": gettext_lazy("The reason must be %(limit_value)d characters or fewer")
            },
        )


class ScreenedForm:
    """A form that reports personal data in its fields, and then asks why it must stay.

    Services read the reason from the request, not from the form's cleaned data.
    """

    fields: dict[str, forms.Field]
    data: Any
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get(KEEP):
            self.add_reason_field()

    def add_reason_field(self) -> None:
        self.fields.setdefault(KEEP, RetentionReasonField())

    @property
    def keep_field(self) -> Any:
        """The bound field for the reason; None if no personal data was reported."""
        form: Any = self
        return form[KEEP] if KEEP in self.fields else None

    def full_clean(self) -> None:
        super().full_clean()  # type: ignore[misc]
        if hasattr(self, "cleaned_data"):
            self.cleaned_data.pop(KEEP, None)

    def add_error(self, field: str | None, error: Any) -> None:
        """Add each finding to the field that contains it, even if the service has another name for that field."""
        if not isinstance(error, ValidationError) or not asks(error):
            super().add_error(field, error)  # type: ignore[misc]
            return
        self.add_reason_field()
        by_field = error.error_dict if hasattr(error, "error_dict") else {field: error.error_list}
        for name, errors in by_field.items():
            for each in errors:
                super().add_error(*self._placed(name, each))  # type: ignore[misc]

    def _placed(self, name: str | None, error: ValidationError) -> tuple[str | None, ValidationError]:
        if error.code == BAD_REASON:
            return KEEP, error
        if error.code != PERSONAL_DATA_CODE or not error.params:
            return name, error
        finding, label = error.params["finding"], error.params["label"]
        holding = [other for other in self.fields if finding.excerpt in self._typed(other)]
        if name not in holding:
            name = holding[0] if holding else name if name in self.fields else None
        if name is not None:
            label = self.fields[name].label or label
        # No parameters: the text may contain a per cent sign.
        return name, ValidationError(
            gettext("“{label}” contains {kind}: {excerpt}").format(
                label=label, kind=finding.kind.label, excerpt=finding.excerpt
            ),
            code=PERSONAL_DATA_CODE,
        )

    def _typed(self, name: str) -> str:
        """Return the value sent for a field; for a file, its name."""
        form: Any = self
        return str(form[name].data or "")


def asks(error: ValidationError) -> bool:
    """Return whether a service raised this because of personal data, or of the reason why it must stay."""
    errors = (
        [each for listed in error.error_dict.values() for each in listed]
        if hasattr(error, "error_dict")
        else error.error_list
    )
    return any(each.code in (PERSONAL_DATA_CODE, BAD_REASON) for each in errors)
