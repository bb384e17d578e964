from django.db.models import TextChoices


class ReturnState(TextChoices):
    """The life of a return. Late is worked out, never a state."""

    OPEN = "open", "Open"
    SUBMITTED = "submitted", "Submitted"
    RETURNED = "returned", "Returned with a question"
    MISSED = "missed", "Missed"
