"""What every kind of escalation has to answer."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext

from audit.actors import Actor
from desk.escalations.models import Escalation, Step
from desk.tasks.task import OVERDUE, Subject, Task
from partners.policies import Rights, Role
from web.language import lazy_text

# An acknowledgement lasts a quarter of a year at most.
LONGEST_ACKNOWLEDGEMENT = timedelta(days=92)
MANAGING = (Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER)


@dataclass(frozen=True)
class Page:
    """What the page of an escalation shows about its subject.

    Attributes:
        note: follows "It was due on 1 June 2020, 3 days ago, and"; may be empty.
        summary: said instead of that, about what has no due date.
        address: of the subject's own page.
    """

    name: str
    note: str
    address: str
    marking: str
    handling: str = ""
    summary: str = ""


class Kind(ABC):
    """One kind of escalation, about the rows of one model.

    Attributes:
        field: of Escalation, the foreign key to its subject.
        type: of the subject, in the API.
        path: of the page on which it is acknowledged; `url_name` is its name.
        ledger: lookup from the subject to its ledger.
        plan: lookup from the escalation to the plan of its subject; empty where it has none.
        reasons: why it reached each step above the first, in words that follow "It is late, and".
        related: what `select_related` reads with an escalation.
        heading: of its page.
        steps: who receives it, one after the other.
    """

    field: ClassVar[str]
    type: ClassVar[str]
    path: ClassVar[str]
    url_name: ClassVar[str]
    ledger: ClassVar[str] = "partnership__ledger"
    plan: ClassVar[str] = ""
    reasons: ClassVar[dict[int, str]]
    related: ClassVar[tuple[str, ...]]
    heading: ClassVar[str] = lazy_text("Acknowledge that it is late")
    steps: ClassVar[tuple[Step, ...]] = tuple(Step)

    @abstractmethod
    def late(self, on: date) -> Any:
        """Return the rows that are late on a day and can still be settled."""

    @abstractmethod
    def current(self, on: date) -> Q:
        """Return the filter for the escalations of rows that are still late for the same due date."""

    @abstractmethod
    def own(self, rights: Rights) -> Q:
        """Return the filter for the escalations that go to the user at the first step."""

    @abstractmethod
    def concerns(self, rights: Rights) -> bool:
        """Say whether the user can receive an escalation of this kind at all."""

    @abstractmethod
    def visible(self, actor: Actor, on: date) -> Any:
        """Return the rows that the user may view."""

    @abstractmethod
    def due(self, row: Any) -> date:
        """Return the due date of a row."""

    @abstractmethod
    def partnership_id(self, row: Any) -> int:
        """Return the id of the partnership of a row."""

    @abstractmethod
    def title(self, row: Any) -> str:
        """Name a row in a few words."""

    @abstractmethod
    def owners(self, row: Any) -> str:
        """Name who receives the first step, in words that follow "Escalated to the"."""

    @abstractmethod
    def page(self, row: Any) -> Page:
        """Return what the page of an escalation shows about a row."""

    @abstractmethod
    def task_subject(self, row: Any) -> Subject:
        """Return the subject of the task that asks for an acknowledgement."""

    verb: ClassVar[str] = lazy_text("Acknowledge")
    separator: ClassVar[str] = " "
    dated: ClassVar[str] = ""

    def task(self, escalation: Escalation) -> Task:
        """Return the task that asks for an acknowledgement."""
        reason = self.reasons.get(escalation.step)
        return Task(
            self.task_subject(escalation.subject),
            self.verb,
            gettext("It is late, and {reason}: say when it will be done, or why not").format(reason=reason)
            if reason
            else gettext("It is late: say when it will be done, or why not"),
            self.route,
            OVERDUE,
            escalation.due,
            separator=self.separator,
            dated=self.dated,
        )

    def recipients(self, escalation: Escalation) -> str:
        """Name who received an escalation, in words that follow "Escalated to the"."""
        if escalation.step == Step.OWNER:
            return self.owners(escalation.subject)
        return Step(escalation.step).label.lower()

    @property
    def route(self) -> str:
        return f"desk:{self.url_name}"

    @property
    def after(self) -> list[int]:
        """Days until each step."""
        return settings.ESCALATE_AFTER_DAYS

    def latest(self, row: Any, on: date) -> date:
        """Return the last day that an acknowledgement may last until."""
        return on + LONGEST_ACKNOWLEDGEMENT
