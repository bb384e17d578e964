from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from meetings.decisions.models import Decision
from meetings.decisions.services import remove_decision
from meetings.meetings import views as change
from web.pages import PAGE_OR_FORM


@PAGE_OR_FORM
def decision_remove(request: HttpRequest, pk: int, decision_pk: int) -> HttpResponse:
    """Remove a decision from minutes in draft."""
    meeting = change.find_managed(request, pk)
    rows = Decision.objects.filter(minute__item__meeting=meeting).select_related(
        "minute__item__meeting__board"
    )
    decision = get_object_or_404(rows, pk=decision_pk)
    if refusal := change.why_not_held(request, meeting):
        return refusal
    return change.removal(
        request,
        meeting,
        service=lambda **values: remove_decision(decision=decision, **values),
        heading=gettext("Remove this decision from minute {reference}?").format(
            reference=decision.minute.reference
        ),
        removed=decision.wording,
        noun=gettext("decision"),
    )
