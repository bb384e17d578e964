from datetime import date
from typing import Any, ClassVar

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext

from actions.core.states import REPORTABLE
from actions.models import Action, Plan
from audit.actors import Actor
from desk.escalations.kinds.base import Kind, Page
from desk.escalations.models import Step
from desk.tasks.subjects import of_action
from desk.tasks.task import ACTION, Subject
from partners.policies import Rights
from web.language import lazy_text


class OverdueActions(Kind):
    """Actions past their due date that are not complete; one that waits for assurance is no longer its owner's."""

    field = "action"
    type = ACTION
    path = "actions/<int:pk>/escalation/"
    url_name = "escalation"
    reasons: ClassVar[dict[int, str]] = {
        Step.MANAGER: lazy_text("its owner has not settled it"),
        Step.BOARD: lazy_text("the programme manager has not settled it"),
    }
    plan = "action__plan"
    related = ("action__plan", "action__pillar", "action__owner")

    def late(self, on: date) -> Any:
        return Action.objects.filter(
            state__in=REPORTABLE, by_districts=False, plan__state=Plan.State.LIVE, due__lt=on
        )

    def current(self, on: date) -> Q:
        return Q(action__in=self.late(on), due=F("action__due"))

    def own(self, rights: Rights) -> Q:
        return Q(action__owner=rights.user_id) | Q(action__alternate=rights.user_id)

    def concerns(self, rights: Rights) -> bool:
        return bool(rights.grants)

    def visible(self, actor: Actor, on: date) -> Any:
        return Action.objects.visible_to(actor, on).select_related("plan", "owner")

    def due(self, row: Any) -> date:
        assert row.due is not None
        due: date = row.due
        return due

    def partnership_id(self, row: Any) -> int:
        return int(row.partnership_id)

    def title(self, row: Any) -> str:
        return str(row.ref)

    def owners(self, row: Any) -> str:
        return "owner"

    def page(self, row: Any) -> Page:
        return Page(
            name=f"{row.ref} {row.title}",
            note=gettext("{owner} owns it").format(owner=row.owner) if row.owner else "",
            address=reverse("actions:action", args=[row.pk]),
            marking=row.marking,
            handling=row.handling_instruction,
        )

    def task_subject(self, row: Any) -> Subject:
        return of_action(row)
