import uuid
from datetime import date, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from actions.core.models import Action, ActionChildQuerySet
from actions.progress.models import ProgressUpdate
from audit.models import Tracked
from web.previews import can_preview

# How many days before it expires evidence is listed as expiring.
EXPIRING = timedelta(days=28)


class EvidenceQuerySet(ActionChildQuerySet["Evidence"]):
    def current(self, on: date) -> Self:
        """Keep the newest versions that have not expired and are not in quarantine."""
        return self.newest().filter(Q(quarantined_at=None), Q(expires_on=None) | Q(expires_on__gte=on))

    def newest(self) -> Self:
        """Keep what no later version took the place of."""
        return self.filter(superseded_by=None)

    def expiring(self, on: date) -> Self:
        """Keep the newest versions that still count and will not within 28 days."""
        return self.newest().filter(expires_on__gte=on, expires_on__lte=on + EXPIRING)

    def expired(self, on: date) -> Self:
        """Keep the newest versions whose last day has passed."""
        return self.newest().filter(expires_on__lt=on)


def storage_name(evidence: "Evidence", filename: str) -> str:
    """Store the file under a generated name; the uploader's name for it is only text."""
    return f"evidence/{evidence.action.partnership_id}/{evidence.action_id}/{uuid.uuid4().hex}"


class Evidence(Tracked):
    """A file or a link that shows what was done."""

    class Kind(models.TextChoices):
        FILE = "file", gettext_lazy("File")
        LINK = "link", gettext_lazy("Link")

    ledger_path = "action__partnership__ledger"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="evidence")
    update = models.ForeignKey(
        ProgressUpdate, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    kind = models.CharField(max_length=4, choices=Kind)
    title = models.CharField(max_length=200)
    file = models.FileField(upload_to=storage_name, max_length=200, blank=True)
    filename = models.CharField(max_length=200, blank=True)
    url = models.URLField(
        gettext_lazy("link"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["https"], message=gettext_lazy("Use an https address."))],
    )
    sha256 = models.CharField(gettext_lazy("SHA-256"), max_length=64, blank=True)
    size = models.PositiveBigIntegerField(gettext_lazy("size in bytes"), default=0)
    content_type = models.CharField(max_length=100, blank=True)
    effective_on = models.DateField(help_text=gettext_lazy("The date the evidence is about."))
    expires_on = models.DateField(null=True, blank=True, help_text=gettext_lazy("The last day it is valid."))
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    number = models.PositiveSmallIntegerField(gettext_lazy("version"), default=1, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evidence")
    added_at = models.DateTimeField()
    quarantined_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy("When a scan found malware in the file."),
    )
    malware = models.CharField(
        max_length=200, blank=True, editable=False, help_text=gettext_lazy("The scanner's name for it.")
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-added_at", "-pk"]
        verbose_name_plural = gettext_lazy("evidence")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="file", url="", size__gt=0) & ~Q(file="") & ~Q(sha256="")
                | Q(kind="link", file="", sha256="") & ~Q(url=""),
                name="evidence_is_file_or_link",
                violation_error_message=gettext_lazy("Evidence is a file or a link."),
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("effective_on")),
                name="evidence_expires_after_effect",
                violation_error_message=gettext_lazy(
                    "The expiry date must not be before the date it is about."
                ),
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None, number=1) | Q(supersedes__isnull=False, number__gt=1),
                name="evidence_versions_count_up",
            ),
            models.CheckConstraint(
                condition=Q(quarantined_at=None, malware="")
                | Q(kind="file", quarantined_at__isnull=False) & ~Q(malware=""),
                name="evidence_quarantine_names_malware",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_preview(self) -> bool:
        """Whether its pages or picture can be shown in a frame."""
        is_open = self.kind == self.Kind.FILE and not self.is_quarantined
        return is_open and can_preview(content_type=self.content_type, size=self.size)

    @property
    def is_replaced(self) -> bool:
        """Whether a later version took its place; lists read that version with it."""
        return hasattr(self, "superseded_by")

    @property
    def is_quarantined(self) -> bool:
        return self.quarantined_at is not None
