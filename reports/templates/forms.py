from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from partners.models import Board
from reports.figures.catalogue import KINDS
from reports.templates.models import Template
from reports.templates.shipped import CHOICES
from web.forms import GovukForm, LongTextField

WIDTH_3 = {"class": "govuk-input--width-3"}
NEW_TEXTS = 2


class TemplateForm(GovukForm):
    """Give a board a template."""

    board = forms.ModelChoiceField(Board.objects.none(), label=gettext_lazy("Board"))
    layout = forms.ChoiceField(label=gettext_lazy("Start from"), choices=CHOICES, widget=forms.RadioSelect)
    name = forms.CharField(
        label=gettext_lazy("Name of the template"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Leave empty to use the layout's name."),
    )

    def __init__(self, *args: Any, boards: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = boards


class ArrangeForm(GovukForm):
    """Arrange the sections of a template: each has a position, and one without is left out."""

    report_of = forms.CharField(
        label=gettext_lazy("Report of"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("The post, not a name."),
    )
    purpose = forms.CharField(label=gettext_lazy("Purpose"), max_length=500, required=False)
    recommendation = forms.CharField(label=gettext_lazy("Recommendation"), max_length=500, required=False)
    contact = forms.CharField(
        label=gettext_lazy("Contact"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A post and an office mailbox."),
    )
    includes_sensitive = forms.BooleanField(
        label=gettext_lazy("Include OFFICIAL-SENSITIVE actions"), required=False
    )
    two_voices = forms.BooleanField(
        label=gettext_lazy("The police and the commissioner's office each approve their part"), required=False
    )
    implications = LongTextField(
        label=gettext_lazy("Implications"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("The headings of the implications table, one on each line."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, template: Template, **kwargs: Any) -> None:
        initial = {name: getattr(template, name) for name in self.base_fields if name != "implications"}
        initial["implications"] = "\n".join(template.implications)
        super().__init__(*args, initial=initial, **kwargs)
        self.entries = _entries(template)
        for place, (line, position) in enumerate(self.entries):
            name = line["heading"] or gettext("a new text")
            self.fields[f"position_{place}"] = forms.IntegerField(
                label=gettext("Position of {name}").format(name=name),
                required=False,
                min_value=1,
                max_value=99,
                initial=position,
                widget=forms.NumberInput(attrs=WIDTH_3),
                help_text=KINDS[line["kind"]].help,
            )
            if position is not None or not line["heading"]:
                self.fields[f"heading_{place}"] = forms.CharField(
                    label=gettext("Heading of {name}").format(name=name),
                    max_length=120,
                    required=False,
                    initial=line["heading"],
                )
            if template.two_voices and position is not None:
                self.fields[f"voice_{place}"] = forms.ChoiceField(
                    label=gettext("Who writes {name}").format(name=name),
                    choices=Template.Voice,
                    initial=line["voice"],
                )
        self.word_errors()

    def clean(self) -> dict[str, Any]:
        """Turn the positions into the ordered sections that the service takes."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = []
        for place, (line, _) in enumerate(self.entries):
            position = data.pop(f"position_{place}", None)
            heading = data.pop(f"heading_{place}", line["heading"])
            voice = data.pop(f"voice_{place}", line["voice"])
            if position is None:
                continue
            if not heading:
                self.add_error(f"heading_{place}", gettext("Enter the heading of the section"))
            chosen.append((position, place, {"kind": line["kind"], "heading": heading, "voice": voice}))
        data["sections"] = [section for *_, section in sorted(chosen, key=lambda each: each[:2])]
        data["implications"] = [
            line.strip() for line in data.get("implications", "").split("\n") if line.strip()
        ]
        return data


def _entries(template: Template) -> list[tuple[dict[str, str], int | None]]:
    """Return the template's sections with their positions, then the kinds that it lacks, then new texts."""
    present: list[tuple[dict[str, str], int | None]] = [
        (line, position) for position, line in enumerate(template.sections, start=1)
    ]
    used = {line["kind"] for line, _ in present}
    missing = [
        ({"kind": kind.key, "heading": kind.heading, "voice": "chief"}, None)
        for kind in KINDS.values()
        if kind.key not in used and kind.key != "narrative"
    ]
    new = [({"kind": "narrative", "heading": "", "voice": "chief"}, None)] * NEW_TEXTS
    return [*present, *missing, *new]
