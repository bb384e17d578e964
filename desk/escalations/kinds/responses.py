from datetime import date
from typing import Any, ClassVar

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext

from audit.actors import Actor
from desk.escalations.kinds.base import Kind, Page
from desk.escalations.models import Step
from desk.tasks.subjects import of_inspection
from desk.tasks.task import INSPECTION, Subject
from inspections.core.policies import RESPONDS
from inspections.models import Inspection
from inspections.responses.queries import with_answer
from partners.policies import Rights, Role
from standards.section55 import DAYS_AFTER_PUBLICATION, last_day
from web.language import lazy_text

# Who starts the response to a report.
STARTERS = (Role.PROGRAMME_MANAGER, Role.OPCC_OFFICER)


class LateResponses(Kind):
    """Inspection reports without a published response 56 days after publication (Police Act 1996 s.55)."""

    field = "inspection"
    type = INSPECTION
    dated = lazy_text("Response due")
    path = "inspections/<int:pk>/escalation/"
    url_name = "answer-escalation"
    reasons: ClassVar[dict[int, str]] = {
        Step.MANAGER: lazy_text("the authors of the response have not settled it"),
        Step.BOARD: lazy_text("the programme manager has not settled it"),
    }
    related = ("inspection",)
    verb = lazy_text("Acknowledge that the response is late")
    separator = ": "

    def late(self, on: date) -> Any:
        owing: Any = with_answer(Inspection.objects.owing())
        return owing.filter(answered_on=None, published_on__lt=on - DAYS_AFTER_PUBLICATION)

    def current(self, on: date) -> Q:
        late = self.late(on).values("pk")
        return Q(inspection__in=late, due=F("inspection__published_on") + DAYS_AFTER_PUBLICATION)

    def own(self, rights: Rights) -> Q:
        """The authors of the response who may still edit it; the programme managers and OPCC officers if there are none."""
        partnerships = rights.partnerships(*RESPONDS)
        by_user = Q(letters__drafted_by=rights.user_id) | Q(
            recommendations__response__written_by=rights.user_id
        )
        by_anybody = Q(letters__isnull=False) | Q(recommendations__response__isnull=False)
        own = Inspection.objects.filter(by_user, partnership__in=partnerships).values("pk")
        managed = Inspection.objects.filter(partnership__in=rights.partnerships(*STARTERS))
        started = Inspection.objects.filter(by_anybody).values("pk")
        return Q(inspection__in=own) | Q(inspection__in=managed.exclude(pk__in=started).values("pk"))

    def concerns(self, rights: Rights) -> bool:
        return bool(rights.partnerships(*RESPONDS))

    def visible(self, actor: Actor, on: date) -> Any:
        return Inspection.objects.visible_to(actor, on)

    def due(self, row: Any) -> date:
        return last_day(row.published_on)

    def partnership_id(self, row: Any) -> int:
        return int(row.partnership_id)

    def title(self, row: Any) -> str:
        return gettext("Response to {row}").format(row=row)

    def owners(self, row: Any) -> str:
        return gettext("authors of the response")

    def page(self, row: Any) -> Page:
        return Page(
            name=gettext("Response to {title}").format(title=row.title),
            note="",
            address=reverse("inspections:inspection", args=[row.pk]),
            marking=row.marking,
            handling=row.handling_instruction,
        )

    def task_subject(self, row: Any) -> Subject:
        return of_inspection(row)
