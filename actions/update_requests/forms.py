from django.utils.translation import gettext_lazy

from web.forms import GovukDateField, GovukForm, LongTextField


class UpdateRequestForm(GovukForm):
    question = LongTextField(
        label=gettext_lazy("Your question"),
        max_length=2000,
        help_text=gettext_lazy("The owner reads this. It goes on the record of the action."),
    )
    due_on = GovukDateField(
        label=gettext_lazy("When do you need the update?"),
        help_text=gettext_lazy("The owner sees the request in My work until they report progress."),
    )
