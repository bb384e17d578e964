"""Forms in GOV.UK markup, with error messages that say how to put things right."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.utils import pretty_name
from django.utils.choices import BlankChoiceIterator
from django.utils.translation import gettext

from web.dates import DateInput, GovukDateField
from web.language import with_article
from web.screening import ScreenedForm

__all__ = [
    "DateInput",
    "GovukDateField",
    "GovukForm",
    "GovukFormMixin",
    "GovukRenderer",
    "LongTextField",
    "PercentField",
    "PoundsField",
    "WholeNumberField",
]

# Django's first option of a select, which says nothing.
(BLANK,) = BLANK_CHOICE_DASH
DASHES = BLANK[1]
CHOICE_FIELDS = (forms.ChoiceField, forms.ModelChoiceField)
TEMPLATES = {
    "django/forms/widgets/select.html": "govuk/widgets/select.html",
    "django/forms/widgets/radio.html": "govuk/widgets/radios.html",
    "django/forms/widgets/checkbox_select.html": "govuk/widgets/checkboxes.html",
    "django/forms/widgets/checkbox.html": "govuk/widgets/checkbox.html",
    "django/forms/widgets/textarea.html": "govuk/widgets/textarea.html",
    **dict.fromkeys(
        (
            f"django/forms/widgets/{name}.html"
            for name in (
                "text",
                "number",
                "email",
                "url",
                "password",
                "hidden",
                "file",
                "clearable_file_input",
            )
        ),
        "govuk/widgets/input.html",
    ),
}
# First words of labels that need an article in "Enter the title".
TAKE_THE = frozenset({"first", "last", "name", "note", "number", "reason", "reference", "text", "title"})
# Browsers enforce these limits by silently cutting pasted text. The server's message and the counter do better.
SILENT_LIMITS = ("placeholder", "maxlength", "minlength", "min", "max", "step", "cols")
STYLES = {
    forms.Textarea: "govuk-textarea",
    forms.Select: "govuk-select",
    forms.FileInput: "govuk-file-upload",
    forms.CheckboxInput: "",
    forms.RadioSelect: "",
    forms.CheckboxSelectMultiple: "",
    forms.widgets.Input: "govuk-input",
}


class GovukRenderer(TemplatesSetting):
    """Render forms and fields from templates/govuk/; other apps' widgets stay Django's."""

    form_template_name = "govuk/form.html"
    field_template_name = "govuk/field.html"


class GovukBoundField(BoundField):
    """A field with the ids that GOV.UK Frontend expects: x-hint, x-error and x-info."""

    def __init__(self, form: Any, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        widget: Any = field.widget
        if not isinstance(widget, DateInput):
            widget.template_name = TEMPLATES.get(widget.template_name, widget.template_name)
        for limit in SILENT_LIMITS:
            widget.attrs.pop(limit, None)
        if isinstance(widget, forms.NumberInput):
            widget.input_type = "text"
            widget.attrs.setdefault("inputmode", "numeric")

    @property
    def max_length(self) -> int | None:
        """Limit for the character counter; only for long text."""
        is_long = isinstance(self.field.widget, forms.Textarea)
        return getattr(self.field, "max_length", None) if is_long else None

    @property
    def stored_file(self) -> Any:
        """The file that was sent with the form before and is stored (web.temporary_files); None if there is none."""
        return getattr(self.form, "stored_files", {}).get(self.html_name)

    @property
    def is_date(self) -> bool:
        return isinstance(self.field.widget, DateInput)

    @property
    def use_fieldset(self) -> bool:
        return isinstance(self.field.widget, DateInput | forms.RadioSelect | forms.CheckboxSelectMultiple)

    @property
    def is_single_checkbox(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def shows_optional(self) -> bool:
        marks = getattr(self.form, "mark_optional", False)
        return bool(marks and not self.field.required and not self.is_single_checkbox)

    @property
    def aria_describedby(self) -> str | None:
        if not self.auto_id or self.is_hidden:
            return None
        ids = [self.field.widget.attrs.get("aria-describedby")]
        ids.append(f"{self.auto_id}-stored" if self.stored_file else None)
        ids.append(f"{self.auto_id}-hint" if self.help_text else None)
        ids.append(f"{self.auto_id}-error" if self.errors else None)
        ids.append(f"{self.auto_id}-info" if self.max_length else None)
        return " ".join(filter(None, ids)) or None

    @property
    def focus_id(self) -> str:
        """ID of the control that an error links to: the first of a group, the wrong part of a date."""
        if self.is_date:
            return f"{self.auto_id}_{self.wrong_parts[0] if self.wrong_parts else 0}"
        if isinstance(self.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            return f"{self.auto_id}_0"
        return self.auto_id

    @property
    def wrong_parts(self) -> list[int]:
        """Indexes of the wrong parts of a date; all of them if no single part is wrong."""
        if not self.is_date or not self.errors:
            return []
        params = self.errors.as_data()[0].params
        return list(params.get("parts", [0, 1, 2])) if isinstance(params, dict) else [0, 1, 2]

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if isinstance(widget, DateInput):
            widget.mark(self.wrong_parts)
            attrs.pop("aria-invalid", None)
        elif not widget.is_hidden and (style := _style(widget)):
            wrong = f"{style}--error" if self.errors else ""
            counted = "govuk-js-character-count" if self.max_length else ""
            attrs["class"] = " ".join(filter(None, [style, wrong, counted, widget.attrs.get("class")]))
        return attrs


class GovukFormMixin:
    """GOV.UK markup, and error messages that name the field and say what to do.

    Set `mark_optional` to False if every field is optional, as in a filter.
    """

    default_renderer: Any = GovukRenderer
    bound_field_class: Any = GovukBoundField
    use_required_attribute = False
    mark_optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.word_errors()

    def word_errors(self) -> None:
        """Reword Django's messages for each field, but not those that the form declares.

        A form that was not sent has no errors, and one that was sent empty only those of its required fields: most pages
        with a form or filters need no messages, which would take longer than the form itself.
        """
        form: Any = self
        is_filled = bool(form.data or form.files)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            label = str(field.label or pretty_name(name))
            if isinstance(field, GovukDateField):
                field.subject = label
            if form.is_bound and (is_filled or field.required):
                for code, message in _wording(field, label).items():
                    if _is_default(field, code):
                        field.error_messages[code] = message
            if isinstance(field, forms.ModelChoiceField):
                field.empty_label = _first(field, label) if field.empty_label == DASHES else field.empty_label
            elif isinstance(field, forms.ChoiceField) and isinstance(field.choices, BlankChoiceIterator):
                first = _first(field, label)
                field.choices = [("", first) if choice == BLANK else choice for choice in field.choices]

    @property
    def error_list(self) -> Iterator[dict[str, str]]:
        """Every error with a link to its control, in the order of the page."""
        form: Any = self
        for message in form.non_field_errors():
            yield {"href": "", "text": message}
        for bound in form:
            for message in bound.errors:
                if bound.is_hidden:
                    yield {"href": "", "text": f"{bound.label}: {message}"}
                else:
                    yield {"href": f"#{bound.focus_id}", "text": message}


class LongTextField(forms.CharField):
    """Text of several lines. A line end counts as one character, as in the character counter."""

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class PercentField(forms.IntegerField):
    """A whole number from 0 to 100, with or without a percent sign."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.NumberInput(attrs={"class": "govuk-input--width-3"})
        super().__init__(**{"min_value": 0, "max_value": 100, "widget": widget, **kwargs})

    def to_python(self, value: Any) -> int | None:
        return super().to_python(_bare(value, "%"))


