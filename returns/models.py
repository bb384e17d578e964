from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy

from actions.core.models import Action, Row_co
from actions.core.states import State
from actions.plans.models import Plan
from actions.progress.models import ProgressUpdate
from audit.actors import Reader
from audit.models import Tracked
from partners.models import MouArea, Organisation
from partners.policies import rights_of
from programme.models import ChannelPanel, LocalProfile, TrainingProgramme
from returns import policies
from returns.states import ReturnState
from standards.cadence import Frequency, Period
from web.language import month_text, period_text
from web.text import LongText
from web.wording import RATING_CHOICES


class ReturnQuerySet(QuerySet["Return"]):
    def visible_to(self, user: Reader, on: date) -> Self:
        return self.filter(policies.visible_returns(rights_of(user, on)))


class ReturnChildQuerySet(QuerySet[Row_co]):
    """Rows and commentaries: visible with their return, and with the action of a row."""

    def visible_to(self, user: Reader, on: date) -> Self:
        rows = self.filter(report__in=Return.objects.visible_to(user, on))
        if not any(field.name == "action" for field in self.model._meta.fields):
            return rows
        return rows.filter(action__in=Action.objects.visible_to(user, on))


class Return(Tracked):
    """An organisation's report on a plan for one reporting period; for a district, its Bronze report.

    Its due date and last day are set when it opens. A later change to the plan's cadence does not move them.
    """

    State = ReturnState

    ledger_path = "plan__partnership__ledger"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="returns")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="returns")
    period_start = models.DateField(gettext_lazy("first day of the period"))
    period_end = models.DateField(gettext_lazy("last day of the period"))
    due_on = models.DateField(gettext_lazy("due date"))
    closes_on = models.DateField(
        gettext_lazy("last day"), help_text=gettext_lazy("The last day to submit the return.")
    )
    state = models.CharField(
        gettext_lazy("status"), max_length=10, choices=ReturnState, default=ReturnState.OPEN
    )

    training = LongText(gettext_lazy("training delivered"), max_length=4000, blank=True)
    attendance = LongText(max_length=2000, blank=True)
    risks = LongText(max_length=4000, blank=True)
    escalations = LongText(gettext_lazy("escalations to Silver"), max_length=4000, blank=True)
    good_practice = LongText(max_length=4000, blank=True)
    decisions_sought = LongText(max_length=4000, blank=True)

    question = LongText(gettext_lazy("question about the whole return"), max_length=2000, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-period_start", "organisation__name", "pk"]
        indexes = [models.Index(fields=["state", "closes_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "organisation", "period_start"], name="return_once_a_period"
            ),
            models.CheckConstraint(condition=Q(period_end__gt=F("period_start")), name="return_period_runs"),
            models.CheckConstraint(condition=Q(due_on__gt=F("period_end")), name="return_due_after_period"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("due_on")), name="return_closes_after_due"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[ReturnState.OPEN, ReturnState.MISSED], submitted_at=None, submitted_by=None
                )
                | Q(
                    state__in=[ReturnState.SUBMITTED, ReturnState.RETURNED],
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                ),
                name="return_submitted_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {period_text(self.period)}"

    @property
    def period(self) -> Period:
        months = (
            (self.period_end.year - self.period_start.year) * 12
            + self.period_end.month
            - self.period_start.month
        )
        return Period(self.period_start, Frequency.MONTHLY if months == 0 else Frequency.QUARTERLY)

    def is_late(self, on: date) -> bool:
        return self.state == ReturnState.OPEN and self.due_on < on


class ReturnRow(Tracked):
    """A return's answer on one action: a draft until the return is submitted, then also a progress update."""

    ledger_path = "report__plan__partnership__ledger"

    report = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="rows")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="return_rows")
    unchanged = models.BooleanField(gettext_lazy("no change"), default=False)
    state = models.CharField(gettext_lazy("status"), max_length=20, choices=State, blank=True)
    narrative = LongText(gettext_lazy("what was done"), max_length=4000, blank=True)
    next_steps = LongText(gettext_lazy("what happens next"), max_length=2000, blank=True)
    rag = models.CharField(gettext_lazy("RAG"), max_length=10, choices=RATING_CHOICES, blank=True)
    reason = LongText(gettext_lazy("reason for red or amber"), max_length=2000, blank=True)
    path_to_green = LongText(max_length=2000, blank=True)
    percent = models.PositiveSmallIntegerField(
        gettext_lazy("percent done"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    question = LongText(gettext_lazy("question about this action"), max_length=2000, blank=True)
    update = models.ForeignKey(
        ProgressUpdate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="return_rows",
        help_text=gettext_lazy("The progress update made from the row when the return was last submitted."),
    )
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReturnChildQuerySet["ReturnRow"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["action__ref", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "action"], name="return_row_unique"),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__lte=100), name="return_row_percent_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.action.ref}"

    def carried_over(self) -> Iterator[Tracked]:
        """Yield earlier updates of the action: a row often repeats their text."""
        yield from self.action.updates.all()
        yield from self.action.return_rows.exclude(pk=self.pk)


class ReturnCommentary(Tracked):
    """A return's text on one MOU area."""

    ledger_path = "report__plan__partnership__ledger"

    report = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="commentaries")
    mou_area = models.ForeignKey(
        MouArea, on_delete=models.PROTECT, related_name="+", verbose_name=gettext_lazy("MOU area")
    )
    text = LongText(max_length=4000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReturnChildQuerySet["ReturnCommentary"].as_manager()

    class Meta:
        verbose_name_plural = gettext_lazy("return commentaries")
        ordering: ClassVar[list[str]] = ["mou_area__order", "mou_area__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "mou_area"], name="return_commentary_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.mou_area}"


def _about(name: str) -> Q:
    others = {"programme", "panel", "profile"} - {name}
    return Q(**{f"{name}__isnull": False}, **dict.fromkeys(sorted(others)))


class ReturnFigure(Tracked):
    """A return's figures on one training programme, one month of a Channel panel, or one local profile.

    A draft until the return is submitted, then also a record of the programme, which the return adds or corrects.
    """

    ledger_path = "report__plan__partnership__ledger"

    report = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="figures")
    programme = models.ForeignKey(
        TrainingProgramme, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    panel = models.ForeignKey(ChannelPanel, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    month = models.DateField(null=True, blank=True)
    profile = models.ForeignKey(
        LocalProfile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    eligible = models.PositiveIntegerField(
        gettext_lazy("people who should complete it"), null=True, blank=True
    )
    completed = models.PositiveIntegerField(
        gettext_lazy("people who completed it in the period"), null=True, blank=True
    )
    held = models.PositiveSmallIntegerField(gettext_lazy("meetings held"), null=True, blank=True)
    both = models.PositiveSmallIntegerField(
        gettext_lazy("local policing and CTP attended"), null=True, blank=True
    )
    local_only = models.PositiveSmallIntegerField(gettext_lazy("local policing only"), null=True, blank=True)
    ctp_only = models.PositiveSmallIntegerField(gettext_lazy("CTP only"), null=True, blank=True)
    neither = models.PositiveSmallIntegerField(gettext_lazy("neither attended"), null=True, blank=True)
    not_recorded = models.PositiveSmallIntegerField(gettext_lazy("not recorded"), null=True, blank=True)
    reason = LongText(
        gettext_lazy("reason that neither attended"),
        max_length=1000,
        blank=True,
        help_text=gettext_lazy("Nothing about cases or people."),
    )
    aligned_on = models.DateField(gettext_lazy("plan aligned to it on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReturnChildQuerySet["ReturnFigure"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=_about("programme") | _about("panel") | _about("profile"),
                name="return_figure_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(panel=None, month=None) | Q(panel__isnull=False, month__isnull=False),
                name="return_figure_month_of_panel",
            ),
            models.UniqueConstraint(fields=["report", "programme"], name="return_figure_training_unique"),
            models.UniqueConstraint(fields=["report", "panel", "month"], name="return_figure_month_unique"),
            models.UniqueConstraint(fields=["report", "profile"], name="return_figure_profile_unique"),
        ]

    def __str__(self) -> str:
        month = f", {month_text(self.month)}" if self.month else ""
        return f"{self.report}: {self.programme or self.panel or self.profile}{month}"
