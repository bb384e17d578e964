from web.forms import GovukDateField, GovukForm, LongTextField


class UpdateRequestForm(GovukForm):
    question = LongTextField(
        label="Your question",
        max_length=2000,
        help_text="The owner reads this. It goes on the record of the action.",
    )
    due_on = GovukDateField(
        label="When do you need the update?",
        help_text="The owner sees the request in My work until they report progress.",
    )