class WholeNumberField(forms.IntegerField):
    """A whole number, with or without commas between thousands."""

    def to_python(self, value: Any) -> int | None:
        return super().to_python(_bare(value, ","))


class PoundsField(forms.DecimalField):
    """An amount in pounds, with or without a pound sign and commas between thousands."""

    def to_python(self, value: Any) -> Decimal | None:
        return super().to_python(_bare(value, "£,"))


def _bare(value: Any, marks: str) -> Any:
    """Return what was typed without the marks that people write in numbers."""
    if not isinstance(value, str):
        return value
    return value.translate(dict.fromkeys(map(ord, marks))).strip()


class GovukForm(ScreenedForm, GovukFormMixin, forms.Form):
    pass


def _style(widget: forms.Widget) -> str:
    return next((style for kind, style in STYLES.items() if isinstance(widget, kind)), "")


def _is_default(field: forms.Field, code: str) -> bool:
    """Return whether a message is the one that Django's class of the field has, and not the form's own."""
    current = field.error_messages.get(code)
    classes = (vars(kind).get("default_error_messages", {}) for kind in type(field).__mro__)
    return current is None or any(current is messages.get(code) for messages in classes)


def _in_sentence(label: str) -> str:
    """Return a label as it is written inside a sentence; an abbreviation keeps its capitals."""
    return label if label[1:2].isupper() or label[1:2] == " " else label[:1].lower() + label[1:]


