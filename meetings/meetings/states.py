from django.db.models import TextChoices


class MeetingState(TextChoices):
    """The life of a meeting. Its minutes are a draft once it was held, until a later meeting confirms them."""

    PLANNED = "planned", "Planned"
    HELD = "held", "Held"
    CONFIRMED = "confirmed", "Confirmed"
    CANCELLED = "cancelled", "Cancelled"


# It took place.
TOOK_PLACE = (MeetingState.HELD, MeetingState.CONFIRMED)
# Its record may still change.
OPEN = (MeetingState.PLANNED, MeetingState.HELD)


class Subject(TextChoices):
    """What a board decides on: an item of its agenda, or a decision. An app above names its rows by reference."""

    NONE = "", "Nothing in this record"
    WITHDRAWAL = "withdrawal", "Withdrawal of an action"
    SUPERSESSION = "supersession", "Replacement of an action by another"
    DUE_DATE = "due_date", "Later due date of an action"
    REOPENING = "reopening", "Reopening of a completed action"
    RATING = "rating", "Rating of an action"
    ACTION = "action", "An action"
    FINDING = "finding", "A finding"
    LETTER = "letter", "A letter to the Secretary of State"
