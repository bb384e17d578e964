from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from audit import clock
from audit.policies import forbid
from inspections.core import policies
from inspections.findings.forms.inspections import InspectionForm, inspection_initial
from inspections.findings.models.inspections import Inspection
from inspections.findings.services.inspections import save_inspection
from inspections.history import views as change
from partners.models import Partnership
from partners.policies import Role
from web.pages import INVALID, PAGE_OR_FORM
from web.refusals import refuse


@PAGE_OR_FORM
def inspection_create(request: HttpRequest) -> HttpResponse:
    """Add an inspection."""
    on = clock.today()
    rights = change.rights(request)
    forbid(policies.why_not_manage(rights))
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    partnerships = Partnership.objects.visible_to(request.user, on).filter(pk__in=managed)
    form = InspectionForm(request.POST or None, partnerships=partnerships)
    if request.method == "POST" and form.is_valid():
        fields = {"partnership": partnerships[0], **form.cleaned_data}
        inspection = Inspection(partnership=fields.pop("partnership"))
        try:
            inspection = save_inspection(actor=request.user, inspection=inspection, at=clock.now(), **fields)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, "Inspection added. Add its findings next.")
            return redirect("inspections:inspection", inspection.pk)
    context = {
        "form": form,
        "heading": "Add an inspection",
        "back": reverse("inspections:inspection-list"),
        "back_text": "All inspections",
    }
    status = INVALID if request.method == "POST" else 200
    return render(request, "inspections/findings/inspection_form.html", context, status=status)


@PAGE_OR_FORM
def inspection_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the details of an inspection."""
    inspection = find_managed(request, pk)
    return change.answer(
        request,
        InspectionForm(request.POST or None, initial=inspection_initial(inspection)),
        row=inspection,
        service=lambda **values: save_inspection(inspection=inspection, **values),
        template="inspections/findings/inspection_form.html",
        done="Inspection saved.",
        back=address(inspection),
        back_text="Back to the inspection",
        heading="Change the inspection",
        caption=str(inspection),
    )


def find_managed(request: HttpRequest, pk: int) -> Inspection:
    """Return an inspection that the user may change, or answer 403 or 404."""
    inspection: Inspection = change.find(request, Inspection, pk)
    forbid(policies.why_not_manage(change.rights(request), inspection.partnership_id))
    return inspection


def address(inspection: Inspection) -> str:
    return reverse("inspections:inspection", args=[inspection.pk])
