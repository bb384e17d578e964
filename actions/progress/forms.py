from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from actions.core.models import Action
from actions.core.states import REPORTABLE, State
from actions.evidence.forms import EvidenceFields
from actions.evidence.services import NewEvidence
from actions.progress.models import ProgressUpdate
from actions.progress.services import ProgressReport
from web.forms import LongTextField, PercentField
from web.wording import RATINGS_EXPLAINED

STATES = [(state.value, state.label) for state in REPORTABLE]


class ProgressForm(EvidenceFields):
    """A progress update, with its evidence."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    state = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=STATES,
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
        error_messages={"required": gettext_lazy("Select whether work is not started or in progress")},
    )
    rag = forms.ChoiceField(
        label=gettext_lazy("RAG"),
        choices=RATINGS_EXPLAINED,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Choose a rating if work is in progress."),
    )
    reason = LongTextField(
        label=gettext_lazy("Why it is red or amber"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Only for red or amber."),
    )
    path_to_green = LongTextField(
        label=gettext_lazy("Path to green"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Only for red or amber: what will bring it back to green, and by when."),
    )
    percent = PercentField(
        label=gettext_lazy("Percent done"),
        help_text=gettext_lazy("Enter 0 if work has not started."),
    )
    narrative = LongTextField(
        label=gettext_lazy("What was done"),
        max_length=4000,
        error_messages={"required": gettext_lazy("Enter what was done")},
    )
    next_steps = LongTextField(
        label=gettext_lazy("What happens next"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    mark_optional = False
    field_order: ClassVar = [
        *("version", "narrative", "next_steps", "state", "rag", "percent", "reason", "path_to_green"),
        *("title", "file", "url"),
    ]

    @property
    def shows_evidence(self) -> bool:
        """Return whether to show the evidence fields open: they have a value or an error."""
        return self.is_bound and any(
            self[name].data or self[name].errors for name in ("title", "file", "url")
        )

    def report(self, action: Action, *, corrects: ProgressUpdate | None) -> ProgressReport:
        """Return the update in the valid form."""
        words = dict(self.cleaned_data)
        evidence = NewEvidence(**{name: words.pop(name) for name in ("title", "file", "url")})
        return ProgressReport(
            action=action,
            corrects=corrects,
            evidence=evidence if evidence.file or evidence.url else None,
            **words,
        )


def progress_initial(action: Action, corrected: ProgressUpdate | None) -> dict[str, Any]:
    """Fill in the action's present values, or those of a corrected update. The rating is never filled in."""
    start: dict[str, Any] = {"version": action.version, "percent": action.percent}
    if action.state == State.IN_PROGRESS:
        start["state"] = action.state
    if corrected is not None:
        names = ("state", "rag", "reason", "path_to_green", "percent", "narrative", "next_steps")
        start |= {name: getattr(corrected, name) for name in names}
    return start
