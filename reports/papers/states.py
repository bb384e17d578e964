from django.db.models import TextChoices
from django.utils.translation import gettext_lazy


class PaperState(TextChoices):
    """The life of a paper. A correction is a new paper, and the one it corrects keeps its content."""

    DRAFT = "draft", gettext_lazy("Draft")
    RECONCILED = "reconciled", gettext_lazy("Reconciled")
    ISSUED = "issued", gettext_lazy("Issued")
    CORRECTED = "corrected", gettext_lazy("Corrected")
    ABANDONED = "abandoned", gettext_lazy("Abandoned")


OPEN = (PaperState.DRAFT, PaperState.RECONCILED)
# Its content is frozen.
FROZEN = (PaperState.ISSUED, PaperState.CORRECTED)
