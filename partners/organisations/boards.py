from collections.abc import Collection
from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext, gettext_lazy

from audit.models import Tracked
from partners.organisations.models import Area, Organisation
from partners.organisations.querysets import BoardSeatQuerySet, ReferenceQuerySet
from partners.partnerships.models import Partnership
from web.language import day_text, month_text, months_text


class Board(Tracked):
    """A body that meets and receives reports. Tier names are local, so they are data."""

    class Cadence(models.TextChoices):
        MONTHLY = "monthly", gettext_lazy("Monthly")
        EVERY_TWO_MONTHS = "two_monthly", gettext_lazy("Every two months")
        QUARTERLY = "quarterly", gettext_lazy("Quarterly")
        TWICE_A_YEAR = "twice_a_year", gettext_lazy("Twice a year")
        ANNUALLY = "annually", gettext_lazy("Annually")
        AS_NEEDED = "as_needed", gettext_lazy("As needed")

    MONTHS: ClassVar = {
        Cadence.MONTHLY: 1,
        Cadence.EVERY_TWO_MONTHS: 2,
        Cadence.QUARTERLY: 3,
        Cadence.TWICE_A_YEAR: 6,
        Cadence.ANNUALLY: 12,
    }
    """Calendar months of the period in which a board meets once."""

    class Numbering(models.TextChoices):
        """How the references of a board's minutes are counted."""

        RUNNING = "running", gettext_lazy("Running on, like 579")
        YEARLY = "yearly", gettext_lazy("By year, like 14/2020")

    ledger_path = "partnership__ledger"
    constraint_fields = {"board_years_in_order": "ends_on"}

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="boards")
    name = models.CharField(
        max_length=120,
        help_text=gettext_lazy(
            "If the board is renamed, add a board that took over from it: earlier meetings keep their name."
        ),
    )
    tier = models.CharField(
        max_length=40,
        help_text=gettext_lazy("The local name, for example Gold, Silver, Bronze or Public scrutiny."),
    )
    cadence = models.CharField(max_length=16, choices=Cadence, default=Cadence.QUARTERLY)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    area = models.ForeignKey(
        Area,
        verbose_name=gettext_lazy("district"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="boards",
        help_text=gettext_lazy("Leave empty if the board covers the whole force area."),
    )
    decides_on_actions = models.BooleanField(
        default=False, help_text=gettext_lazy("It may approve withdrawals and later due dates.")
    )
    quorum = models.PositiveSmallIntegerField(
        default=0,
        help_text=gettext_lazy("How many members must be present for a decision. 0 means no quorum is set."),
    )
    minute_numbering = models.CharField(max_length=10, choices=Numbering, default=Numbering.YEARLY)
    starts_on = models.DateField(
        gettext_lazy("first day"), null=True, blank=True, help_text=gettext_lazy("Leave empty if not known.")
    )
    ends_on = models.DateField(
        gettext_lazy("last day"), null=True, blank=True, help_text=gettext_lazy("Leave empty while it meets.")
    )
    succeeds = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="successor",
        help_text=gettext_lazy("The earlier board that this one took over from."),
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "name"]
        constraints = [
            models.UniqueConstraint("partnership", Lower("name"), name="board_name_unique"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="board_years_in_order",
                violation_error_message=gettext_lazy("The last day must not be before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def runs_on(self, day: date) -> bool:
        """Return whether the board existed on the day; an end that is not known is open."""
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or day <= self.ends_on
        )

    def periods_without(self, days: Collection[date], on: date) -> list[str]:
        """Return the periods of the board's cadence, such as January to March 2020, in which none of the days falls.

        Args:
            days: the first of them begins the count; without any there is none.
            on: the period of this day is not over, so it is left out.
        """
        months = self.MONTHS.get(self.Cadence(self.cadence))
        if months is None or not days:
            return []
        last = on if self.ends_on is None else min(on, self.ends_on)
        known = {_period(day, months) for day in days}
        return [
            _period_in_words(number, months)
            for number in range(min(known), _period(last, months))
            if number not in known
        ]

    def with_earlier(self) -> list[int]:
        """Return the ids of this board and of those it took over from, the latest first."""
        ids, earlier = [self.pk], self.succeeds
        while earlier is not None:
            ids.append(earlier.pk)
            earlier = earlier.succeeds
        return ids

    def with_later(self) -> list[int]:
        """Return the ids of this board and of those that took over from it, the earliest first."""
        ids, later = [self.pk], Board.objects.filter(succeeds=self.pk).first()
        while later is not None:
            ids.append(later.pk)
            later = Board.objects.filter(succeeds=later.pk).first()
        return ids

    def with_line(self) -> list[int]:
        """Return the ids of this board, of those before it and of those after it, which share one numbering."""
        return [*self.with_earlier(), *self.with_later()[1:]]

    def clean(self) -> None:
        if self.area is not None and self.area.partnership_id != self.partnership_id:
            raise ValidationError({"area": gettext("Select a district in this partnership")})
        if self.parent is not None and self.parent.partnership_id != self.partnership_id:
            raise ValidationError({"parent": gettext("Select a board in this partnership")})
        if problem := _why_not_succeed(self, self.succeeds):
            raise ValidationError({"succeeds": problem})
        above = self.parent
        while above is not None:
            if self.pk is not None and above.pk == self.pk:
                raise ValidationError(
                    {"parent": gettext("A board cannot report to itself, directly or indirectly")}
                )
            above = above.parent


def _period(day: date, months: int) -> int:
    return (day.year * 12 + day.month - 1) // months


def _period_in_words(number: int, months: int) -> str:
    first, last = (
        date(month // 12, month % 12 + 1, 1) for month in (number * months, (number + 1) * months - 1)
    )
    if months == 1:
        return month_text(first)
    return f"{first.year}" if months == 12 else months_text(first, last)


class BoardSeat(Tracked):
    """A place on a board for an organisation, by post and not by name, between two days."""

    ledger_path = "board__partnership__ledger"
    partnership_path = "board__partnership"
    constraint_fields = {"seat_days_in_order": "ends_on"}

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="seats")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="seats")
    post = models.CharField(
        max_length=120, help_text=gettext_lazy("The post, not a name. For example, Chair.")
    )
    starts_on = models.DateField(
        gettext_lazy("first day"), null=True, blank=True, help_text=gettext_lazy("Leave empty if not known.")
    )
    ends_on = models.DateField(
        gettext_lazy("last day"), null=True, blank=True, help_text=gettext_lazy("Leave empty while it runs.")
    )
    vacant = models.BooleanField(default=False, help_text=gettext_lazy("Nobody fills the seat."))
    source = models.CharField(
        max_length=300, blank=True, help_text=gettext_lazy("The paper that states the seat, if one does.")
    )
    succeeds = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="successor",
        help_text=gettext_lazy("The earlier seat that this one took over from."),
    )

    objects = BoardSeatQuerySet["BoardSeat"].as_manager()

    class Meta:
        ordering = ["board", "organisation", "post", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "organisation", "post", "starts_on"],
                name="seat_unique",
            ),
            models.UniqueConstraint(
                fields=["board", "organisation", "post"],
                condition=Q(starts_on=None),
                name="seat_unique_without_first_day",
                violation_error_message=gettext_lazy("This board already has this seat without a first day."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="seat_days_in_order",
                violation_error_message=gettext_lazy("The last day must not be before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post}, {self.organisation}"

    @property
    def partnership_id(self) -> int:
        return self.board.partnership_id

    @property
    def sector(self) -> str:
        """The sector that the seat is for, as Schedule 6 names it; otherwise the kind of its organisation."""
        organisation = self.organisation
        if organisation.schedule_6_sector:
            return str(organisation.get_schedule_6_sector_display())
        return str(organisation.get_kind_display())

    def status_on(self, day: date) -> str:
        """Return whether the seat is filled on the day, in a word."""
        if self.ends_on is not None and self.ends_on < day:
            return gettext("Ended")
        if self.starts_on is not None and self.starts_on > day:
            return gettext("Not yet begun")
        return gettext("Vacant") if self.vacant else gettext("Filled")

    def clean(self) -> None:
        if not self.board_id or not self.organisation_id:
            return
        if self.organisation.partnership_id != self.board.partnership_id:
            raise ValidationError({"organisation": gettext("Select an organisation in this partnership")})
        if self.starts_on is not None and not self.board.runs_on(self.starts_on):
            raise ValidationError(
                {
                    "starts_on": gettext("{board} did not exist on {starts_on}").format(
                        board=self.board, starts_on=day_text(self.starts_on)
                    )
                }
            )
        if self.succeeds is not None and self.succeeds.board_id != self.board_id:
            raise ValidationError({"succeeds": gettext("Select a seat on the same board")})
        if problem := _why_not_succeed(self, self.succeeds):
            raise ValidationError({"succeeds": problem})


def _why_not_succeed(later: Board | BoardSeat, earlier: Board | BoardSeat | None) -> str:
    """Return why one board or seat cannot take over from another; empty when it can."""
    if earlier is None:
        return ""
    if earlier.partnership_id != later.partnership_id:
        return gettext("Select one in this partnership")
    if earlier.pk == later.pk:
        return gettext("Select an earlier one, not this one")
    if earlier.ends_on is None:
        return gettext("Enter the last day of the earlier one first")
    if later.starts_on is None or later.starts_on <= earlier.ends_on:
        return gettext("It must start after the earlier one ended")
    return ""


class MouArea(Tracked):
    """An area of responsibility that the memorandum of understanding divides between organisations."""

    ledger_path = "partnership__ledger"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="mou_areas")
    name = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField(default=0)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "order", "name"]
        verbose_name = gettext_lazy("MOU area")
        constraints = [models.UniqueConstraint("partnership", Lower("name"), name="mou_area_name_unique")]

    def __str__(self) -> str:
        return self.name


class Responsibility(Tracked):
    class Kind(models.TextChoices):
        LEADS = "leads", gettext_lazy("Leads")
        SUPPORTS = "supports", gettext_lazy("Supports")

    ledger_path = "mou_area__partnership__ledger"
    partnership_path = "mou_area__partnership"

    mou_area = models.ForeignKey(MouArea, on_delete=models.PROTECT, related_name="responsibilities")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="responsibilities")
    kind = models.CharField(max_length=10, choices=Kind)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["mou_area", "kind", "organisation"]
        verbose_name_plural = gettext_lazy("responsibilities")
        constraints = [
            models.UniqueConstraint(fields=["mou_area", "organisation"], name="responsibility_unique")
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_kind_display().lower()} {self.mou_area}"

    @property
    def partnership_id(self) -> int:
        return self.mou_area.partnership_id

    def clean(self) -> None:
        if not self.mou_area_id or not self.organisation_id:
            return
        if self.organisation.partnership_id != self.mou_area.partnership_id:
            raise ValidationError({"organisation": gettext("Select an organisation in this partnership")})
