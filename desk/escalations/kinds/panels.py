from datetime import date
from typing import Any, ClassVar

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from audit.actors import Actor
from desk.escalations.kinds.base import MANAGING, Kind, Page
from desk.escalations.models import Escalation, Step
from desk.tasks.subjects import of_panel_month
from desk.tasks.task import NOTE, PANEL_MONTH, Subject, Task
from partners.policies import Rights
from programme.models import PanelMonth
from web.language import lazy_text

# The next morning: the board is told of it once, whoever knows of it already.
NEXT_DAY = [1]


class UnattendedPanels(Kind):
    """Months in which neither police side attended a Channel panel, told to the board with the reason that was given."""

    field = "panel_month"
    type = PANEL_MONTH
    dated = lazy_text("Recorded")
    path = "programme/channel/months/<int:pk>/escalation/"
    url_name = "panel-escalation"
    verb = lazy_text("Acknowledge")
    heading = lazy_text("Acknowledge that neither police side attended")
    reasons: ClassVar[dict[int, str]] = {}
    related = ("panel_month__panel__council",)
    steps = (Step.BOARD,)

    def late(self, on: date) -> Any:
        """Return the months that no later record corrects; examples are told to nobody."""
        rows = PanelMonth.objects.current().filter(neither__gt=0, as_at__lt=on)
        return rows.exclude(basis=PanelMonth.Basis.ILLUSTRATIVE).select_related("panel__council")

    def current(self, on: date) -> Q:
        return Q(panel_month__in=self.late(on), due=F("panel_month__as_at"))

    def own(self, rights: Rights) -> Q:
        return Q(pk__in=[])

    def concerns(self, rights: Rights) -> bool:
        return bool(rights.partnerships(*MANAGING))

    def visible(self, actor: Actor, on: date) -> Any:
        return PanelMonth.objects.visible_to(actor, on).select_related("panel__council")

    def due(self, row: Any) -> date:
        as_at: date = row.as_at
        return as_at

    def partnership_id(self, row: Any) -> int:
        return int(row.partnership_id)

    def title(self, row: Any) -> str:
        return gettext("{row}: neither police side attended").format(row=row)

    def owners(self, row: Any) -> str:
        return "board"

    def page(self, row: Any) -> Page:
        return Page(
            name=str(row),
            note="",
            address=reverse("programme:record-page", args=["channel", "months", row.pk]),
            marking=row.marking,
            handling=row.handling_instruction,
            summary=gettext("Neither police side attended {row}. Reason given: {reason}").format(
                row=_meetings(row), reason=row.reason
            ),
        )

    def task_subject(self, row: Any) -> Subject:
        return of_panel_month(row)

    def task(self, escalation: Escalation) -> Task:
        row: Any = escalation.subject
        return Task(
            self.task_subject(row),
            self.verb,
            # Without the reason: a task's words are mailed.
            gettext("Neither police side attended {row}: read the reason that was given").format(
                row=_meetings(row)
            ),
            self.route,
            NOTE,
            escalation.due,
            separator=self.separator,
            dated=self.dated,
        )

    @property
    def after(self) -> list[int]:
        return NEXT_DAY


def _meetings(row: Any) -> str:
    return ngettext("{neither} meeting", "{neither} meetings", row.neither).format(neither=row.neither)
