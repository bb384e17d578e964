from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext, gettext_lazy

from actions.core.models import Action
from actions.questions.models import Question
from partners.models import Organisation
from web.forms import GovukForm, LongTextField

if TYPE_CHECKING:
    from django.db.models import QuerySet

Addressee = Question.Addressee
ABOUT_THE_WORK = gettext_lazy(
    "Ask about the work. Never name anybody who is under suspicion, or was referred to Prevent."
)


class QuestionForm(GovukForm):
    """Ask about an action.

    Args:
        action: its owner, and the organisations that lead and support it, can be asked.
    """

    to = forms.ChoiceField(
        label=gettext_lazy("Who do you want to ask?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select who you want to ask")},
    )
    text = LongTextField(label=gettext_lazy("Question"), max_length=2000, help_text=ABOUT_THE_WORK)
    mark_optional = False
    field_order: ClassVar = ["to", "text"]

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = (
            [(Addressee.OWNER, gettext("The owner, {owner}").format(owner=action.owner))]
            if action.owner_id
            else []
        )
        self.organisations = {str(row.pk): row for row in organisations_of(action)}
        to: Any = self.fields["to"]
        to.choices = [
            *owner,
            (Addressee.MANAGER, gettext("The programme manager")),
            *((pk, str(row)) for pk, row in self.organisations.items()),
            (Addressee.AUDITOR, gettext("An auditor")),
        ]

    def clean(self) -> dict[str, Any]:
        """Return what the service takes: the addressee, and the organisation if it is one."""
        cleaned = self.cleaned_data
        to = cleaned.pop("to", "")
        organisation = self.organisations.get(to)
        cleaned["addressee"] = Addressee.ORGANISATION if organisation else to
        cleaned["organisation"] = organisation
        return cleaned


class QuestionAnswerForm(GovukForm):
    """Answer a question about an action, which closes it."""

    answer = LongTextField(
        label=gettext_lazy("Answer"),
        max_length=2000,
        help_text=gettext_lazy(
            "It stays on record, for everybody who can view the action. Never name anybody who is under "
            "suspicion, or was referred to Prevent."
        ),
    )


def organisations_of(action: Action) -> "QuerySet[Organisation]":
    """Return the organisations that lead or support an action."""
    supporting = action.supporting.values("pk")
    return Organisation.objects.filter(pk__in=supporting) | Organisation.objects.filter(pk=action.lead_id)
