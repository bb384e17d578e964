"""What climbs when it is late, kind by kind: since when it is late, whose it is first, and where that is answered for."""

from abc import ABC, abstractmethod
from datetime import date, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import F, Q

from actions.core.states import REPORTABLE
from actions.models import Action, Plan
from audit.state import model_of
from desk.escalations.models import Escalation, Step
from desk.tasks.tasks import OVERDUE, OnReport, OnReturn, Task
from inspections.models import Inspection
from inspections.responses.queries import with_answer
from partners.policies import Rights, Role
from returns.models import Return
from returns.states import ReturnState
from standards.section55 import DAYS_AFTER_PUBLICATION, last_day

# Nobody answers for longer than a quarter of a year ahead.
LONGEST_HOLD = timedelta(days=92)
MANAGING = (Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER)
Wanted = Task | OnReturn | OnReport


class Kind(ABC):
    """One kind of what climbs.

    Attributes:
        field: of Escalation, which names what is late.
        route: of the page on which it is acknowledged.
        ledger: how a row reaches its ledger.
        above: why it came to each step above the first, in words that follow "It is late, and".
    """

    field: ClassVar[str]
    route: ClassVar[str]
    ledger: ClassVar[str] = "partnership__ledger"
    above: ClassVar[dict[int, str]]

    @abstractmethod
    def late(self, on: date) -> Any:
        """Return the rows that are late on a day and can still be settled."""

    @abstractmethod
    def running(self, on: date) -> Q:
        """Return the filter for the steps of what is late now, for the day for which they were taken."""

    @abstractmethod
    def own(self, rights: Rights) -> Q:
        """Return the filter for the steps of what is the user's to settle."""

    @abstractmethod
    def concerns(self, rights: Rights) -> bool:
        """Say whether a step of this kind can be taken to the user at all."""

    @abstractmethod
    def seen(self, actor: Any, on: date) -> Any:
        """Return the rows that the user sees."""

    @abstractmethod
    def due(self, row: Any) -> date:
        """Return the day that passed."""

    @abstractmethod
    def partnership_id(self, row: Any) -> int:
        """Return whose it is."""

    @abstractmethod
    def task(self, row: Escalation, reason: str) -> Wanted:
        """Return the line of My work that asks for an acknowledgement."""

    @property
    def after(self) -> list[int]:
        """Days until each step."""
        return settings.ESCALATE_AFTER_DAYS

    def longest(self, row: Any, on: date) -> date:
        """Return the last day that an acknowledgement may name."""
        return on + LONGEST_HOLD


class OfActions(Kind):
    """What the owner could still bring: what waits for assurance is no longer theirs."""

    field = "action"
    route = "desk:escalation"
    above: ClassVar[dict[int, str]] = {
        Step.MANAGER: "its owner has not settled it",
        Step.BOARD: "the programme manager has not settled it",
    }

    def late(self, on: date) -> Any:
        return Action.objects.filter(
            state__in=REPORTABLE, by_districts=False, plan__state=Plan.State.LIVE, due__lt=on
        )

    def running(self, on: date) -> Q:
        return Q(action__in=self.late(on), due=F("action__due"))

    def own(self, rights: Rights) -> Q:
        return Q(action__owner=rights.user_id) | Q(action__alternate=rights.user_id)

    def concerns(self, rights: Rights) -> bool:
        return bool(rights.grants)

    def seen(self, actor: Any, on: date) -> Any:
        return Action.objects.visible_to(actor, on)

    def due(self, row: Any) -> date:
        assert row.due is not None
        day: date = row.due
        return day

    def partnership_id(self, row: Any) -> int:
        return int(row.partnership_id)

    def task(self, row: Escalation, reason: str) -> Wanted:
        assert row.action is not None
        return Task(row.action, "Acknowledge", reason, self.route, OVERDUE, row.due)


