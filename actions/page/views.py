from typing import Any, NamedTuple

from django.db import models
from django.http import HttpRequest
from django.template.defaultfilters import linebreaksbr

from actions.actions.views.actions import _action
from actions.assurance import policies
from actions.assurance import views as assurance
from actions.board_ratings import views as board_ratings
from actions.closing import views as closing
from actions.core.models import Action
from actions.core.states import State
from actions.core.table import ACTION
from actions.dates import views as schedule
from actions.disclosure import views as disclosure
from actions.districts import views as districts
from actions.evidence import views as evidence
from actions.handover.services import owner_departure
from actions.history.queries import children_of
from actions.page import history
from actions.page.abilities import abilities
from actions.progress.models import ProgressUpdate
from actions.questions import views as questions
from actions.update_requests.models import UpdateRequest
from actions.waits.views import dependencies
from audit import clock
from partners.ledger.queries import readable_ledger
from partners.policies import Role, reads_partnerships, rights_of, rights_to_act
from standards.marking import Marking
from web.resources import ResourceField


class Detail(NamedTuple):
    """A field of an action as the page shows it; `text` is printed where it has no value."""

    label: str
    value: Any
    text: str
    is_long: bool


def action_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return what the page of an action shows of the action itself, and what the user may do to it now.

    A page of a higher app adds what that app knows of the action.

    Raises:
        Http404: when the user sees no such action.
    """
    on = clock.today()
    action = _action(request, pk)
    visible = Action.objects.visible_to(request.user, on)
    children = children_of(action)
    models.prefetch_related_objects([action], "supporting")
    supporting = list(action.supporting.all())
    updates: list[ProgressUpdate] = []
    if ProgressUpdate in children:
        updates = list(action.updates.select_related("author", "corrected_by", "corrects"))
    rights = rights_to_act(request.user, on)
    author_ids = {update.author_id for update in updates}
    computed = action.computed_rag(on)
    reader: dict[str, Any] = {"user": request.user, "on": on, "rights": rights}
    record: dict[str, Any] = {**reader, "children": children}
    evidence_section = evidence.section(action, **record)
    assurance_section = assurance.section(action, **record)
    schedule_section = schedule.section(action, **record)
    board_section = board_ratings.section(action, **record)
    closing_section = closing.section(action, **record)
    dependencies_section = dependencies.section(action, **record)
    questions_section = questions.section(action, **record)
    return {
        "action": action,
        "details": [_detail(action, field) for field in ACTION if field.detail],
        "supporting": supporting,
        "relatives": visible.filter(pk__in=[action.parent_id, action.superseded_by_id]).in_bulk(),
        "districts": districts.section(action, **reader),
        "supersedes": visible.filter(superseded_by=action).order_by("ref"),
        "computed": computed,
        "board": board_section,
        "rag_gap": action.rag_gap(on),
        "owner_gone": owner_departure(action=action, on=on),
        "overdue": action.is_overdue(on),
        "evidence": evidence_section,
        "assurance": assurance_section,
        "disclosure": disclosure.section(action, **reader),
        "readers": action.marking == Marking.OFFICIAL_SENSITIVE
        and action.partnership_id in reads_partnerships(rights_of(request.user, on)),
        "history": history.section(
            request,
            action,
            children=children,
            updates=updates,
            evidence=[row for line in evidence_section["lines"] for row in (line.newest, *line.earlier)],
            assurances=assurance_section["assurances"],
        ),
        "ledger": readable_ledger(rights=rights_of(request.user, on), partnership_id=action.partnership_id),
        "dependencies": dependencies_section,
        "questions": questions_section,
        "on": on,
        "abilities": [
            *dependencies_section["decisions"],
            *questions_section["decisions"],
            *schedule_section["decisions"],
            *closing_section["decisions"],
            *assurance_section["decisions"],
            *abilities(
                rights,
                action,
                supporting_ids=[row.pk for row in supporting],
                author_ids=author_ids,
                lacking=evidence_section["lacking"],
                asked=UpdateRequest in children
                and UpdateRequest.objects.open().filter(action=action).exists(),
            ),
            *board_section["decisions"],
        ],
        "schedule": schedule_section,
        "closing": closing_section,
        "why_not_assure": _why_not_assure(rights, action, author_ids),
        "page_marking": action.marking,
        "page_handling": action.handling_instruction,
    }


def _detail(action: Action, field: ResourceField) -> Detail:
    """Return a field of an action: a choice by its label, a text with its line breaks."""
    value = getattr(action, f"get_{field.name}_display", lambda: getattr(action, field.name))()
    is_long = isinstance(Action._meta.get_field(field.name), models.TextField)
    return Detail(field.label, linebreaksbr(value) if isinstance(value, str) else value, field.empty, is_long)


def _why_not_assure(rights: Any, action: Action, author_ids: set[int]) -> str:
    """Tell an auditor why an action that waits for assurance is not theirs to judge."""
    if (
        action.by_districts
        or action.state != State.AWAITING_ASSURANCE
        or not rights.has(Role.AUDITOR, action.partnership_id)
    ):
        return ""
    return policies.why_not_assure(rights, action, author_ids)
