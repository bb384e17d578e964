from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, gettext_lazy

from inspections.findings.models.inspections import Inspection
from inspections.responses.models import PublishedResponse
from web.forms import GovukDateField, GovukForm, LongTextField
from web.language import day_text, in_english

WORDS = ("dated", "reference", "salutation", "introduction", "closing", "signatory", "copies_to")


class LetterForm(GovukForm):
    """The parts of a letter that its author writes."""

    dated = GovukDateField(
        label=gettext_lazy("Date of the letter"),
        help_text=gettext_lazy("For example, 19 6 2020. It can be in the future."),
    )
    reference = forms.CharField(
        label=gettext_lazy("Our reference"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    salutation = forms.CharField(
        label=gettext_lazy("Salutation"),
        max_length=120,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    introduction = LongTextField(
        label=gettext_lazy("Introduction"), max_length=8000, widget=forms.Textarea(attrs={"rows": 10})
    )
    closing = LongTextField(
        label=gettext_lazy("Closing words"),
        max_length=4000,
        required=False,
        help_text=gettext_lazy("“Yours sincerely” is added for you."),
    )
    signatory = forms.CharField(
        label=gettext_lazy("Who signs"),
        max_length=160,
        help_text=gettext_lazy(
            "The office, not the person. For example, Police and Crime Commissioner for West Yorkshire."
        ),
    )
    copies_to = forms.CharField(label=gettext_lazy("Copy to"), max_length=300)


class LetterEditForm(LetterForm):
    """Changes to a draft. A correction also explains what it corrects."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    correction_reason = LongTextField(
        label=gettext_lazy("What this version corrects"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The letter includes this text."),
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
        label=gettext_lazy("Published on"),
        help_text=gettext_lazy("This is the day the report counts as answered."),
    )
    publication_url = forms.CharField(
        label=gettext_lazy("Where it was published"),
        max_length=500,
        help_text=gettext_lazy("The full web address. For example, https://www.example.org/letter"),
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )


class DespatchForm(GovukForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    sent_to_secretary_of_state_on = GovukDateField(
        label=gettext_lazy("Sent to the Secretary of State on"), required=False
    )
    sent_to_inspectors_on = GovukDateField(label=gettext_lazy("Sent to the inspectors on"), required=False)


class CorrectForm(GovukForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = LongTextField(
        label=gettext_lazy("What the new version corrects"),
        max_length=1000,
        help_text=gettext_lazy("The new version includes this text."),
        error_messages={"required": gettext_lazy("Enter what the new version corrects")},
    )


@in_english
def letter_initial(inspection: Inspection, last: PublishedResponse | None, on: date) -> dict[str, Any]:
    """Return initial values from the office's last letter, with an introduction for the author to edit."""
    published = inspection.published_on
    when = gettext(", published on {published}").format(published=day_text(published)) if published else ""
    comments = ""
    if inspection.comments_received_on:
        comments = gettext(
            "\n\nI invited the chief officer's comments on the report and received them on "
            "{comments_received_on}."
        ).format(comments_received_on=day_text(inspection.comments_received_on))
    start: dict[str, Any] = {
        "dated": on,
        "salutation": last.salutation if last else gettext("Dear Home Secretary"),
        "introduction": (
            gettext(
                "I am writing in response to the {body} inspection report "
                "“{title}”{when}.{comments}\n\nAs section 55 of the Police Act 1996 asks, this letter "
                "sets out for each recommendation the action taken or proposed, or why there is none."
            ).format(body=inspection.body, title=inspection.title, when=when, comments=comments)
        ),
        "closing": gettext("I am grateful to the inspectors for this report."),
        "copies_to": last.copies_to if last else gettext("The inspectors of constabulary"),
    }
    return start | ({"signatory": last.signatory} if last else {})


def edit_initial(letter: PublishedResponse) -> dict[str, Any]:
    names = (*WORDS, "version", "correction_reason")
    return {name: getattr(letter, name) for name in names}
