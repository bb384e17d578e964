from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from actions.core import policies
from actions.core.policies import MANAGERS_ONLY
from actions.models import Plan
from audit import clock
from importing.plans.forms import ConfirmForm, ImportForm
from importing.plans.services.applying import apply_import
from importing.plans.services.contents import Outcome, Preview
from importing.plans.services.previewing import preview_import
from importing.uploads.services import forget_upload, keep_upload, kept_upload, renew_upload
from partners.policies import rights_of
from web.pages import CONFLICT, INVALID, NO_SPACE
from web.refusals import error_lists, refuse
from web.screening import asks
from web.storage import lacks_space

# How the outcomes of rows are tagged; the words say the same.
STYLES = {
    Outcome.CREATED: "govuk-tag--green",
    Outcome.UPDATED: "govuk-tag--blue",
    Outcome.UNCHANGED: "govuk-tag--grey",
    Outcome.KEPT: "govuk-tag--yellow",
    Outcome.REJECTED: "govuk-tag--red",
}


@require_http_methods(["GET", "HEAD", "POST"])
def plan_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file and show what importing it would do; nothing is imported yet."""
    plan = _managed_plan(request, pk)
    if request.method != "POST":
        return _upload_page(request, plan, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        file, sheet = form.cleaned_data["file"], form.cleaned_data["sheet"]
        data = file.read()
        token = ""
        try:
            preview = preview_import(**_import(request, plan), data=data, filename=file.name, sheet=sheet)
            if preview.can_be_applied and preview.changes_anything:
                token = keep_upload(actor=request.user, about=plan, preview=preview, data=data, sheet=sheet)
        except ValidationError as error:
            refuse(form, error)
            return _upload_page(request, plan, form, NO_SPACE if lacks_space(error) else INVALID)
        else:
            status = 200 if preview.can_be_applied else INVALID
            return _preview_page(request, preview, token=token, sheet=sheet, status=status)
    return _upload_page(request, plan, form)


@require_POST
def plan_import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Import what was previewed, exactly; show the new preview when the plan moved on meanwhile."""
    plan = _managed_plan(request, pk)
    try:
        upload, data = kept_upload(actor=request.user, about=plan, token=request.POST.get("token", ""))
    except ValidationError as error:
        return _refused(request, plan, error)
    what = _import(request, plan) | {"data": data, "filename": upload.filename, "sheet": upload.sheet}
    try:
        done = apply_import(**what, expected=upload.digest)
    except ValidationError as error:
        if asks(error) and (preview := preview_import(**what)).personal:
            return _ask(request, preview, error, sheet=upload.sheet)
        if getattr(error, "code", None) != "conflict" and not _is_rejection(error):
            return _refused(request, plan, error)
        preview = preview_import(**what)
        token = (
            renew_upload(actor=request.user, upload=upload, preview=preview) if preview.can_be_applied else ""
        )
        return _preview_page(request, preview, token=token, sheet=upload.sheet, status=CONFLICT)
    forget_upload(actor=request.user, upload=upload)
    counts = ", ".join(f"{number} {name}" for name, number in done.counts.items())
    messages.success(request, f"The plan is imported. Actions: {counts}.")
    return redirect("actions:plan", plan.pk)


def _import(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    return {
        "actor": request.user,
        "partnership": plan.partnership,
        "plan_title": plan.title,
        "at": clock.now(),
    }


def _is_rejection(error: ValidationError) -> bool:
    return any(each.code == "rejected" for each in error_lists(error).get("", []))


def _ask(request: HttpRequest, preview: Preview, error: ValidationError, *, sheet: str) -> HttpResponse:
    """Show the same preview again, with what is wanting before its personal data is kept."""
    form = ConfirmForm(request.POST, personal=preview.personal)
    form.refuse(error)
    token = request.POST["token"]
    return _preview_page(request, preview, token=token, sheet=sheet, status=INVALID, form=form)


def _refused(request: HttpRequest, plan: Plan, error: ValidationError) -> HttpResponse:
    form = ImportForm({}, {})
    form.errors.clear()
    refuse(form, error)
    return _upload_page(request, plan, form, status=CONFLICT)


def _upload_page(
    request: HttpRequest, plan: Plan, form: ImportForm, status: int | None = None
) -> HttpResponse:
    status = status or (INVALID if form.errors else 200)
    return render(request, "importing/plans/upload.html", _page(plan) | {"form": form}, status=status)


def _preview_page(
    request: HttpRequest,
    preview: Preview,
    *,
    token: str,
    sheet: str,
    status: int,
    form: ConfirmForm | None = None,
) -> HttpResponse:
    form = form or ConfirmForm(personal=preview.personal)
    context = _page(preview.plan) | {
        "preview": preview,
        "token": token,
        "again": ImportForm(initial={"sheet": sheet}),
        "moved_on": status == CONFLICT,
        "rows": [(row, STYLES[row.outcome]) for row in preview.rows],
        "form": form,
        "errors": [*_errors(preview), *form.error_list],
    }
    return render(request, "importing/plans/preview.html", context, status=status)


def _errors(preview: Preview) -> list[dict[str, str]]:
    number = len(preview.problems)
    if not number:
        return []
    text = "1 cell cannot be imported" if number == 1 else f"{number} cells cannot be imported"
    return [{"href": "#problems", "text": f"{text}, so nothing was imported"}]


def _page(plan: Plan) -> dict[str, Any]:
    return {"plan": plan, "page_marking": plan.marking, "page_handling": plan.handling_instruction}


def _managed_plan(request: HttpRequest, pk: int) -> Plan:
    on = clock.today()
    plans = Plan.objects.visible_to(request.user, on).select_related("partnership")
    plan = get_object_or_404(plans, pk=pk)
    if not policies.may_manage(rights_of(request.user, on), plan.partnership_id):
        raise PermissionDenied(MANAGERS_ONLY)
    return plan
