from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from audit import clock
from audit.policies import forbid
from desk.escalations.forms import AcknowledgeForm
from desk.escalations.kinds import Kind
from desk.escalations.services import (
    acknowledge,
    history_of,
    open_escalations,
    why_not_acknowledge,
)
from partners.policies import rights_of
from web.callers import actor_of
from web.pages import answer


def page_of(kind: Kind) -> Callable[..., HttpResponse]:
    """Return the page on which recipients acknowledge escalations of one kind."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def escalation_page(request: HttpRequest, pk: int) -> HttpResponse:
        return _answer(request, kind, pk)

    return escalation_page


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
