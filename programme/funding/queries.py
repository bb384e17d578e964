"""What funding records add up to: councils by year, and stated totals beside the grants that are itemised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from audit.actors import Reader
from partners.models import Organisation
from programme.funding.models import (
    FundingDecision,
    FundingRound,
    Grant,
    GrantFund,
    GrantLimit,
    StatedTotal,
    limit_on,
)
from standards.quantities import Qualifier
from web.wording import quantity_text

PENNY = Decimal("0.01")
Status = FundingDecision.Status
# An application that nobody has decided on says nothing about being funded.
OPEN = (Status.APPLIED, Status.AWAITING, Status.UNKNOWN)


@dataclass(frozen=True)
class Line:
    """One council in a round; without a decision its status is unknown."""

    council: Organisation
    decision: FundingDecision | None

    @property
    def status(self) -> Status:
        return Status(self.decision.status) if self.decision else Status.UNKNOWN


@dataclass(frozen=True)
class Year:
    """A round with every council of its partnership."""

    round: FundingRound
    lines: Sequence[Line]

    def number(self, *statuses: Status) -> int:
        return sum(line.status in statuses for line in self.lines)

    @property
    def funded(self) -> int:
        return self.number(Status.FUNDED)

    @property
    def not_funded(self) -> int:
        return self.number(Status.NOT_FUNDED, Status.WITHDRAWN)

    @property
    def unknown(self) -> int:
        return self.number(*OPEN)

    @property
    def amount(self) -> Decimal | None:
        """The amounts added up; None unless there is one for every council that is funded."""
        amounts = [
            line.decision.amount for line in self.lines if line.decision and line.status == Status.FUNDED
        ]
        stated = [amount for amount in amounts if amount is not None]
        return sum(stated, Decimal()) if stated and len(stated) == len(amounts) else None


@dataclass(frozen=True)
class Repeat:
    """A stated total that repeats an earlier one."""

    first: StatedTotal
    last: StatedTotal

    @property
    def days(self) -> int:
        return (self.last.as_at - self.first.as_at).days


@dataclass(frozen=True)
class Reconciled:
    """A fund's newest stated total beside the grants that are itemised here."""

    fund: GrantFund
    total: StatedTotal | None
    itemised: Decimal
    grants: int
    limit: GrantLimit | None
    repeat: Repeat | None

    @property
    def number(self) -> str:
        """The stated number of grants, as exact as it is stated."""
        return quantity_text(self.total.quantity("number")) if self.total else ""

    @property
    def difference(self) -> Decimal | None:
        """What the stated total holds and no grant here does."""
        return self.total.amount - self.itemised if self.total else None

    @property
    def mean(self) -> Decimal | None:
        """The mean grant of the stated total, where the number of grants is exact."""
        if self.total is None or not self.total.number or self.total.number_qualifier != Qualifier.EXACTLY:
            return None
        return (self.total.amount / self.total.number).quantize(PENNY, ROUND_HALF_UP)

    @property
    def fewest(self) -> int | None:
        """The fewest grants that can make up the stated total within the limit."""
        if self.total is None or self.limit is None:
            return None
        return int((self.total.amount / self.limit.amount).to_integral_value(ROUND_CEILING))

    @property
    def is_possible(self) -> bool:
        """Whether the stated number of grants can make up the total within the limit."""
        if self.total is None or self.total.number is None or self.fewest is None:
            return True
        # "At least 10" and "about 10" leave room for more.
        is_most = self.total.number_qualifier in (Qualifier.EXACTLY, Qualifier.UP_TO)
        return not is_most or self.total.number >= self.fewest


def years(*, user: Reader, on: date) -> list[Year]:
    """Return each round with every council of its partnership, the newest year first."""
    rounds = list(FundingRound.objects.visible_to(user, on))
    # Whoever views a round views which councils it is about.
    councils = Organisation.objects.filter(
        partnership__in={each.partnership_id for each in rounds}, kind=Organisation.Kind.COUNCIL
    )
    by_partnership: dict[int, list[Organisation]] = {}
    for council in councils.order_by("name"):
        by_partnership.setdefault(council.partnership_id, []).append(council)
    rows = FundingDecision.objects.visible_to(user, on).current().filter(round__in=rounds)
    decisions = {(row.round_id, row.organisation_id): row for row in rows}
    return [
        Year(
            each,
            [
                Line(council, decisions.get((each.pk, council.pk)))
                for council in by_partnership.get(each.partnership_id, [])
            ],
        )
        for each in rounds
    ]


def reconciled(*, user: Reader, on: date) -> list[Reconciled]:
    """Return each fund with its newest stated total, the grants that are itemised, and the difference."""
    funds = list(GrantFund.objects.visible_to(user, on))
    totals: dict[int, list[StatedTotal]] = {}
    for total in StatedTotal.objects.visible_to(user, on).current().order_by("as_at", "pk"):
        totals.setdefault(total.fund_id, []).append(total)
    grants: dict[int, list[Grant]] = {}
    for grant in Grant.objects.visible_to(user, on).filter(state__in=Grant.GRANTED):
        grants.setdefault(grant.fund_id, []).append(grant)
    limits: dict[int, list[GrantLimit]] = {}
    for limit in GrantLimit.objects.visible_to(user, on).current():
        limits.setdefault(limit.fund_id, []).append(limit)
    return [
        Reconciled(
            fund=fund,
            total=totals[fund.pk][-1] if fund.pk in totals else None,
            itemised=sum((grant.amount for grant in grants.get(fund.pk, [])), Decimal()),
            grants=len(grants.get(fund.pk, [])),
            limit=limit_on(limits=limits.get(fund.pk, []), day=on),
            repeat=_repeat(totals.get(fund.pk, [])),
        )
        for fund in funds
    ]


def _repeat(totals: Sequence[StatedTotal]) -> Repeat | None:
    """Return the first of the totals that the newest one repeats; None if it is a new figure."""
    if not totals:
        return None
    last = totals[-1]
    same = None
    for total in reversed(totals[:-1]):
        if (total.amount, total.number) != (last.amount, last.number):
            break
        same = total
    return Repeat(same, last) if same else None
