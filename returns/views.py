"""Returns: filled in on one page, read through, submitted, and given back with a question."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from actions.core.services.change import Refused
from actions.history import views as change
from audit import clock
from partners.models import MouArea
from returns import policies
from returns.forms import QuestionForm, ReturnForm, ReturnListForm
from returns.models import Return
from returns.services.contents import SECTIONS, Line, lines_of, marking_of, why_closed
from returns.services.drafting import save_return
from returns.services.evidence import add_return_evidence, return_evidence
from returns.services.submitting import question_return, submit_return
from returns.states import ReturnState
from web.filters import chosen
from web.pages import CONFLICT, INVALID, NO_SPACE, PAGE_OR_FORM, require
from web.paging import page_of
from web.refusals import is_conflict, refuse
from web.storage import lacks_space

PAGE_SIZE = 50
NOT_YOURS = "Only a SPOC or partner contact of the organisation can fill in its return."
MANAGERS_ONLY = "Only the programme manager gives a return back."
HELD_BACK = "What stands below is not saved yet. Everything else is."


@require_safe
def return_list(request: HttpRequest) -> HttpResponse:
    """List the returns the reader may see, the newest period first."""
    on = clock.today()
    form = ReturnListForm(request.GET)
    rows = Return.objects.visible_to(request.user, on).select_related("plan", "organisation", "submitted_by")
    if form.is_valid() and (state := form.cleaned_data["state"]):
        late = state == ReturnListForm.LATE
        rows = rows.filter(state=ReturnState.OPEN, due_on__lt=on) if late else rows.filter(state=state)
    pages = page_of(request, rows, PAGE_SIZE)
    context = {
        "form": form,
        "chosen": chosen(form, request.GET),
        "pages": pages,
        "rows": [(report, report.is_late(on)) for report in pages],
    }
    return render(request, "returns/list.html", context, status=INVALID if form.errors else 200)


@PAGE_OR_FORM
def return_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in a return, saved as a draft at any time; once it cannot be changed, read what it says."""
    report = _found(request, pk)
    fills = policies.may_fill(change.rights(request), report)
    if request.method == "POST":
        require(fills, NOT_YOURS)
        return _save(request, report)
    if not fills or why_closed(report=report, on=clock.today()):
        return _read(request, report)
    return _fill(request, report, _form(request, report))


@require_safe
def return_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a return through: what it will say once it is submitted."""
    return _read(request, _found(request, pk))


@require_POST
def return_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit a return as it was read through."""
    report = _found(request, pk)
    require(policies.may_fill(change.rights(request), report), NOT_YOURS)
    given = request.POST.get("version", "")
    version = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    try:
        submit_return(actor=request.user, report=report, version=version, at=clock.now())
    except Refused as error:
        form = _form(request, report)
        for row in form.rows:
            if lacks := error.by_action.get(row.line.action.pk):
                row.is_bound, row.data = True, _as_posted(row)
                refuse(row, lacks)
        form.notices = ["The return is not complete, so it was not submitted. Your draft is as you left it."]
        return _fill(request, report, form, INVALID, refused=True)
    except ValidationError as error:
        return _read(request, _found(request, pk), error)
    messages.success(request, f"The return for {report.period.label} is submitted.")
    return redirect("returns:return", report.pk)


