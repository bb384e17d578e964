from django.db.models import TextChoices
from django.utils.translation import gettext_lazy


class DependencyState(TextChoices):
    """The states of a request to a partner."""

    REQUESTED = "requested", gettext_lazy("Requested")
    ACKNOWLEDGED = "acknowledged", gettext_lazy("Acknowledged")
    DECLINED = "declined", gettext_lazy("Declined")
    MET = "met", gettext_lazy("Received")
    ENDED = "ended", gettext_lazy("No longer needed")


OPEN_STATES = (DependencyState.REQUESTED, DependencyState.ACKNOWLEDGED)
