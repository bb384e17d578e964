from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext

from actions.models import Action
from audit import clock
from audit.actors import Reader
from audit.policies import forbid
from inspections.core import policies
from inspections.findings.forms.links import LinkForm, UnlinkForm
from inspections.findings.models.recommendations import ActionLink, Recommendation
from inspections.findings.services.links import LINKABLE, link_action, unlink_action
from inspections.history import views as change
from partners.policies import Rights
from web.pages import PAGE_OR_FORM


@dataclass(frozen=True)
class Line:
    """A linked action: the link, whether the action is overdue and whether the user may unlink it."""

    link: ActionLink
    overdue: bool
    removable: bool


@PAGE_OR_FORM
def link_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Link an action to a recommendation, by its reference."""
    row = _find_managed(request, pk)
    if row.state not in LINKABLE:
        return _out_of_state(request, row, gettext("linked to another action"))
    visible = Action.objects.visible_to(request.user, clock.today())
    actions = visible.filter(partnership=row.inspection.partnership_id)
    return change.answer(
        request,
        LinkForm(request.POST or None, initial={"version": row.version}, actions=actions),
        row=row,
        service=lambda **values: link_action(recommendation=row, **values),
        template="inspections/findings/link_form.html",
        done=gettext("Action linked."),
        back=address(row),
        back_text=gettext("Back to the finding"),
        caption=str(row),
        **beside(request, row),
    )


@PAGE_OR_FORM
def link_remove(request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
    """Unlink an action."""
    row = _find_managed(request, pk)
    links = _links(row, request.user, clock.today())
    link: ActionLink = get_object_or_404(links, pk=link_pk, recommendation=row)
    if row.state not in LINKABLE:
        return _out_of_state(request, row, gettext("unlinked from an action"))
    return change.answer(
        request,
        UnlinkForm(request.POST or None, initial={"version": row.version}),
        row=row,
        service=lambda **values: unlink_action(link=link, **values),
        template="inspections/findings/unlink_form.html",
        done=gettext("Action unlinked."),
        back=address(row),
        back_text=gettext("Back to the finding"),
        caption=str(row),
        link=link,
    )


def section(row: Recommendation, *, user: Reader, on: date, rights: Rights) -> list[Line]:
    """Return the linked actions that the user may view.

    A cause of concern is answered through the recommendations under it too.
    """
    manages = row.state in LINKABLE and not policies.why_not_manage(rights, row.inspection.partnership_id)
    return [
        Line(link, link.action.is_overdue(on), manages and link.recommendation_id == row.pk)
        for link in _links(row, user, on)
    ]


def beside(request: HttpRequest, row: Recommendation) -> dict[str, Any]:
    """Return what a form about a recommendation shows beside its fields."""
    on = clock.today()
    return {"links": section(row, user=request.user, on=on, rights=change.rights(request))}


def address(row: Recommendation) -> str:
    return reverse("inspections:recommendation", args=[row.pk])


def _links(row: Recommendation, user: Reader, on: date) -> Any:
    links = ActionLink.objects.visible_to(user, on).filter(
        Q(recommendation=row) | Q(recommendation__cause=row)
    )
    return links.select_related("action", "recommendation__inspection").order_by("action__ref", "pk")


def _find_managed(request: HttpRequest, pk: int) -> Recommendation:
    row: Recommendation = change.find(request, Recommendation, pk)
    forbid(policies.why_not_manage(change.rights(request), row.inspection.partnership_id))
    return row


def _out_of_state(request: HttpRequest, row: Recommendation, to: str) -> HttpResponse:
    return change.refused(
        request,
        row,
        heading=gettext("Not in this state"),
        text=gettext("This recommendation is {get_state_display}, so it cannot be {to}.").format(
            get_state_display=row.get_state_display().lower(), to=to
        ),
        back=address(row),
        back_text=gettext("Go to the finding"),
    )
