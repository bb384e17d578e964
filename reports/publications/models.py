from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext, gettext_lazy

from actions.models import Action
from audit.actors import Reader
from audit.models import Tracked
from partners.models import Partnership
from partners.policies import rights_of
from reports.papers.models import Paper, account
from reports.publications import policies
from reports.publications.states import OPEN, OUT, READABLE, EditionState
from web.text import LongText

PUBLIC_COLUMNS = (
    *("number", "state", "content", "sha256", "correction"),
    *("published_at", "withdrawn_at", "withdrawal"),
)


class EditionQuerySet(QuerySet["PublicEdition"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(policies.visible_editions(rights_of(user, on)))

    def out(self) -> Self:
        """Keep what the public was shown, the newest first; withdrawn ones keep their place without content."""
        return self.filter(state__in=OUT).order_by("-published_at", "-pk")

    def public(self) -> Self:
        """Read the columns that public pages show, and no other."""
        return self.only(*PUBLIC_COLUMNS)


class EditionPartQuerySet(QuerySet["EditionSection"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(edition__in=PublicEdition.objects.visible_to(user, on))


class WordingQuerySet(QuerySet["PublicWording"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(policies.visible_wordings(rights_of(user, on)))


class PublicEdition(Tracked):
    """The public edition of an issued paper: what anybody may read, frozen when it is approved."""

    State = EditionState

    is_dated = False  # its content is not in the ledger; each version of an edition is a row of its own
    ledger_path = "paper__template__board__partnership__ledger"
    # The ledger has the digest of the frozen content. The counts behind the gaps are for later editions alone.
    ledger_exclude = frozenset({"content", "counts"})

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="editions", editable=False)
    number = models.PositiveSmallIntegerField(
        gettext_lazy("version of the edition"), default=1, editable=False
    )
    corrects = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrected_by",
        editable=False,
    )
    correction = LongText(gettext_lazy("what changed"), max_length=2000, blank=True)
    state = models.CharField(max_length=12, choices=EditionState, default=EditionState.DRAFT, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    drafted_at = models.DateTimeField(editable=False)
    approved_by = account()
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = account()
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawal = LongText(gettext_lazy("why it was withdrawn"), max_length=1000, blank=True)
    content = models.JSONField(null=True, blank=True, editable=False)
    sha256 = models.CharField(
        gettext_lazy("SHA-256 of the content"), max_length=64, blank=True, editable=False
    )
    counts = models.JSONField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("public edition")
        ordering: ClassVar[list[str]] = ["-drafted_at", "-pk"]
        indexes = [models.Index(fields=["state", "published_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[EditionState.DRAFT, EditionState.ABANDONED], sha256="")
                | Q(state__in=[EditionState.APPROVED, *OUT], approved_by__isnull=False) & ~Q(sha256=""),
                name="edition_approved_is_frozen",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=OUT) | Q(published_by__isnull=False, published_at__isnull=False),
                name="edition_published_by_someone",
            ),
            models.CheckConstraint(
                condition=(Q(approved_by=None) | ~Q(approved_by=F("author")))
                & (Q(published_by=None) | (~Q(published_by=F("author")) & ~Q(published_by=F("approved_by")))),
                name="edition_three_people",
                violation_error_message=gettext_lazy("Three people prepare, approve and publish an edition."),
            ),
            models.CheckConstraint(
                condition=~Q(state=EditionState.WITHDRAWN) | ~Q(withdrawal=""),
                name="edition_withdrawn_says_why",
                violation_error_message=gettext_lazy("Enter why the edition is withdrawn."),
            ),
            models.CheckConstraint(
                condition=Q(corrects=None) | ~Q(correction=""),
                name="edition_correction_says_what",
                violation_error_message=gettext_lazy("Enter what the correction changes."),
            ),
            models.UniqueConstraint(
                fields=["paper"],
                condition=Q(state__in=OPEN),
                name="edition_one_open",
                violation_error_message=gettext_lazy(
                    "A public edition of this paper is being prepared already."
                ),
            ),
        ]

    def __str__(self) -> str:
        if self.number == 1:
            return gettext("{paper}: public edition").format(paper=self.paper.title)
        return gettext("{paper}: public edition, version {number}").format(
            paper=self.paper.title, number=self.number
        )

    @property
    def partnership_id(self) -> int:
        return self.paper.partnership_id

    @property
    def public_title(self) -> str:
        """Its title as its frozen content has it."""
        content = self.content or {}
        number = f", version {content['number']}" if content["number"] > 1 else ""
        return f"{content['title']}{number}"

    @property
    def figures_on(self) -> date:
        """The day of the figures, as its frozen content has it."""
        return date.fromisoformat((self.content or {})["on"])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_readable(self) -> bool:
        """Whether the public reads its content."""
        return self.state in READABLE


class EditionSection(Tracked):
    """The public wording of one section of the paper, or that it is left out."""

    class Treatment(models.TextChoices):
        UNDECIDED = "", gettext_lazy("Not decided")
        PUBLISHED = "published", gettext_lazy("Publish")
        LEFT_OUT = "left_out", gettext_lazy("Leave out")

    ledger_path = "edition__paper__template__board__partnership__ledger"

    edition = models.ForeignKey(PublicEdition, on_delete=models.PROTECT, related_name="sections")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=24)
    heading = models.CharField(max_length=120)
    treatment = models.CharField(max_length=10, choices=Treatment, blank=True)
    text = LongText(gettext_lazy("public wording"), max_length=12000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = EditionPartQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("section of a public edition")
        verbose_name_plural = gettext_lazy("sections of public editions")
        ordering: ClassVar[list[str]] = ["edition", "order"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "order"], name="edition_section_order_unique")
        ]

    def __str__(self) -> str:
        return self.heading


class PublicWording(Tracked):
    """What the public reads of a row instead of its name, in every edition; of a finding, also whether it is published.

    Actions and the records around the plan have a decision on publication of their own.
    """

    ledger_path = "partnership__ledger"
    constraint_fields = {"wording_withheld_has_exemption": "exemption"}

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80, help_text=gettext_lazy("The model and the id of the row."))
    text = models.CharField(gettext_lazy("public wording"), max_length=300, blank=True)
    publication = models.CharField(
        gettext_lazy("publication decision"),
        max_length=10,
        choices=Action.Publication,
        default=Action.Publication.UNDECIDED,
    )
    exemption = models.CharField(max_length=8, choices=Action.Exemption, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = WordingQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("public wording")
        ordering: ClassVar[list[str]] = ["partnership", "key"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "key"], name="wording_one_for_each_row"),
            models.CheckConstraint(
                condition=Q(publication="withhold") & ~Q(exemption="")
                | ~Q(publication="withhold") & Q(exemption=""),
                name="wording_withheld_has_exemption",
                violation_error_message=gettext_lazy(
                    "Choose the exemption for what is withheld, and none otherwise."
                ),
            ),
        ]

    def __str__(self) -> str:
        return gettext("Public wording of {key}").format(key=self.key)