def _first(field: forms.Field, label: str) -> str:
    """Return what a list of choices shows while none is chosen."""
    if not field.required:
        return gettext("None")
    return gettext("Choose {label}").format(label=with_article(_in_sentence(label)))


def _wording(field: forms.Field, label: str) -> dict[str, str]:
    lower = _in_sentence(label)
    if label.endswith("?"):
        question = gettext("Answer the question: {label}").format(label=label)
        return _wording(field, gettext("The answer")) | {"required": question}
    if isinstance(field, forms.BooleanField):
        return {"required": gettext("Confirm: {label}").format(label=lower)}
    if isinstance(field, CHOICE_FIELDS):
        choice = gettext("Choose {label} from the list").format(label=lower)
        select = gettext("Select {label}").format(label=lower)
        return {"required": select, "invalid_choice": choice, "invalid_pk_value": choice}
    if isinstance(field, forms.FileField):
        return {
            **dict.fromkeys(("required", "invalid", "missing"), gettext("Select a file")),
            "empty": gettext("The selected file is empty"),
            "max_length": gettext("The file name must be %(max)d characters or fewer"),
        }
    escaped = label.replace("%", "%%")
    takes_the = lower.split(maxsplit=1)[0] in TAKE_THE
    words = {
        "required": (gettext("Enter the {label}") if takes_the else gettext("Enter {label}")).format(
            label=lower
        ),
        "max_length": gettext("{label} must be %(limit_value)d characters or fewer").format(label=escaped),
        "min_length": gettext("{label} must be %(limit_value)d characters or more").format(label=escaped),
        "max_value": gettext("{label} must be %(limit_value)s or less").format(label=escaped),
        "min_value": gettext("{label} must be %(limit_value)s or more").format(label=escaped),
    }
    if isinstance(field, forms.EmailField):
        words["invalid"] = gettext("Enter {label} in the correct format, like name@example.org").format(
            label=with_article(_in_sentence(label))
        )
    elif isinstance(field, forms.DecimalField):
        example = gettext("{label} must be an amount in pounds and pence, like 4,102.95").format(label=label)
        words |= {"invalid": example, "max_decimal_places": example}
        too_large = gettext("{label} is too large").format(label=label)
        words |= dict.fromkeys(("max_digits", "max_whole_digits"), too_large)
    elif isinstance(field, forms.IntegerField):
        words["invalid"] = gettext("{label} must be a whole number, like 40").format(label=label)
    elif isinstance(field, forms.URLField):
        words["invalid"] = gettext(
            "{label} must be a full web address, like https://www.example.org/paper"
        ).format(label=label)
    return words
