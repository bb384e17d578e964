from dataclasses import dataclass
from datetime import date

from actions.models import Action, Plan
from exchange.webhooks.models import Webhook
from inspections.models import Inspection, Recommendation
from standards import marking

# How much something presses, the most first, and what programs call it. Tasks come in the order of their dates, whatever
# they are; how much they press decides among those of one day, and among those without a date, which come last.
RETURNED, OVERDUE, DUE_SOON, REPORT, DECIDE, NOTE = range(6)
URGENCIES = ("returned", "overdue", "due_soon", "report", "decide", "note")


@dataclass(frozen=True)
class Task:
    """One thing somebody is asked to do.

    `route` names the page that does it, `more` what its address holds besides the action, and `query` what the page is
    told beforehand; `by` is the day it is wanted by, none where no day was set.
    """

    action: Action
    wanted: str
    reason: str
    route: str
    urgency: int
    by: date | None = None
    more: tuple[int, ...] = ()
    query: str = ""

    def order(self) -> tuple[date, int, str]:
        return self.by or date.max, self.urgency, self.action.ref

    @property
    def given(self) -> tuple[int, ...]:
        return (self.action.pk, *self.more)

    @property
    def marking(self) -> str:
        return self.action.marking

    @property
    def title(self) -> str:
        return f"{self.wanted} {self.action.ref}: {self.action.title}"

    @property
    def place(self) -> str:
        return f"{self.action.plan}, {self.action.pillar}"


@dataclass(frozen=True)
class Gathered(Task):
    """One thing to do about several actions of a plan at once; `action` is the one of them that presses most."""

    subject: str = ""

    def order(self) -> tuple[date, int, str]:
        """Before single actions of the same day, as urgent as it is."""
        return self.by or date.max, self.urgency, ""

    @property
    def given(self) -> tuple[int, ...]:
        return (self.action.plan_id, *self.more)

    @property
    def title(self) -> str:
        return f"{self.wanted} {self.subject}"

    @property
    def place(self) -> str:
        return str(self.action.plan)


@dataclass(frozen=True)
class Listed(Gathered):
    """As `Gathered`, but done from the list of actions, which `query` narrows; `highest` is the marking of them all."""

    highest: str = ""

    @property
    def given(self) -> tuple[int, ...]:
        return ()

    @property
    def marking(self) -> str:
        return self.highest


@dataclass(frozen=True)
class OnFinding:
    """One thing to do about what an inspection found; read like a Task."""

    recommendation: Recommendation
    wanted: str
    reason: str
    route: str
    urgency: int
    by: date | None = None
    query: str = ""

    def order(self) -> tuple[date, int, str]:
        return self.by or date.max, self.urgency, str(self.recommendation)

    @property
    def given(self) -> tuple[int, ...]:
        return (self.recommendation.pk,)

    @property
    def marking(self) -> str:
        return self.recommendation.inspection.marking

    @property
    def title(self) -> str:
        return f"{self.wanted} {self.recommendation}"

    @property
    def place(self) -> str:
        return self.recommendation.inspection.title


@dataclass(frozen=True)
class OnReport:
    """One thing to do about the answer to a report; read like a Task. `about` is the id that its address holds."""

    inspection: Inspection
    wanted: str
    reason: str
    route: str
    about: int
    urgency: int
    by: date | None = None
    query: str = ""

    def order(self) -> tuple[date, int, str]:
        return self.by or date.max, self.urgency, str(self.inspection)

    @property
    def given(self) -> tuple[int, ...]:
        return (self.about,)

    @property
    def marking(self) -> str:
        return self.inspection.marking

    @property
    def title(self) -> str:
        return f"{self.wanted}: {self.inspection}"

    @property
    def place(self) -> str:
        return self.inspection.title


@dataclass(frozen=True)
class OnReturn:
    """One thing to do about what an organisation says for a period, or about what several did not; read like a Task.

    `about` are the ids that its address holds, and `subject` names it: it holds no word of any action.
    """

    plans: tuple[Plan, ...]
    wanted: str
    subject: str
    reason: str
    route: str
    urgency: int
    by: date | None = None
    about: tuple[int, ...] = ()
    query: str = ""

    def order(self) -> tuple[date, int, str]:
        """Before the single actions of the same day, as urgent as it is: it may be about all of them."""
        return self.by or date.max, self.urgency, ""

    @property
    def given(self) -> tuple[int, ...]:
        return self.about

    @property
    def marking(self) -> str:
        return marking.highest(plan.marking for plan in self.plans)

    @property
    def title(self) -> str:
        return f"{self.wanted} {self.subject}"

    @property
    def place(self) -> str:
        return " and ".join(map(str, self.plans))


@dataclass(frozen=True)
class OnWebhook:
    """One thing to do about an address that changes are sent to; read like a Task."""

    webhook: Webhook
    wanted: str
    reason: str
    route: str
    urgency: int
    by: date | None = None
    query: str = ""

    def order(self) -> tuple[date, int, str]:
        return self.by or date.max, self.urgency, str(self.webhook)

    @property
    def given(self) -> tuple[int, ...]:
        return (self.webhook.pk,)

    @property
    def marking(self) -> str:
        return marking.Marking.OFFICIAL

    @property
    def title(self) -> str:
        return f"{self.wanted} of {self.webhook.client}"

    @property
    def place(self) -> str:
        return str(self.webhook.client.organisation)
