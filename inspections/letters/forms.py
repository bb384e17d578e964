from datetime import date
from typing import Any, ClassVar

from django import forms

from inspections.findings.models.inspections import Inspection
from inspections.responses.models import PublishedResponse
from web.forms import GovukDateField, GovukForm, LongTextField

WORDS = ("dated", "reference", "salutation", "introduction", "closing", "signatory", "copies_to")


class LetterForm(GovukForm):
    """The parts of a letter that its author writes."""

    dated = GovukDateField(
        label="Date of the letter", help_text="For example, 19 6 2020. It can be in the future."
    )
    reference = forms.CharField(
        label="Our reference",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    salutation = forms.CharField(
        label="Salutation",
        max_length=120,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    introduction = LongTextField(
        label="Introduction", max_length=8000, widget=forms.Textarea(attrs={"rows": 10})
    )
    closing = LongTextField(
        label="Closing words",
        max_length=4000,
        required=False,
        help_text="“Yours sincerely” is added for you.",
    )
    signatory = forms.CharField(
        label="Who signs",
        max_length=160,
        help_text="The office, not the person. For example, Police and Crime Commissioner for West Yorkshire.",
    )
    copies_to = forms.CharField(label="Copy to", max_length=300)


class LetterEditForm(LetterForm):
    """Changes to a draft. A correction also explains what it corrects."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    correction_reason = LongTextField(
        label="What this version corrects",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The letter includes this text.",
    )
    field_order: ClassVar = ["version", "correction_reason", *WORDS]

    def __init__(self, *args: Any, is_correction: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_correction:
            del self.fields["correction_reason"]


class ApproveForm(GovukForm):
    """Approval of exactly the text shown on the page, identified by its digest."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class PublishForm(GovukForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    published_on = GovukDateField(
        label="Published on", help_text="This is the day the report counts as answered."
    )
    publication_url = forms.CharField(
        label="Where it was published",
        max_length=500,
        help_text="The full web address. For example, https://www.example.org/letter",
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )


class DespatchForm(GovukForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    sent_to_secretary_of_state_on = GovukDateField(label="Sent to the Secretary of State on", required=False)
    sent_to_inspectors_on = GovukDateField(label="Sent to the inspectors on", required=False)


class CorrectForm(GovukForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = LongTextField(
        label="What the new version corrects",
        max_length=1000,
        help_text="The new version includes this text.",
        error_messages={"required": "Enter what the new version corrects"},
    )


def letter_initial(inspection: Inspection, last: PublishedResponse | None, on: date) -> dict[str, Any]:
    """Return initial values from the office's last letter, with an introduction for the author to edit."""
    published = inspection.published_on
    when = f", published on {published:%-d %B %Y}" if published else ""
    comments = ""
    if inspection.comments_received_on:
        comments = (
            f"\n\nI invited the chief officer's comments on the report and received them on "
            f"{inspection.comments_received_on:%-d %B %Y}."
        )
    start: dict[str, Any] = {
        "dated": on,
        "salutation": last.salutation if last else "Dear Home Secretary",
        "introduction": (
            f"I am writing in response to the {inspection.body} inspection report “{inspection.title}”{when}."
            f"{comments}\n\nAs section 55 of the Police Act 1996 asks, this letter sets out for each "
            "recommendation the action taken or proposed, or why there is none."
        ),
        "closing": "I am grateful to the inspectors for this report.",
        "copies_to": last.copies_to if last else "The inspectors of constabulary",
    }
    return start | ({"signatory": last.signatory} if last else {})


def edit_initial(letter: PublishedResponse) -> dict[str, Any]:
    names = (*WORDS, "version", "correction_reason")
    return {name: getattr(letter, name) for name in names}
