from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from audit import clock
from audit.policies import forbid
from inspections.core import policies
from inspections.findings.forms.inspections import InspectionForm, inspection_initial
from inspections.findings.models.inspections import Inspection
from inspections.findings.services.inspections import save_inspection
from inspections.history import views as change
from partners.models import Partnership
from partners.policies import Role
from web.pages import PAGE_OR_FORM, answer


@PAGE_OR_FORM
def inspection_create(request: HttpRequest) -> HttpResponse:
    """Add an inspection."""
    on = clock.today()
    rights = change.rights(request)
    forbid(policies.why_not_manage(rights))
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    partnerships = Partnership.objects.visible_to(request.user, on).filter(pk__in=managed)

    def add(**values: Any) -> Inspection:
        inspection = Inspection(partnership=values.pop("partnership", partnerships[0]))
        return save_inspection(inspection=inspection, **values)

    return answer(
        request,
        InspectionForm(request.POST or None, partnerships=partnerships),
        service=add,
        done=gettext("Inspection added. Add its findings next."),
        leads_to=address,
        heading=gettext("Add an inspection"),
        back=reverse("inspections:inspection-list"),
        back_text=gettext("All inspections"),
    )


@PAGE_OR_FORM
def inspection_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the details of an inspection."""
    inspection = find_managed(request, pk)
    return change.answer(
        request,
        InspectionForm(request.POST or None, initial=inspection_initial(inspection)),
        row=inspection,
        service=lambda **values: save_inspection(inspection=inspection, **values),
        done=gettext("Inspection saved."),
        back=address(inspection),
        back_text=gettext("Back to the inspection"),
        heading=gettext("Change the inspection"),
        caption=str(inspection),
    )


def find_managed(request: HttpRequest, pk: int) -> Inspection:
    """Return an inspection that the user may change, or answer 403 or 404."""
    inspection: Inspection = change.find(request, Inspection, pk)
    forbid(policies.why_not_manage(change.rights(request), inspection.partnership_id))
    return inspection


def address(inspection: Inspection) -> str:
    return reverse("inspections:inspection", args=[inspection.pk])
