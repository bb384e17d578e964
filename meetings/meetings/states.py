from django.db.models import TextChoices
from django.utils.translation import gettext_lazy


class MeetingState(TextChoices):
    """The life of a meeting. Its minutes are a draft once it was held, until a later meeting confirms them."""

    PLANNED = "planned", gettext_lazy("Planned")
    HELD = "held", gettext_lazy("Held")
    CONFIRMED = "confirmed", gettext_lazy("Confirmed")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")


# It took place.
TOOK_PLACE = (MeetingState.HELD, MeetingState.CONFIRMED)
# Its record may still change.
OPEN = (MeetingState.PLANNED, MeetingState.HELD)


class Subject(TextChoices):
    """What a board decides on: an item of its agenda, or a decision. An app above names its rows by reference."""

    NONE = "", gettext_lazy("Nothing in this record")
    WITHDRAWAL = "withdrawal", gettext_lazy("Withdrawal of an action")
    SUPERSESSION = "supersession", gettext_lazy("Replacement of an action by another")
    DUE_DATE = "due_date", gettext_lazy("Later due date of an action")
    REOPENING = "reopening", gettext_lazy("Reopening of a completed action")
    RATING = "rating", gettext_lazy("Rating of an action")
    ACTION = "action", gettext_lazy("An action")
    FINDING = "finding", gettext_lazy("A finding")
    LETTER = "letter", gettext_lazy("A letter to the Secretary of State")
