from django.db.models import TextChoices


class PaperState(TextChoices):
    """The life of a paper. A correction is a new paper, and the one it corrects keeps its content."""

    DRAFT = "draft", "Draft"
    RECONCILED = "reconciled", "Reconciled"
    ISSUED = "issued", "Issued"
    CORRECTED = "corrected", "Corrected"
    ABANDONED = "abandoned", "Abandoned"


OPEN = (PaperState.DRAFT, PaperState.RECONCILED)
# Its content is frozen.
FROZEN = (PaperState.ISSUED, PaperState.CORRECTED)
