from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from audit import clock
from audit.policies import forbid
from inspections.core import policies
from inspections.findings.forms.register import RegisterForm
from inspections.findings.models.recommendations import Recommendation
from inspections.findings.services.register import record_register_status
from inspections.findings.views import links
from inspections.history import views as change
from web.pages import PAGE_OR_FORM


@PAGE_OR_FORM
def recommendation_register(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the status in the inspecting body's register."""
    row = change.find(request, Recommendation, pk)
    forbid(policies.why_not_record_register(change.rights(request), row))
    on = clock.today()
    return change.answer(
        request,
        RegisterForm(request.POST or None, initial={"version": row.version, "as_at": on}, on=on),
        row=row,
        service=lambda **values: record_register_status(recommendation=row, **values),
        template="inspections/findings/register_form.html",
        done=gettext("Register status saved."),
        back=links.address(row),
        back_text=gettext("Back to the finding"),
        caption=str(row),
        latest=row.register_statuses.first(),
    )
