"""Money for Prevent: who was funded for which year, grants with what the law asks to be published, and stated totals."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_lazy

from actions.core.models import Action
from partners.models import Organisation
from programme.records.constraints import (
    LAST_AFTER_FIRST,
    in_order,
    known_unless_unknown,
    one_current,
    one_each,
)
from programme.records.models import (
    Fact,
    InDistrict,
    OrganisationFact,
    QualifierField,
    Record,
    RecordQuerySet,
)
from programme.records.policies import OFFICE
from web.language import day_text, lazy_text
from web.text import LongText

FINANCIAL_YEAR = RegexValidator(r"\A[0-9]{4}/[0-9]{2}\Z", lazy_text("Enter a financial year like 2019/20."))
# Every grant that is published names its funder by an identifier.
FUNDER_FIRST = gettext_lazy(
    "Enter the funder identifier on the page of the fund first. 360Giving needs it to publish a grant."
)
FUNDER_NEEDED = gettext_lazy("Enter the funder identifier. A published grant of this fund needs it.")
# A penny is the least that anybody is given.
MORE_THAN_NOTHING = MinValueValidator(Decimal("0.01"), lazy_text("Enter an amount of more than £0."))


def require_year(year: str) -> None:
    """Raise ValidationError unless the second year follows the first."""
    FINANCIAL_YEAR(year)
    if (int(year[:4]) + 1) % 100 != int(year[5:]):
        raise ValidationError(gettext("Enter a financial year like 2019/20."))


class FundingRound(Record):
    """A year's process of deciding who is funded."""

    viewers = OFFICE

    class Stage(models.TextChoices):
        SCOPING = "scoping", gettext_lazy("Scoping")
        OPEN = "open", gettext_lazy("Open")
        DECIDED = "decided", gettext_lazy("Decided")

    programme = models.CharField(
        max_length=160, help_text=gettext_lazy("For example, Home Office Prevent funding.")
    )
    funder = models.CharField(max_length=160)
    year = models.CharField(gettext_lazy("financial year"), max_length=7, validators=[require_year])
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.SCOPING)

    objects = RecordQuerySet["FundingRound"].as_manager()

    class Meta(Record.Meta):
        ordering: ClassVar = ["-year", "programme"]
        constraints: ClassVar = [
            *Record.Meta.constraints,
            one_each(
                "partnership",
                "programme",
                "year",
                message=gettext_lazy("This year's round of this programme is recorded already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.year}"


class FundingDecision(OrganisationFact):
    """Whether an organisation is funded for a year, and what for. An amount only where a source gives one."""

    viewers = OFFICE

    class Status(models.TextChoices):
        APPLIED = "applied", gettext_lazy("Applied")
        AWAITING = "awaiting", gettext_lazy("Awaiting a decision")
        FUNDED = "funded", gettext_lazy("Funded")
        NOT_FUNDED = "not_funded", gettext_lazy("Not funded")
        WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")
        UNKNOWN = "unknown", gettext_lazy("Unknown")

    belongs_to = ("round",)

    round = models.ForeignKey(FundingRound, on_delete=models.PROTECT, related_name="decisions")
    status = models.CharField(max_length=12, choices=Status, default=Status.UNKNOWN)
    amount = models.DecimalField(
        gettext_lazy("amount in pounds"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MORE_THAN_NOTHING],
        help_text=gettext_lazy("Leave empty if no amount is stated."),
    )
    posts = models.CharField(
        max_length=250,
        blank=True,
        help_text=gettext_lazy("Titles of posts, such as Prevent Coordinator. No names."),
    )
    projects = models.BooleanField(gettext_lazy("for projects"), default=False)
    decided_on = models.DateField(null=True, blank=True)
    told_on = models.DateField(gettext_lazy("confirmed on"), null=True, blank=True)

    objects = RecordQuerySet["FundingDecision"].as_manager()

    class Meta(OrganisationFact.Meta):
        ordering: ClassVar = ["round", "organisation__name"]
        constraints: ClassVar = [
            *OrganisationFact.Meta.constraints,
            one_current(
                "round",
                "organisation",
                message=gettext_lazy("The decision on this organisation is recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(status="funded"),
                name="funding_decision_amount_is_funded",
                violation_error_message=gettext_lazy(
                    "Leave the amount empty. Only an organisation that is funded has one."
                ),
            ),
        ]

    constraint_fields: ClassVar = {"funding_decision_amount_is_funded": "amount"}

    def __str__(self) -> str:
        return f"{self.organisation}, {self.round}"


class GrantFund(Record):
    """A fund that grants are made from."""

    viewers = OFFICE
    keepers = OFFICE

    name = models.CharField(max_length=160)
    funder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    funder_identifier = models.CharField(
        max_length=120,
        blank=True,
        help_text=gettext_lazy("The funder's organisation identifier, as 360Giving prints it."),
    )
    purpose = LongText(max_length=2000, blank=True)

    objects = RecordQuerySet["GrantFund"].as_manager()

    class Meta(Record.Meta):
        ordering: ClassVar = ["name"]
        verbose_name = gettext_lazy("fund")
        constraints: ClassVar = [
            *Record.Meta.constraints,
            one_each(
                "partnership",
                "name",
                message=gettext_lazy("This partnership already has a fund with this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        published = Action.Publication.PUBLISH
        if not self.funder_identifier and self.pk and self.grants.filter(publication=published).exists():
            raise ValidationError({"funder_identifier": FUNDER_NEEDED})


class GrantLimit(Fact):
    """The most that one grant of a fund may be, from a day."""

    viewers = OFFICE
    keepers = OFFICE
    belongs_to = ("fund",)

    fund = models.ForeignKey(GrantFund, on_delete=models.PROTECT, related_name="limits")
    amount = models.DecimalField(
        gettext_lazy("limit in pounds"), max_digits=12, decimal_places=2, validators=[MORE_THAN_NOTHING]
    )
    valid_from = models.DateField(
        null=True, blank=True, help_text=gettext_lazy("Leave empty if no source says since when.")
    )
    valid_to = models.DateField(
        null=True, blank=True, help_text=gettext_lazy("Leave empty while it is in force.")
    )

    objects = RecordQuerySet["GrantLimit"].as_manager()

    class Meta(Fact.Meta):
        ordering: ClassVar = ["fund", "valid_from"]
        constraints: ClassVar = [
            *Fact.Meta.constraints,
            in_order("valid_from", "valid_to", message=LAST_AFTER_FIRST),
        ]

    constraint_fields: ClassVar = {"%(class)s_valid_to_in_order": "valid_to"}

    def __str__(self) -> str:
        return gettext("{fund}: up to £{amount:,.2f}").format(fund=self.fund, amount=self.amount)

    def holds_on(self, day: date) -> bool:
        begins = self.valid_from is None or self.valid_from <= day
        return begins and (self.valid_to is None or self.valid_to >= day)

    def clean(self) -> None:
        super().clean()
        if self.fund_id is not None and self.amount is not None:
            self._require_grants_within()

    def _require_grants_within(self) -> None:
        others = self.fund.limits.filter(is_current=True).exclude(pk__in=[self.pk, self.supersedes_id])
        for grant in self.fund.grants.filter(amount__gt=self.amount, awarded_on__isnull=False):
            day = grant.awarded_on
            if day is not None and limit_on(limits=[*others, self], day=day) is self:
                text = gettext(
                    "Grant {identifier} of £{amount:,.2f} is over this limit on its day. Correct the grant first, or the days of the limit."
                ).format(identifier=grant.identifier, amount=grant.amount)
                raise ValidationError({"amount": text})


def limit_on(*, limits: Iterable[GrantLimit], day: date) -> GrantLimit | None:
    """Return the limit of a day: a limit that begins later replaces one whose end nobody entered."""
    holding = [limit for limit in limits if limit.holds_on(day)]
    return max(holding, key=lambda limit: (limit.valid_from or date.min, limit.as_at), default=None)


class Grant(InDistrict, Record):
    """A grant, with the fields of the 360Giving standard and of the Specified Information Order."""

    viewers = OFFICE
    keepers = OFFICE

    class State(models.TextChoices):
        APPLIED = "applied", gettext_lazy("Applied")
        AWARDED = "awarded", gettext_lazy("Awarded")
        PAID = "paid", gettext_lazy("Paid")
        CLOSED = "closed", gettext_lazy("Closed")
        DECLINED = "declined", gettext_lazy("Declined")
        RECOVERED = "recovered", gettext_lazy("Recovered")

    belongs_to = ("fund",)
    GRANTED = (State.AWARDED, State.PAID, State.CLOSED, State.RECOVERED)

    fund = models.ForeignKey(GrantFund, on_delete=models.PROTECT, related_name="grants")
    identifier = models.CharField(
        max_length=120, help_text=gettext_lazy("Unique in the world, such as 360G-wypcc-0001.")
    )
    title = models.CharField(max_length=140)
    description = LongText(max_length=4000)
    recipient = models.CharField(gettext_lazy("recipient organisation"), max_length=200)
    recipient_identifier = models.CharField(
        gettext_lazy("recipient identifier"),
        max_length=120,
        help_text=gettext_lazy("Such as GB-CHC-1234567 for a charity."),
    )
    amount = models.DecimalField(
        gettext_lazy("amount awarded in pounds"),
        max_digits=12,
        decimal_places=2,
        validators=[MORE_THAN_NOTHING],
    )
    awarded_on = models.DateField(gettext_lazy("award date"), null=True, blank=True)
    purpose = LongText(max_length=2000, help_text=gettext_lazy("What the grant is for."))
    conditions = LongText(
        max_length=4000, blank=True, help_text=gettext_lazy("Conditions attached to the grant.")
    )
    reasons = LongText(
        max_length=4000, blank=True, help_text=gettext_lazy("Why the body decided to make the grant.")
    )
    state = models.CharField(gettext_lazy("status"), max_length=10, choices=State, default=State.APPLIED)

    objects = RecordQuerySet["Grant"].as_manager()

    class Meta(Record.Meta):
        ordering: ClassVar = [F("awarded_on").desc(nulls_last=True), "identifier"]
        constraints: ClassVar = [
            *Record.Meta.constraints,
            one_each(
                "partnership",
                "identifier",
                message=gettext_lazy("This partnership already has a grant with this identifier."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["applied", "declined"]) | Q(awarded_on__isnull=False),
                name="grant_awarded_has_date",
                violation_error_message=gettext_lazy("Enter the date of the award."),
            ),
        ]

    constraint_fields: ClassVar = {"grant_awarded_has_date": "awarded_on"}

    def __str__(self) -> str:
        return f"{self.identifier} {self.title}"

    def clean(self) -> None:
        super().clean()
        if (
            self.fund_id is not None
            and self.publication == Action.Publication.PUBLISH
            and not self.fund.funder_identifier
        ):
            raise ValidationError({"publication": FUNDER_FIRST})
        if self.awarded_on is None or self.fund_id is None or self.amount is None:
            return
        limit = limit_on(limits=self.fund.limits.filter(is_current=True), day=self.awarded_on)
        if limit is not None and self.amount > limit.amount:
            text = gettext(
                "A grant of this fund can be up to £{amount:,.2f} on this day. Enter a lower amount, or record another limit of the fund."
            ).format(amount=limit.amount)
            raise ValidationError({"amount": text})


class StatedTotal(Fact):
    """A total that a paper states. Its items may be in no source."""

    viewers = OFFICE
    keepers = OFFICE
    belongs_to = ("fund",)
    quantities = ("number",)

    fund = models.ForeignKey(GrantFund, on_delete=models.PROTECT, related_name="totals")
    amount = models.DecimalField(
        gettext_lazy("amount in pounds"), max_digits=12, decimal_places=2, validators=[MORE_THAN_NOTHING]
    )
    number = models.PositiveIntegerField(gettext_lazy("number of grants"), null=True, blank=True)
    number_qualifier = QualifierField(gettext_lazy("number of grants: how exact"))
    since = models.PositiveSmallIntegerField(gettext_lazy("since the year"), null=True, blank=True)

    objects = RecordQuerySet["StatedTotal"].as_manager()

    class Meta(Fact.Meta):
        ordering: ClassVar = ["fund", "as_at"]
        constraints: ClassVar = [
            *Fact.Meta.constraints,
            known_unless_unknown("number"),
            one_current("fund", "as_at", message=gettext_lazy("The total of this day is recorded already.")),
        ]

    def __str__(self) -> str:
        return gettext("{fund}: £{amount:,.2f} as at {as_at}").format(
            fund=self.fund, amount=self.amount, as_at=day_text(self.as_at)
        )
