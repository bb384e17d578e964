from django.db.models import TextChoices


class EditionState(TextChoices):
    """The life of a public edition. A correction is a new edition, and the one it corrects stays readable."""

    DRAFT = "draft", "Draft"
    APPROVED = "approved", "Approved"
    PUBLISHED = "published", "Published"
    CORRECTED = "corrected", "Corrected"
    WITHDRAWN = "withdrawn", "Withdrawn"
    ABANDONED = "abandoned", "Abandoned"


OPEN = (EditionState.DRAFT, EditionState.APPROVED)
# It was published: its content has left.
OUT = (EditionState.PUBLISHED, EditionState.CORRECTED, EditionState.WITHDRAWN)
# The public reads its content.
READABLE = (EditionState.PUBLISHED, EditionState.CORRECTED)
