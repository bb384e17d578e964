from django.db.models import TextChoices
from django.utils.translation import gettext_lazy


class ReturnState(TextChoices):
    """The states of a return. Whether it is late depends on the day, so it is not a state."""

    OPEN = "open", gettext_lazy("Open")
    SUBMITTED = "submitted", gettext_lazy("Submitted")
    RETURNED = "returned", gettext_lazy("Returned with a question")
    MISSED = "missed", gettext_lazy("Missed")
