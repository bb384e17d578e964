from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from actions.core import policies as core_policies
from actions.core.models import Action
from actions.core.queries import returned_of
from actions.core.states import State
from actions.history import views as change
from actions.progress import policies as progress_policies
from actions.progress.forms import ProgressForm, progress_initial
from actions.progress.models import ProgressUpdate
from actions.progress.queries import History
from actions.progress.services import report_progress
from audit import clock
from audit.actors import Actor
from web.bodies import takes_files
from web.pages import PAGE_OR_FORM

LONGEST_ID = 18


@takes_files("EVIDENCE_MAX_BYTES")
@PAGE_OR_FORM
def progress_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Report progress on an action, with or without evidence; `?corrects=` names the update to correct."""
    action = change.get_action(request, pk)
    rights = change.rights(request)
    change.forbid(progress_policies.why_not_report(rights, action, change.supporting_ids(action)))
    corrected = _corrected(request, action)
    if request.method != "POST" and not action.is_reportable:
        return change.out_of_state(request, action, gettext("reported on"))
    if request.method != "POST" and corrected is not None and hasattr(corrected, "corrected_by"):
        text = gettext("That update has already been corrected. Correct the newer one instead.")
        return change.refused(
            request, action, heading=gettext("Already corrected"), text=text, status=change.CONFLICT
        )
    form = ProgressForm(
        request.POST or None, request.FILES or None, initial=progress_initial(action, corrected)
    )
    return change.answer(
        request,
        form,
        action=action,
        service=partial(_report, form, corrected),
        template="actions/progress/progress_form.html",
        saves_itself=True,
        done=_done(action, may_submit=core_policies.leads(rights, action), state=request.POST.get("state")),
        corrected=corrected,
        last=_last(action),
        returned=returned_of(action),
        period=corrected.period if corrected else action.plan.period_of(clock.today()),
    )


def _report(
    form: ProgressForm,
    corrected: ProgressUpdate | None,
    *,
    actor: Actor,
    action: Action,
    at: datetime,
    **_: Any,
) -> None:
    report_progress(actor=actor, report=form.report(action, corrects=corrected), at=at)


def _corrected(request: HttpRequest, action: Action) -> ProgressUpdate | None:
    value: Any = request.GET.get("corrects")
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= LONGEST_ID):
        raise Http404
    visible_updates = ProgressUpdate.objects.visible_to(request.user, clock.today()).select_related(
        "corrected_by"
    )
    return get_object_or_404(visible_updates.filter(action=action), pk=value)


def _last(action: Action) -> ProgressUpdate | None:
    """Return the latest update of the action; a newer correction of an earlier update does not count."""
    latest = History.of([action.pk]).latest()
    return action.updates.select_related("author").filter(pk=latest.get(action.pk)).first()


def _done(action: Action, *, may_submit: bool, state: str | None) -> str:
    """Confirm that the update is saved. If the user may submit the action, offer that next step."""
    if not may_submit or state != State.IN_PROGRESS:
        return gettext("Update saved.")
    return format_html(
        gettext(
            'Update saved. Is the work finished? <a class="govuk-notification-banner__link" href="{url}">'
            "Submit it for assurance</a>"
        ),
        url=reverse("actions:action-submit", args=[action.pk]),
    )
