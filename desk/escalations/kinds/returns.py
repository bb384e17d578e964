from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext

from audit.actors import Actor
from desk.escalations.kinds.base import MANAGING, Kind, Page
from desk.escalations.models import Step
from desk.tasks.subjects import of_return
from desk.tasks.task import RETURN, Subject
from partners.policies import Rights, Role
from returns.models import Return
from returns.states import ReturnState
from web.language import day_text, lazy_text, period_text


class LateReturns(Kind):
    """Returns not submitted by their due date, until they close; a closed return is missed, not late."""

    field = "report"
    type = RETURN
    dated = lazy_text("Return due")
    path = "returns/<int:pk>/escalation/"
    url_name = "return-escalation"
    ledger = "plan__partnership__ledger"
    reasons: ClassVar[dict[int, str]] = {
        Step.MANAGER: lazy_text("its organisation has not submitted it"),
        Step.BOARD: lazy_text("the programme manager has not settled it"),
    }
    plan = "report__plan"
    related = ("report__plan", "report__organisation")

    def late(self, on: date) -> Any:
        rows = Return.objects.filter(state=ReturnState.OPEN, due_on__lt=on, closes_on__gte=on)
        return rows.select_related("plan", "organisation")

    def current(self, on: date) -> Q:
        return Q(report__in=self.late(on), due=F("report__due_on"))

    def own(self, rights: Rights) -> Q:
        return Q(report__organisation__in=rights.organisations(Role.SPOC, Role.PARTNER_CONTACT))

    def concerns(self, rights: Rights) -> bool:
        return bool(rights.partnerships(*MANAGING, Role.SPOC, Role.PARTNER_CONTACT))

    def visible(self, actor: Actor, on: date) -> Any:
        return Return.objects.visible_to(actor, on).select_related("plan", "organisation")

    def due(self, row: Any) -> date:
        due: date = row.due_on
        return due

    def partnership_id(self, row: Any) -> int:
        return int(row.plan.partnership_id)

    def title(self, row: Any) -> str:
        return gettext("Return of {row}").format(row=row)

    def owners(self, row: Any) -> str:
        return gettext("SPOCs and contacts of {organisation}").format(organisation=row.organisation)

    def page(self, row: Any) -> Page:
        return Page(
            name=gettext("Return of {organisation} for {period}").format(
                organisation=row.organisation, period=period_text(row.period)
            ),
            note=gettext("it closes after {closes_on}").format(closes_on=day_text(row.closes_on)),
            address=reverse("returns:return", args=[row.pk]),
            marking=row.plan.marking,
            handling=row.plan.handling_instruction,
        )

    def task_subject(self, row: Any) -> Subject:
        return of_return(
            row,
            gettext("the late return of {organisation} for {period}").format(
                organisation=row.organisation, period=period_text(row.period)
            ),
        )

    @property
    def after(self) -> list[int]:
        return settings.ESCALATE_RETURNS_AFTER_DAYS

    def latest(self, row: Any, on: date) -> date:
        closes_on: date = row.closes_on
        return min(closes_on, super().latest(row, on))
