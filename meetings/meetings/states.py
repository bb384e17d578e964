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
