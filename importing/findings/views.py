from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from audit import clock
from importing.findings.services.applying import apply_import
from importing.findings.services.contents import Preview
from importing.findings.services.previewing import preview_import
from importing.plans.forms import ConfirmForm, ImportForm
from importing.plans.services.contents import Outcome
from importing.uploads.services import forget_upload, keep_upload, kept_upload, renew_upload
from inspections.findings.views.inspections import address, find_managed
from inspections.history import views as change
from inspections.models import Inspection
from web.pages import CONFLICT, INVALID, NO_SPACE, PAGE_OR_FORM
from web.refusals import error_lists, is_conflict, refuse
from web.screening import asks
from web.storage import lacks_space

# How the outcomes of rows are called and tagged.
OUTCOMES = {
    Outcome.CREATED: ("New", "govuk-tag--green"),
    Outcome.UPDATED: ("Changed", "govuk-tag--blue"),
    Outcome.UNCHANGED: ("Unchanged", "govuk-tag--grey"),
    Outcome.KEPT: ("Kept as it is here", "govuk-tag--yellow app-tag--long"),
    Outcome.REJECTED: ("Rejected", "govuk-tag--red"),
}


@PAGE_OR_FORM
def recommendation_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file and show what importing it would do; nothing is imported yet."""
    inspection = find_managed(request, pk)
    if request.method != "POST":
        return _upload_page(request, inspection, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        file, sheet = form.cleaned_data["file"], form.cleaned_data["sheet"]
        data = file.read()
        token = ""
        try:
            preview = preview_import(**_what(request, inspection, data, file.name, sheet))
            if preview.can_be_applied and preview.changes_anything:
                token = keep_upload(
                    actor=request.user, about=inspection, preview=preview, data=data, sheet=sheet
                )
        except ValidationError as error:
            refuse(form, error)
            status = NO_SPACE if lacks_space(error) else INVALID
            return _upload_page(request, inspection, form, status)
        else:
            status = 200 if preview.can_be_applied else INVALID
            return _preview_page(request, preview, token=token, sheet=sheet, status=status)
    return _upload_page(request, inspection, form)


@require_POST
def recommendation_import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Import what was previewed, exactly; show the new preview when the findings moved on meanwhile."""
    inspection = find_managed(request, pk)
    try:
        upload, data = kept_upload(actor=request.user, about=inspection, token=request.POST.get("token", ""))
    except ValidationError as error:
        return _refused(request, inspection, error)
    what = _what(request, inspection, data, upload.filename, upload.sheet)
    try:
        done = apply_import(**what, expected=upload.digest)
    except ValidationError as error:
        if asks(error) and (preview := preview_import(**what)).personal:
            return _ask(request, preview, error, sheet=upload.sheet)
        if not is_conflict(error) and not _is_rejection(error):
            return _refused(request, inspection, error)
        preview = preview_import(**what)
        if _is_rejection(error) and preview.can_be_applied:
            # What a service refused, and no cell shows.
            return _refused(request, inspection, error)
        token = ""
        if preview.can_be_applied and preview.changes_anything:
            token = renew_upload(actor=request.user, upload=upload, preview=preview)
        return _preview_page(request, preview, token=token, sheet=upload.sheet, status=CONFLICT)
    forget_upload(actor=request.user, upload=upload)
    counts = ", ".join(f"{number} {label.lower()}" for label, number in _counts(done))
    messages.success(request, f"The findings are imported: {counts}.")
    return redirect(address(inspection))


def _what(
    request: HttpRequest, inspection: Inspection, data: bytes, filename: str, sheet: str
) -> dict[str, Any]:
    return {
        "actor": request.user,
        "inspection": inspection,
        "data": data,
        "filename": filename,
        "sheet": sheet,
        "at": clock.now(),
    }


def _is_rejection(error: ValidationError) -> bool:
    return any(each.code == "rejected" for each in error_lists(error).get("", []))


def _counts(preview: Preview) -> list[tuple[str, int]]:
    return [(label, preview.counts[outcome]) for outcome, (label, _) in OUTCOMES.items()]


def _ask(request: HttpRequest, preview: Preview, error: ValidationError, *, sheet: str) -> HttpResponse:
    """Show the same preview again, with what is wanting before its personal data is kept."""
    form = ConfirmForm(request.POST, personal=preview.personal)
    form.refuse(error)
    token = request.POST["token"]
    return _preview_page(request, preview, token=token, sheet=sheet, status=INVALID, form=form)


def _refused(request: HttpRequest, inspection: Inspection, error: ValidationError) -> HttpResponse:
    form = ImportForm({}, {})
    form.errors.clear()
    refuse(form, error)
    return _upload_page(request, inspection, form, status=CONFLICT)


def _upload_page(
    request: HttpRequest, inspection: Inspection, form: ImportForm, status: int | None = None
) -> HttpResponse:
    status = status or (INVALID if form.errors else 200)
    context = {"inspection": inspection, "form": form} | change.marking(inspection)
    return render(request, "importing/findings/upload.html", context, status=status)


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
    context = {
        "inspection": preview.inspection,
        "preview": preview,
        "counts": _counts(preview),
        "token": token,
        "again": ImportForm(initial={"sheet": sheet}),
        "moved_on": status == CONFLICT,
        "rows": [(row, *OUTCOMES[row.outcome]) for row in preview.rows],
        "form": form,
        "errors": [*_errors(preview), *form.error_list],
    } | change.marking(preview.inspection)
    return render(request, "importing/findings/preview.html", context, status=status)


def _errors(preview: Preview) -> list[dict[str, str]]:
    number = len(preview.problems)
    if not number:
        return []
    text = "1 cell cannot be imported" if number == 1 else f"{number} cells cannot be imported"
    return [{"href": "#problems", "text": f"{text}, so nothing was imported"}]
