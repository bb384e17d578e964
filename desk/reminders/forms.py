from django.utils.translation import gettext_lazy

from web.forms import GovukForm, LongTextField


class ReminderForm(GovukForm):
    message = LongTextField(
        label=gettext_lazy("Message"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Everybody reads the same message. It goes on the record."),
    )
