from django.db.models import TextChoices


class DependencyState(TextChoices):
    """The states of a request to a partner."""

    REQUESTED = "requested", "Requested"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    DECLINED = "declined", "Declined"
    MET = "met", "Received"
    ENDED = "ended", "No longer needed"


OPEN_STATES = (DependencyState.REQUESTED, DependencyState.ACKNOWLEDGED)
