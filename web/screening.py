"""How pages ask about personal data in free text: what was found stands at its field, and one box takes the reason."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from audit.screening import BAD_REASON, FOUND, LONGEST_REASON, keeping

KEEP = "keep_personal_data_reason"
"""The name that the reason is sent by, in forms and in the API alike."""


class RetentionReasonMiddleware:
    """Let whatever a posted form changes know the reason, if any, that its sender gave to keep personal data."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Read late: the body of a request is the view's to parse, or to refuse.
        with keeping(lambda: request.POST.get(KEEP, "")):
            return self.get_response(request)


class KeepField(forms.CharField):
    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(
        self,
        *,
        label: str = "Why it is kept",
        help_text: str = (
            "Leave it empty if you took it out. The reason is recorded: give it without the number or address."
        ),
    ) -> None:
        too_long = f"{label} must be %(limit_value)d characters or fewer"
        super().__init__(
            label=label,
            help_text=help_text,
            required=False,
            max_length=LONGEST_REASON,
            error_messages={"max_length": too_long},
        )


class AskingForm:
    """A form that shows what was found in its fields, and then has a box for the reason to keep it.

    Services read the reason from the request, not from the form's cleaned data.
    """

    fields: dict[str, forms.Field]
    data: Any
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get(KEEP):
            self.ask_to_keep()

    def ask_to_keep(self) -> None:
        self.fields.setdefault(KEEP, KeepField())

    @property
    def keep_field(self) -> Any:
        """The bound box for the reason; None while nothing was found."""
        form: Any = self
        return form[KEEP] if KEEP in self.fields else None

    def full_clean(self) -> None:
        super().full_clean()  # type: ignore[misc]
        if hasattr(self, "cleaned_data"):
            self.cleaned_data.pop(KEEP, None)

    def add_error(self, field: str | None, error: Any) -> None:
        """Put each finding at the field that holds it, whatever the service calls it."""
        if not isinstance(error, ValidationError) or not asks(error):
            super().add_error(field, error)  # type: ignore[misc]
            return
        self.ask_to_keep()
        by_field = error.error_dict if hasattr(error, "error_dict") else {field: error.error_list}
        for name, errors in by_field.items():
            for each in errors:
                super().add_error(*self._placed(name, each))  # type: ignore[misc]

    def _placed(self, name: str | None, error: ValidationError) -> tuple[str | None, ValidationError]:
        if error.code == BAD_REASON:
            return KEEP, error
        if error.code != FOUND or not error.params:
            return name, error
        finding, label = error.params["finding"], error.params["label"]
        holding = [other for other in self.fields if finding.excerpt in self._typed(other)]
        if name not in holding:
            name = holding[0] if holding else name if name in self.fields else None
        if name is not None:
            label = self.fields[name].label or label
        # No parameters: what was typed may hold a per cent sign.
        return name, ValidationError(f"“{label}” holds {finding.kind.label}: {finding.excerpt}", code=FOUND)

    def _typed(self, name: str) -> str:
        """Return what was sent for a field: a file by its name."""
        form: Any = self
        return str(form[name].data or "")


def asks(error: ValidationError) -> bool:
    """Say whether a service refused because of personal data, or of the reason given to keep it."""
    errors = (
        [each for listed in error.error_dict.values() for each in listed]
        if hasattr(error, "error_dict")
        else error.error_list
    )
    return any(each.code in (FOUND, BAD_REASON) for each in errors)
