from web.forms import GovukForm, LongTextField


class ReminderForm(GovukForm):
    message = LongTextField(
        required=False,
        max_length=1000,
        help_text="Everybody reads the same message. It goes on the record.",
    )
