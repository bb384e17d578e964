from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext, gettext_lazy

from actions.models import Plan
from audit.actors import Reader
from audit.clock import london_date
from audit.models import Tracked
from meetings.models import AgendaItem, Meeting
from partners.models import BoardSeat
from partners.policies import rights_of
from reports.papers import policies
from reports.papers.states import FROZEN, OPEN, PaperState
from reports.templates.models import Template
from returns.models import Return
from standards import marking as markings
from web.markings import handling_column, marking_column
from web.text import LongText


class PaperQuerySet(QuerySet["Paper"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        seats = BoardSeat.objects.running_on(on)
        return self.filter(policies.visible_papers(rights_of(user, on), seats))

    def issued(self) -> Self:
        """Keep the papers that a board was sent, corrected ones too."""
        return self.filter(state__in=FROZEN)


class PartQuerySet(QuerySet[Any]):
    """Parts of a paper: visible with it."""

    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(paper__in=Paper.objects.visible_to(user, on))


def account() -> Any:
    """Return the field of whoever took a step; null until it is taken."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )


class Paper(Tracked):
    """What a board is told on a day: figures counted from the record at one moment, and text beside them."""

    State = PaperState

    is_dated = False  # its content is not in the ledger; each version of a paper is a row of its own
    ledger_path = "template__board__partnership__ledger"
    # The frozen content is large; its digest is recorded instead.
    ledger_exclude = frozenset({"content"})
    constraint_fields = {"paper_sensitive_has_handling": "handling_instruction"}

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="papers")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="papers")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="papers"
    )
    item = models.ForeignKey(
        AgendaItem,
        verbose_name=gettext_lazy("agenda item"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="papers",
    )
    title = models.CharField(max_length=200)
    paper_letter = models.CharField(
        gettext_lazy("paper mark"),
        max_length=12,
        blank=True,
        help_text=gettext_lazy("Its letter in the pack, such as B. Not a security marking."),
    )
    report_of = models.CharField(max_length=160, blank=True, help_text=gettext_lazy("The post, not a name."))
    purpose = LongText(max_length=2000, blank=True)
    recommendation = LongText(max_length=2000, blank=True)
    contact = models.CharField(
        max_length=200, blank=True, help_text=gettext_lazy("A post and an office mailbox.")
    )
    as_at = models.DateTimeField(gettext_lazy("as at"))
    previous = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="following", editable=False
    )
    number = models.PositiveSmallIntegerField(gettext_lazy("version of the paper"), default=1, editable=False)
    corrects = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrected_by",
        editable=False,
    )
    correction = LongText(gettext_lazy("what changed"), max_length=2000, blank=True)
    marking = marking_column(editable=False)
    handling_instruction = handling_column()
    state = models.CharField(max_length=12, choices=PaperState, default=PaperState.DRAFT, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    drafted_at = models.DateTimeField(editable=False)
    reconciled_by = account()
    reconciled_at = models.DateTimeField(null=True, blank=True, editable=False)
    chief_approved_by = account()
    opcc_approved_by = account()
    issued_by = account()
    issued_at = models.DateTimeField(null=True, blank=True, editable=False)
    content = models.JSONField(null=True, blank=True, editable=False)
    sha256 = models.CharField(
        gettext_lazy("SHA-256 of the content"), max_length=64, blank=True, editable=False
    )
    ledger_sequence = models.PositiveBigIntegerField(
        default=0,
        editable=False,
        help_text=gettext_lazy("The last entry of the ledger that the figures were read from."),
    )
    ledger_digest = models.CharField(max_length=64, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("paper")
        ordering: ClassVar[list[Any]] = [F("as_at").desc(), "-pk"]
        indexes = [models.Index(fields=["template", "state", "as_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[*OPEN, PaperState.ABANDONED], sha256="", issued_by=None)
                | Q(state__in=FROZEN, issued_by__isnull=False, issued_at__isnull=False) & ~Q(sha256=""),
                name="paper_issued_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(issued_by=None) | ~Q(issued_by=F("author")),
                name="paper_issued_by_another",
                violation_error_message=gettext_lazy("Somebody other than the author issues the paper."),
            ),
            models.CheckConstraint(
                condition=~Q(state=PaperState.RECONCILED) | Q(reconciled_by__isnull=False),
                name="paper_reconciled_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(marking=markings.Marking.OFFICIAL.value) | ~Q(handling_instruction=""),
                name="paper_sensitive_has_handling",
                violation_error_message=gettext_lazy("OFFICIAL-SENSITIVE needs a handling instruction."),
            ),
            models.CheckConstraint(
                condition=Q(corrects=None) | ~Q(correction=""),
                name="paper_correction_says_what",
                violation_error_message=gettext_lazy("Enter what the correction changes."),
            ),
        ]

    def __str__(self) -> str:
        return (
            gettext("{title}, version {number}").format(title=self.title, number=self.number)
            if self.number > 1
            else self.title
        )

    @property
    def board_id(self) -> int:
        return self.template.board_id

    @property
    def partnership_id(self) -> int:
        return self.template.board.partnership_id

    @property
    def has_two_voices(self) -> bool:
        return self.template.two_voices

    @property
    def on(self) -> date:
        """The day in London of the moment that the figures are read at."""
        return london_date(self.as_at)

    @property
    def is_open(self) -> bool:
        """Whether it may still change."""
        return self.state in OPEN

    @property
    def is_frozen(self) -> bool:
        return self.state in FROZEN

    def clean(self) -> None:
        errors: dict[str, str] = {}
        if self.plan.partnership_id != self.partnership_id:
            errors["plan"] = gettext("This plan belongs to another partnership.")
        if self.meeting is not None and self.meeting.board_id != self.board_id:
            errors["meeting"] = gettext("Select a meeting of this board.")
        if self.item is not None and self.item.meeting_id != self.meeting_id:
            errors["item"] = gettext("Select an item of the meeting's agenda.")
        if errors:
            raise ValidationError(errors)


class Section(Tracked):
    """One section of a paper: its text, and who wrote it. Its tables are counted, never typed."""

    ledger_path = "paper__template__board__partnership__ledger"

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="sections")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=24)
    heading = models.CharField(max_length=120)
    voice = models.CharField(max_length=8, choices=Template.Voice, default=Template.Voice.CHIEF)
    text = LongText(max_length=12000, blank=True)
    facts_on = models.DateField(
        gettext_lazy("as at"),
        null=True,
        blank=True,
        help_text=gettext_lazy("The day on which what the text says was so."),
    )
    author = account()
    written_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("section")
        ordering: ClassVar[list[str]] = ["paper", "order"]
        constraints = [models.UniqueConstraint(fields=["paper", "order"], name="section_order_unique")]

    def __str__(self) -> str:
        return f"{self.paper}: {self.heading}"


class Passage(Tracked):
    """A text of a return that flows into a paper, with its source; what is left out is seen to be left out."""

    class Treatment(models.TextChoices):
        USED = "used", gettext_lazy("Print in full")
        SHORTENED = "shortened", gettext_lazy("Shorten")
        LEFT_OUT = "left_out", gettext_lazy("Leave out")

    class Disposition(models.TextChoices):
        """What became of an escalation."""

        NONE = "", gettext_lazy("Not decided")
        OPEN = "open", gettext_lazy("Open")
        TAKEN = "taken", gettext_lazy("Taken by the board")
        NOTED = "noted", gettext_lazy("Noted")
        DECLINED = "declined", gettext_lazy("Declined")

    ledger_path = "paper__template__board__partnership__ledger"
    constraint_fields = {"passage_left_out_says_why": "reason"}

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="passages")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="passages")
    report = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="passages")
    source = models.CharField(max_length=200, help_text=gettext_lazy("Organisation and period."))
    submitted_on = models.DateField()
    original = LongText(max_length=4000, editable=False)
    text = LongText(max_length=4000, blank=True)
    treatment = models.CharField(max_length=10, choices=Treatment, default=Treatment.USED)
    reason = models.CharField(gettext_lazy("why it is left out"), max_length=300, blank=True)
    disposition = models.CharField(max_length=10, choices=Disposition, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("passage")
        ordering: ClassVar[list[str]] = ["section__order", "source", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(treatment="left_out") | ~Q(reason=""),
                name="passage_left_out_says_why",
                violation_error_message=gettext_lazy("Enter why this is left out."),
            ),
        ]

    def __str__(self) -> str:
        return self.source


class Implication(Tracked):
    """One row of a committee's table of implications. "Nil" is an answer; empty is not."""

    ledger_path = "paper__template__board__partnership__ledger"

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="implications")
    order = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=120)
    text = LongText(max_length=2000, blank=True)
    assessed_by = models.CharField(
        max_length=160, blank=True, help_text=gettext_lazy("The post, not a name.")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("implication")
        ordering: ClassVar[list[str]] = ["paper", "order"]

    def __str__(self) -> str:
        return self.heading


class Appendix(Tracked):
    """An appendix that a paper names: attached, or why it is not."""

    class Status(models.TextChoices):
        UNKNOWN = "", gettext_lazy("Not stated")
        ATTACHED = "attached", gettext_lazy("Attached")
        NOT_SUPPLIED = "not_supplied", gettext_lazy("Not supplied")
        WITHHELD = "withheld", gettext_lazy("Withheld")

    ledger_path = "paper__template__board__partnership__ledger"
    constraint_fields = {"appendix_missing_says_why": "reason"}

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="appendices")
    letter = models.CharField(max_length=4)
    title = models.CharField(max_length=200)
    holds = models.CharField(
        max_length=24, blank=True, help_text=gettext_lazy("The kind of the section that it is.")
    )
    status = models.CharField(max_length=14, choices=Status, blank=True)
    reason = LongText(gettext_lazy("why it is not attached"), max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("appendix")
        verbose_name_plural = gettext_lazy("appendices")
        ordering: ClassVar[list[str]] = ["paper", "letter"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["not_supplied", "withheld"]) | ~Q(reason=""),
                name="appendix_missing_says_why",
                violation_error_message=gettext_lazy("Enter why the appendix is not attached."),
            ),
        ]

    def __str__(self) -> str:
        return gettext("Appendix {letter}: {title}").format(letter=self.letter, title=self.title)