@PAGE_OR_FORM
def return_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a submitted return back with a question about the whole, or about some of its actions."""
    report = _found(request, pk)
    require(policies.may_question(change.rights(request), report), MANAGERS_ONLY)
    lines = lines_of(actor=request.user, report=report, on=clock.today())
    form = QuestionForm(lines, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                question_return(
                    actor=request.user,
                    report=report,
                    question=form.cleaned_data["question"],
                    rows=form.by_action(),
                    at=clock.now(),
                )
            except ValidationError as error:
                refuse(form, error)
                status = CONFLICT if is_conflict(error) or _is_state(error) else INVALID
            else:
                messages.success(
                    request, f"The return goes back to {report.organisation} with your question."
                )
                return redirect("returns:return", report.pk)
    elif report.state != ReturnState.SUBMITTED:
        return _read(
            request, report, ValidationError("Only a submitted return can be given back.", code="state")
        )
    context = {"form": form, "report": report, **_marking(report, lines)}
    return render(request, "returns/question_form.html", context, status=status)


def _found(request: HttpRequest, pk: int) -> Return:
    seen = Return.objects.visible_to(request.user, clock.today())
    return get_object_or_404(seen.select_related("plan__partnership", "organisation", "submitted_by"), pk=pk)


def _form(request: HttpRequest, report: Return, data: Any = None, files: Any = None) -> ReturnForm:
    lines = lines_of(actor=request.user, report=report, on=clock.today())
    areas = MouArea.objects.filter(partnership=report.plan.partnership_id)
    written = {row.mou_area_id: row for row in report.commentaries.all()}
    return ReturnForm(report, lines, areas, written, data, files=files)


def _save(request: HttpRequest, report: Return) -> HttpResponse:
    form = _form(request, report, request.POST, request.FILES)
    is_full = _add_evidence(request, report, form)
    drafts, areas, sections = form.row_drafts(), form.area_drafts(), form.sections()
    try:
        saved = save_return(
            actor=request.user,
            report=report,
            rows=drafts,
            commentaries=areas,
            sections=sections,
            version=form.version,
            at=clock.now(),
        )
    except ValidationError as error:
        form.notices = error.messages
        return _fill(request, report, form, CONFLICT)
    form.refuse(saved)
    if not form.errors:
        messages.success(request, "Your draft is saved.")
        if "read" in request.POST:
            return redirect("returns:return-read", report.pk)
        return redirect(f"{reverse('returns:return', args=[report.pk])}{_back_to(form, request)}")
    form.notices = [HELD_BACK]
    report = _found(request, report.pk)
    now = _form(request, report)
    form.catch_up(now)
    theirs = {row.line.action.pk: row.line for row in now.rows if row.line.action.pk in saved.conflicts}
    status = CONFLICT if saved.conflicts or saved.text_conflicts else INVALID
    return _fill(request, report, form, NO_SPACE if is_full else status, theirs)


def _add_evidence(request: HttpRequest, report: Return, form: ReturnForm) -> bool:
    """Keep the files and links that can be kept, first and each by itself: nothing else on the page can lose them.

    Return whether one was refused because there is no space left.
    """
    is_full = False
    for given in form.evidence:
        if given.is_given:
            facts = {"report": report, "action": given.action, **given.cleaned_data}
            try:
                add_return_evidence(actor=request.user, at=clock.now(), **facts)
            except ValidationError as error:
                refuse(given, error)
                is_full = is_full or lacks_space(error)
            else:
                messages.success(request, f"Evidence of {given.action.ref} is added: {facts['title']}.")
                given.begin_anew()
        given.ask_for_the_file_again()
    return is_full


def _back_to(form: ReturnForm, request: HttpRequest) -> str:
    """Where on the page the button stood that was pressed."""
    place = request.POST.get("stay", "")
    return f"#{place}" if place in {row.prefix for row in form.rows} else ""


def _fill(
    request: HttpRequest,
    report: Return,
    form: ReturnForm,
    status: int = 200,
    theirs: Mapping[int, Line] = MappingProxyType({}),
    *,
    refused: bool = False,
) -> HttpResponse:
    """Show the form; `theirs` is how lines stand that somebody else changed meanwhile, by the action's id."""
    actions = [row.line.action for row in form.rows]
    added = return_evidence(actor=request.user, report=report, actions=actions, on=clock.today())
    context = {
        "form": form,
        "report": report,
        "rows": [
            (row, theirs.get(row.line.action.pk), added.get(row.line.action.pk, [])) for row in form.rows
        ],
        "is_late": report.is_late(clock.today()),
        "refused": refused,
        **_marking(report, [row.line for row in form.rows]),
    }
    return render(request, "returns/form.html", context, status=status)


def _read(request: HttpRequest, report: Return, error: ValidationError | None = None) -> HttpResponse:
    on = clock.today()
    rights = change.rights(request)
    lines = lines_of(actor=request.user, report=report, on=on)
    actions = [line.action for line in lines]
    added = return_evidence(actor=request.user, report=report, actions=actions, on=on)
    context = {
        "report": report,
        "lines": [(line, added.get(line.action.pk, [])) for line in lines],
        "texts": [(field.verbose_name, getattr(report, field.name)) for field in _text_fields()],
        "commentaries": report.commentaries.select_related("mou_area"),
        "may_fill": policies.may_fill(rights, report) and not why_closed(report=report, on=on),
        "may_question": policies.may_question(rights, report) and report.state == ReturnState.SUBMITTED,
        "is_late": report.is_late(on),
        "closed": why_closed(report=report, on=on),
        "errors": [{"text": text} for text in error.messages] if error else [],
        **_marking(report, lines),
    }
    return render(request, "returns/return.html", context, status=CONFLICT if error else 200)


def _text_fields() -> list[Any]:
    return [Return._meta.get_field(name) for name in SECTIONS]


def _as_posted(row: Any) -> Any:
    """The draft as the browser would send it, so that what it lacks stands at its fields.

    An unticked box sends nothing, but a nought is a number: version 0 is a draft nobody saved yet.
    """
    return {
        row.add_prefix(name): value
        for name, value in row.initial.items()
        if value is not False and value not in (None, "")
    }


def _is_state(error: ValidationError) -> bool:
    return getattr(error, "code", None) == "state"


def _marking(report: Return, lines: Any) -> dict[str, str]:
    highest, handling = marking_of(report=report, lines=lines)
    return {"page_marking": highest, "page_handling": handling}
