from django.db.models import TextChoices


class DependencyState(TextChoices):
    """The life of what an action waits for from a partner."""

    ASKED = "asked", "Asked"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    DECLINED = "declined", "Declined"
    MET = "met", "Received"
    ENDED = "ended", "No longer needed"


WAITED_FOR = (DependencyState.ASKED, DependencyState.ACKNOWLEDGED)
