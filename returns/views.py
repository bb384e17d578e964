"""The pages of returns: fill in, check, submit, and return with a question."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from actions.core.services.change import Refused
from actions.history import views as change
from actions.models import Plan
from audit import clock
from partners.models import MouArea
from returns import policies
from returns.forms.lists import ReturnListForm, in_last_period, with_state
from returns.forms.questions import QuestionForm
from returns.forms.returns import ReturnForm
from returns.models import Return
from returns.queries import collate
from returns.services.contents import SECTIONS, Line, closed_reason, marking_of, visible_lines
from returns.services.drafting import save_return
from returns.services.evidence import add_return_evidence, return_evidence
from returns.services.figures import figure_lines
from returns.services.submitting import question_return, submit_return
from returns.states import ReturnState
from web.bodies import takes_files
from web.callers import actor_of
from web.filters import without_empty_parameters
from web.language import lazy_text, period_text, time_text
from web.pages import CONFLICT, INVALID, PAGE_OR_FORM, answer
from web.paging import page_of
from web.quick import Question, pairs_of, quick_list
from web.refusals import refuse
from web.storage import lacks_space
from web.temporary_files import store_files

PAGE_SIZE = 50
MOST_PERIODS = 60
LAST_PERIOD = [("period", ReturnListForm.LAST)]
QUICK = [
    (lazy_text("Late"), ReturnListForm.LATE),
    (lazy_text("Not in"), ReturnListForm.MISSING),
    (lazy_text("Submitted"), ReturnState.SUBMITTED.value),
]
NOT_SUBMITTED = gettext_lazy("You can only return a submitted return with a question.")
NOT_COMPLETE = lazy_text("The return was not submitted because it is not complete. Your draft is saved.")
TO_COMPLETE = lazy_text("Your draft is saved. Complete these answers before you submit the return.")
NOT_AUTOSAVED = lazy_text("Part of your draft is not saved. Select “Save draft” to see why.")
PARTLY_SAVED = lazy_text("Answers with an error below were not saved. Everything else was saved.")


@require_safe
@without_empty_parameters
def return_list(request: HttpRequest) -> HttpResponse:
    """List the returns that the user can see, the newest period first."""
    on = clock.today()
    visible = Return.objects.visible_to(request.user, on)
    periods = list(
        visible.order_by("-period_start").values_list("period_start", flat=True).distinct()[:MOST_PERIODS]
    )
    quick = quick_list(
        request.GET,
        rows=visible,
        questions=[
            Question(gettext("Last period"), LAST_PERIOD, in_last_period()),
            *(Question(label, [("state", state)], with_state(state, on)) for label, state in QUICK),
            Question(gettext("All"), [], Q()),
        ],
        asked=partial(pairs_of, ReturnListForm),
        default=LAST_PERIOD,
        address=reverse("returns:return-list"),
    )
    plans = Plan.objects.filter(pk__in=visible.order_by().values("plan"))
    form = ReturnListForm(quick.query, plans=plans, periods=periods)
    rows = visible.select_related("plan", "organisation", "submitted_by")
    if form.is_valid():
        rows = rows.filter(form.condition(on))
    pages = page_of(request, rows, PAGE_SIZE)
    context = {
        **quick.context(form),
        "pages": pages,
        "rows": [(report, report.is_late(on)) for report in pages],
        "plans": list(dict.fromkeys(report.plan for report in pages)),
    }
    return render(request, "returns/list.html", context, status=INVALID if form.errors else 200)


@require_safe
@without_empty_parameters
def plan_returns(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the returns of a period say about escalations, decisions and risks, organisation by organisation."""
    on = clock.today()
    plan = get_object_or_404(Plan.objects.visible_to(request.user, on), pk=pk)
    try:
        period = date.fromisoformat(text) if (text := request.GET.get("period")) else None
    except ValueError as error:
        raise Http404("There is no such period") from error
    collation = collate(plan=plan, user=request.user, on=on, period=period)
    if collation is None and period is not None:
        raise Http404("There are no returns for this period")
    context = {"plan": plan, "collation": collation, "page_marking": plan.marking}
    return render(request, "returns/collated.html", context)


@takes_files("RETURN_MAX_BYTES")
@PAGE_OR_FORM
def return_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a return and save it as a draft; once it cannot be changed, show its answers."""
    report = _get_return(request, pk)
    refusal = policies.why_not_fill(change.rights(request), report)
    if request.method == "POST":
        change.forbid(refusal)
        return _save(request, report)
    if refusal or closed_reason(report=report, on=clock.today()):
        return _answers_page(request, report)
    return _form_page(request, report, _form(request, report))


@require_safe
def return_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the answers of a return, to check them before it is submitted."""
    return _answers_page(request, _get_return(request, pk))


