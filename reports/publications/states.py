from django.db.models import TextChoices
from django.utils.translation import gettext_lazy


class EditionState(TextChoices):
    """The life of a public edition. A correction is a new edition, and the one it corrects stays readable."""

    DRAFT = "draft", gettext_lazy("Draft")
    APPROVED = "approved", gettext_lazy("Approved")
    PUBLISHED = "published", gettext_lazy("Published")
    CORRECTED = "corrected", gettext_lazy("Corrected")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")
    ABANDONED = "abandoned", gettext_lazy("Abandoned")


OPEN = (EditionState.DRAFT, EditionState.APPROVED)
# It was published: its content has left.
OUT = (EditionState.PUBLISHED, EditionState.CORRECTED, EditionState.WITHDRAWN)
# The public reads its content.
READABLE = (EditionState.PUBLISHED, EditionState.CORRECTED)
