from django.db.models import TextChoices


class ReturnState(TextChoices):
    """The states of a return. Whether it is late depends on the day, so it is not a state."""

    OPEN = "open", "Open"
    SUBMITTED = "submitted", "Submitted"
    RETURNED = "returned", "Returned with a question"
    MISSED = "missed", "Missed"