@require_POST
def return_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit a return, unless it changed since the user checked it."""
    report = _get_return(request, pk)
    change.forbid(policies.why_not_fill(change.rights(request), report))
    posted = request.POST.get("version", "")
    version = int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 10 else 0
    try:
        submit_return(actor=actor_of(request), report=report, version=version, at=clock.now())
    except Refused as error:
        form = _form(request, report)
        form.show_missing(error.by_action)
        form.notices = [NOT_COMPLETE]
        return _form_page(request, report, form, change.INVALID, not_submitted=True)
    except ValidationError as error:
        return _answers_page(request, _get_return(request, pk), error)
    messages.success(
        request, gettext("Return for {period} submitted").format(period=period_text(report.period))
    )
    return redirect("returns:return", report.pk)


@PAGE_OR_FORM
def return_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a submitted return with a question about the whole, or about some of its actions."""
    report = _get_return(request, pk)
    change.forbid(policies.why_not_question(change.rights(request), report))
    lines = visible_lines(actor=actor_of(request), report=report, on=clock.today())
    form = QuestionForm(lines, request.POST if request.method == "POST" else None)
    if request.method != "POST" and report.state != ReturnState.SUBMITTED:
        return _answers_page(request, report, ValidationError(NOT_SUBMITTED, code="state"))
    page = reverse("returns:return", args=[report.pk])
    return answer(
        request,
        form,
        service=lambda actor, at, question, **_: question_return(
            actor=actor, report=report, question=question, rows=form.by_action(), at=at
        ),
        template="returns/question_form.html",
        done=gettext("Question sent to {organisation}").format(organisation=report.organisation),
        leads_to=lambda _: page,
        caption=f"{report.organisation}, {period_text(report.period)}",
        back=page,
        back_text=gettext("Back to the return"),
        **_marking(report, lines),
    )


def _get_return(request: HttpRequest, pk: int) -> Return:
    rows = Return.objects.visible_to(request.user, clock.today())
    return get_object_or_404(rows.select_related("plan__partnership", "organisation", "submitted_by"), pk=pk)


def _form(request: HttpRequest, report: Return, data: Any = None, files: Any = None) -> ReturnForm:
    lines = visible_lines(actor=actor_of(request), report=report, on=clock.today())
    areas = MouArea.objects.filter(partnership=report.plan.partnership_id)
    commentaries = {row.mou_area_id: row for row in report.commentaries.all()}
    figures = figure_lines(actor=actor_of(request), report=report, on=clock.today())
    return ReturnForm(report, lines, areas, commentaries, data, files=files, figures=figures)


def _save(request: HttpRequest, report: Return) -> HttpResponse:
    form = _form(request, report, request.POST, request.FILES)
    is_full = _add_evidence(request, report, form)
    drafts = form.row_drafts(rest_unchanged="rest" in request.POST)
    areas, sections = form.area_drafts(), form.sections()
    try:
        result = save_return(
            actor=actor_of(request),
            report=report,
            rows=drafts,
            commentaries=areas,
            sections=sections,
            figures=form.figure_drafts(),
            version=form.version,
            at=clock.now(),
        )
    except ValidationError as error:
        form.notices = error.messages
        return _form_page(request, report, form, change.CONFLICT)
    form.refuse(result)
    if not form.errors:
        if "autosave" in request.POST:
            return _autosaved(
                request, report, form, gettext("Draft saved at {now}").format(now=time_text(clock.now()))
            )
        if "read" in request.POST:
            return _check(request, _get_return(request, report.pk))
        messages.success(request, gettext("Draft saved"))
        return redirect(f"{reverse('returns:return', args=[report.pk])}{_fragment(form, request)}")
    if "autosave" in request.POST:
        return _autosaved(request, report, form, NOT_AUTOSAVED)
    form.notices = [PARTLY_SAVED]
    report = _get_return(request, report.pk)
    current = _form(request, report)
    form.update_versions(current)
    current_lines = {
        row.line.action.pk: row.line for row in current.rows if row.line.action.pk in result.conflicts
    }
    is_conflict = result.conflicts or result.text_conflicts or result.figure_conflicts
    status = change.CONFLICT if is_conflict else change.INVALID
    return _form_page(request, report, form, change.NO_SPACE if is_full else status, current_lines)


