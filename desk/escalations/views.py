from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from actions.lists.views.of_plan import PlanList, plan_of
from audit import clock
from audit.policies import forbid
from desk.escalations.forms import AcknowledgeForm
from desk.escalations.kinds import Kind, Page, kind_of
from desk.escalations.models import Acknowledgement, Escalation
from desk.escalations.services import (
    acknowledge,
    current_in_plans,
    escalations_of_plan,
    history_of,
    is_paused,
    open_escalations,
    why_not_acknowledge,
)
from partners.policies import rights_of
from web.callers import actor_of
from web.filters import without_empty_parameters
from web.language import lazy_text
from web.pages import answer
from web.quick import RowGroup


def page_of(kind: Kind) -> Callable[..., HttpResponse]:
    """Return the page on which recipients acknowledge escalations of one kind."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def escalation_page(request: HttpRequest, pk: int) -> HttpResponse:
        return _answer(request, kind, pk)

    return escalation_page


PLAN_LIST = PlanList(
    route="desk:plan-escalations",
    template="desk/escalations/plan_escalations.html",
    heading=lazy_text("Escalations"),
    noun=lazy_text("escalations"),
    empty=lazy_text("Actions and returns appear here when they are late and nobody has settled them."),
    searched=("action__ref", "action__title", "report__organisation__name"),
    ordering=("-raised_on",),
    default="open",
)


@dataclass(frozen=True)
class Line:
    """An escalation in the list of a plan.

    Attributes:
        acknowledgement: the last one.
        is_current: whether its subject is still late.
        acknowledge_address: of the page where the reader has to acknowledge it; empty if they do not.
    """

    escalation: Escalation
    page: Page
    recipients: str
    acknowledgement: Acknowledgement | None
    is_current: bool
    acknowledge_address: str


@require_safe
@without_empty_parameters
def plan_escalations(request: HttpRequest, pk: int) -> HttpResponse:
    """List what is or was late in a plan, and to whom it was escalated."""
    plan, on, actor = plan_of(request, pk), clock.today(), actor_of(request)
    current, paused = current_in_plans(on=on), is_paused(on=on)
    groups = [
        RowGroup("open", gettext("Not acknowledged"), current & ~paused),
        RowGroup("acknowledged", gettext("Acknowledged"), current & paused),
        RowGroup("settled", gettext("No longer late"), ~current),
    ]
    rows = escalations_of_plan(actor=actor, plan=plan, on=on)

    def lines(rows: Sequence[Escalation]) -> list[Line]:
        late = set(
            Escalation.objects.filter(current, pk__in=[row.pk for row in rows]).values_list("pk", flat=True)
        )
        waiting = {row.pk for row in open_escalations(actor=actor, rights=rights_of(actor, on), on=on)}
        return [_line(row, row.pk in late, row.pk in waiting) for row in rows]

    return PLAN_LIST.page(
        request,
        plan,
        rows=rows,
        groups=groups,
        lines=lines,
        marking_of=lambda row: kind_of(subject=row.subject).page(row.subject).marking,
    )


def _line(row: Escalation, is_current: bool, waits_for_reader: bool) -> Line:
    kind = kind_of(subject=row.subject)
    acknowledgements = list(row.acknowledgements.all())
    return Line(
        row,
        kind.page(row.subject),
        kind.recipients(row),
        acknowledgements[-1] if acknowledgements else None,
        is_current,
        reverse(kind.route, args=[row.subject.pk]) if waits_for_reader else "",
    )


def _answer(request: HttpRequest, kind: Kind, pk: int) -> HttpResponse:
    on = clock.today()
    subject = get_object_or_404(kind.visible(actor_of(request), on), pk=pk)
    page = kind.page(subject)
    forbid(why_not_acknowledge(actor=actor_of(request), subject=subject, on=on))
    due = kind.due(subject)
    rights = rights_of(request.user, on)
    waiting = open_escalations(actor=actor_of(request), rights=rights, on=on)
    return answer(
        request,
        AcknowledgeForm(request.POST or None, on=on, latest=kind.latest(subject, on)),
        service=lambda **values: acknowledge(subject=subject, **values),
        template="desk/escalations/escalation.html",
        done=gettext("Acknowledgement saved"),
        leads_to=lambda _: page.address,
        page=page,
        heading=kind.heading,
        due=due,
        days_late=(on - due).days,
        steps=[(kind.recipients(row), row) for row in history_of(subject=subject)],
        is_open=any(row.subject == subject for row in waiting),
        page_marking=page.marking,
        page_handling=page.handling,
    )
