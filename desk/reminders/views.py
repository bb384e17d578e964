"""Sending reminders about the actions or returns that the address names."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_list_or_404
from django.urls import reverse
from django.utils.translation import gettext

from actions.bulk.views import selection_of
from actions.history import views as change
from actions.models import Action
from audit import clock
from desk.reminders import policies
from desk.reminders.forms import ReminderForm
from desk.reminders.models import Reminder
from desk.reminders.queries import Subject, candidates
from desk.reminders.services import NOBODY, NOT_NOW, remind
from partners.policies import rights_to_act
from returns.models import Return
from standards import marking
from web.filters import ids_in
from web.pages import INVALID, PAGE_OR_FORM, answer, refused

REPORT = "return"


@PAGE_OR_FORM
def remind_owner(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a reminder to the owner of an action."""
    action = change.get_action(request, pk)
    change.forbid(policies.why_not_remind(rights_to_act(request.user, clock.today()), action.partnership_id))
    return _send(request, [action], [], back=reverse("actions:action", args=[action.pk]))


@PAGE_OR_FORM
def remind_page(request: HttpRequest) -> HttpResponse:
    """Send reminders about the actions or returns that the query selects."""
    on = clock.today()
    rights = rights_to_act(request.user, on)
    change.forbid(policies.why_not_remind_anyone(rights))
    actions, reports = list[Action](), list[Return]()
    if REPORT in request.GET:
        visible = Return.objects.visible_to(request.user, on).select_related(
            "plan__partnership", "organisation"
        )
        reports = get_list_or_404(visible, pk__in=ids_in(request.GET.getlist(REPORT)))
        back = _back_from(reports)
    else:
        selection = selection_of(request)
        actions, back = list(selection.actions), selection.list_address
        if selection.problem:
            is_list = request.GET.get("scope") == "all"
            return _nobody(f"{selection.problem}." if is_list else str(NOBODY), request, back)
    for plan in {row.plan for row in actions} | {row.plan for row in reports}:
        change.forbid(policies.why_not_remind(rights, plan.partnership_id))
    return _send(request, actions, reports, back)


def _send(
    request: HttpRequest, actions: Sequence[Action], reports: Sequence[Return], back: str
) -> HttpResponse:
    """Show who would be reminded, and send the reminders."""
    subjects: list[Subject] = [*actions, *reports]
    rows = candidates(subjects=subjects, on=clock.today())
    possible = [row for row in rows if not row.refusal]
    if not possible and request.method != "POST":
        return _nobody(rows[0].refusal if len(rows) == 1 else str(NOT_NOW), request, back)
    return answer(
        request,
        ReminderForm(request.POST if request.method == "POST" else None),
        service=lambda **values: remind(actions=actions, reports=reports, **values),
        done=_done,
        leads_to=lambda _: back,
        template="desk/reminders/remind.html",
        caption=str(rows[0].subject) if len(rows) == 1 else "",
        heading=gettext("Send a reminder")
        if len(rows) == 1
        else gettext("Send {number} reminders").format(number=len(possible)),
        possible=possible,
        refused=[row for row in rows if row.refusal],
        about_returns=bool(reports),
        back=back,
        back_text=gettext("Back"),
        page_marking=marking.highest(
            [*(action.marking for action in actions), *(report.plan.marking for report in reports)]
        ),
    )


def _nobody(text: str, request: HttpRequest, back: str) -> HttpResponse:
    heading = gettext("No reminder can be sent")
    return refused(
        request,
        caption="",
        heading=heading,
        text=text,
        back=back,
        back_text=gettext("Go back"),
        status=INVALID,
    )


def _back_from(reports: Sequence[Return]) -> str:
    if len(reports) == 1:
        return reverse("returns:return", args=[reports[0].pk])
    return f"{reverse('desk:triage')}?plan={reports[0].plan_id}"


def _done(reminders: Sequence[Reminder]) -> str:
    number = len(reminders)
    return (
        gettext("Reminder sent.")
        if number == 1
        else gettext("{number} reminders sent.").format(number=number)
    )