def _check(request: HttpRequest, report: Return) -> HttpResponse:
    """Lead to the saved answers, or show at once what each of them lacks."""
    form = _form(request, report)
    if missing := {
        row.line.action.pk: ValidationError(dict(row.status.errors)) for row in form.rows if row.status.errors
    }:
        form.show_missing(missing)
        form.notices = [TO_COMPLETE]
        return _form_page(request, report, form, change.INVALID)
    messages.success(request, gettext("Draft saved"))
    return redirect("returns:return-read", report.pk)


def _autosaved(request: HttpRequest, report: Return, form: ReturnForm, text: str) -> JsonResponse:
    """Answer a page that saved itself and stays open: the versions of what is stored as that page has it."""
    current = _form(request, _get_return(request, report.pk))
    return JsonResponse({"text": text, "versions": form.stored_versions(current)})


def _add_evidence(request: HttpRequest, report: Return, form: ReturnForm) -> bool:
    """Add files and links to their actions first, one by one, so that no other error loses them.

    Return whether one was refused because there is no space left.
    """
    is_full = False
    for evidence in form.evidence:
        if evidence.is_given:
            fields = {"report": report, "action": evidence.action, **evidence.cleaned_data}
            try:
                add_return_evidence(actor=actor_of(request), at=clock.now(), **fields)
            except ValidationError as error:
                refuse(evidence, error)
                is_full = is_full or lacks_space(error)
            else:
                messages.success(
                    request,
                    gettext("Evidence added to {ref}: {fields}").format(
                        ref=evidence.action.ref, fields=fields["title"]
                    ),
                )
                evidence.begin_anew()
        if evidence.errors:
            store_files(request, evidence)
    return is_full


def _fragment(form: ReturnForm, request: HttpRequest) -> str:
    """Return the fragment of the row whose button was used, so that the user stays there."""
    prefix = request.POST.get("stay", "")
    return f"#{prefix}" if prefix in {row.prefix for row in form.rows} else ""


def _form_page(
    request: HttpRequest,
    report: Return,
    form: ReturnForm,
    status: int = 200,
    current_lines: Mapping[int, Line] = MappingProxyType({}),
    *,
    not_submitted: bool = False,
) -> HttpResponse:
    """Show the form.

    Args:
        current_lines: the lines that somebody else changed meanwhile, as they are now, by the action's id.
        not_submitted: whether the return was refused because it is not complete.
    """
    actions = [row.line.action for row in form.rows]
    evidence = return_evidence(actor=actor_of(request), report=report, actions=actions, on=clock.today())
    context = {
        "form": form,
        "report": report,
        "rows": [
            (row, current_lines.get(row.line.action.pk), evidence.get(row.line.action.pk, []))
            for row in form.rows
        ],
        "is_late": report.is_late(clock.today()),
        "not_submitted": not_submitted,
        **_marking(report, [row.line for row in form.rows]),
    }
    return render(request, "returns/form.html", context, status=status)


def _answers_page(request: HttpRequest, report: Return, error: ValidationError | None = None) -> HttpResponse:
    on = clock.today()
    rights = change.rights(request)
    lines = visible_lines(actor=actor_of(request), report=report, on=on)
    actions = [line.action for line in lines]
    evidence = return_evidence(actor=actor_of(request), report=report, actions=actions, on=on)
    context = {
        "report": report,
        "lines": [(line, evidence.get(line.action.pk, [])) for line in lines],
        "texts": [(field.verbose_name, getattr(report, field.name)) for field in _text_fields()],
        "commentaries": report.commentaries.select_related("mou_area"),
        "figures": [
            line for line in figure_lines(actor=actor_of(request), report=report, on=on) if line.is_filled_in
        ],
        "may_fill": not policies.why_not_fill(rights, report) and not closed_reason(report=report, on=on),
        "may_question": report.state == ReturnState.SUBMITTED
        and not policies.why_not_question(rights, report),
        "may_remind": not policies.why_not_question(rights, report)
        and not closed_reason(report=report, on=on),
        "is_late": report.is_late(on),
        "closed_reason": closed_reason(report=report, on=on),
        "errors": [{"text": text} for text in error.messages] if error else [],
        **_marking(report, lines),
    }
    return render(request, "returns/return.html", context, status=CONFLICT if error else 200)


def _text_fields() -> list[Any]:
    return [Return._meta.get_field(name) for name in SECTIONS]


def _marking(report: Return, lines: Any) -> dict[str, Any]:
    highest, handling = marking_of(report=report, lines=lines)
    return {"page_marking": highest, "page_handling": handling}