class OfReturns(Kind):
    """Returns that were not given by their day, as long as they can be: one that closed is missed, and no longer late."""

    field = "report"
    route = "desk:return-escalation"
    ledger = "plan__partnership__ledger"
    above: ClassVar[dict[int, str]] = {
        Step.MANAGER: "its organisation has not given it",
        Step.BOARD: "the programme manager has not settled it",
    }

    def late(self, on: date) -> Any:
        rows = Return.objects.filter(state=ReturnState.OPEN, due_on__lt=on, closes_on__gte=on)
        return rows.select_related("plan", "organisation")

    def running(self, on: date) -> Q:
        return Q(report__in=self.late(on), due=F("report__due_on"))

    def own(self, rights: Rights) -> Q:
        return Q(report__organisation__in=rights.organisations(Role.SPOC, Role.PARTNER_CONTACT))

    def concerns(self, rights: Rights) -> bool:
        return bool(rights.partnerships(*MANAGING, Role.SPOC, Role.PARTNER_CONTACT))

    def seen(self, actor: Any, on: date) -> Any:
        return Return.objects.visible_to(actor, on)

    def due(self, row: Any) -> date:
        day: date = row.due_on
        return day

    def partnership_id(self, row: Any) -> int:
        return int(row.plan.partnership_id)

    def task(self, row: Escalation, reason: str) -> Wanted:
        report = row.report
        assert report is not None
        subject = f"the late return of {report.organisation} for {report.period.label}"
        return OnReturn(
            (report.plan,), "Acknowledge", subject, reason, self.route, OVERDUE, row.due, (report.pk,)
        )

    @property
    def after(self) -> list[int]:
        return settings.ESCALATE_RETURNS_AFTER_DAYS

    def longest(self, row: Any, on: date) -> date:
        closes_on: date = row.closes_on
        return min(closes_on, super().longest(row, on))


class OfAnswers(Kind):
    """Published reports without a published answer after their 56 days (Police Act 1996 s.55)."""

    field = "inspection"
    route = "desk:answer-escalation"
    above: ClassVar[dict[int, str]] = {
        Step.MANAGER: "those who write the answer have not settled it",
        Step.BOARD: "the programme manager has not settled it",
    }

    def late(self, on: date) -> Any:
        owing: Any = with_answer(Inspection.objects.owing())
        return owing.filter(answered_on=None, published_on__lt=on - DAYS_AFTER_PUBLICATION)

    def running(self, on: date) -> Q:
        late = self.late(on).values("pk")
        return Q(inspection__in=late, due=F("inspection__published_on") + DAYS_AFTER_PUBLICATION)

    def own(self, rights: Rights) -> Q:
        """Whoever wrote something of the answer and may still write it; while nobody did, the programme managers."""
        here = rights.partnerships(*MANAGING)
        wrote = Q(letters__drafted_by=rights.user_id) | Q(
            recommendations__response__written_by=rights.user_id
        )
        written = Q(letters__isnull=False) | Q(recommendations__response__isnull=False)
        theirs = Inspection.objects.filter(wrote, partnership__in=here).values("pk")
        managed = Inspection.objects.filter(partnership__in=rights.partnerships(Role.PROGRAMME_MANAGER))
        begun = Inspection.objects.filter(written).values("pk")
        return Q(inspection__in=theirs) | Q(inspection__in=managed.exclude(pk__in=begun).values("pk"))

    def concerns(self, rights: Rights) -> bool:
        return bool(rights.partnerships(*MANAGING))

    def seen(self, actor: Any, on: date) -> Any:
        return Inspection.objects.visible_to(actor, on)

    def due(self, row: Any) -> date:
        return last_day(row.published_on)

    def partnership_id(self, row: Any) -> int:
        return int(row.partnership_id)

    def task(self, row: Escalation, reason: str) -> Wanted:
        assert row.inspection is not None
        wanted = "Acknowledge that the answer is late"
        return OnReport(row.inspection, wanted, reason, self.route, row.inspection.pk, OVERDUE, row.due)


KINDS: tuple[Kind, ...] = (OfActions(), OfReturns(), OfAnswers())
ROUTES = frozenset(kind.route for kind in KINDS)


def kind_of(*, about: Action | Return | Inspection) -> Kind:
    """Return the kind of what a step is, or may be, taken about."""
    model = model_of(about)
    return next(kind for kind in KINDS if Escalation._meta.get_field(kind.field).related_model is model)
