from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit import clock
from inspections import policies
from inspections.filters import DEFAULT_SORT, RecommendationFilter, sort_recommendations
from inspections.forms.recommendations import RecommendationForm, recommendation_initial
from inspections.models import Recommendation
from inspections.services import save_recommendation
from inspections.services.change import MANAGERS_ONLY
from inspections.services.timeline import Event, timeline_of
from inspections.views import change, links, responses
from inspections.views.abilities import abilities, why_not_judge
from inspections.views.inspections import address as inspection_address
from inspections.views.inspections import kept
from standards import marking
from web.filters import chosen
from web.paging import page_of

PAGE_SIZE = 25
WORDS = {
    "published": "publication of the inspection",
    "kind": "kind",
    "lead": "lead organisation",
    "state": "own state",
    "due": "deadline",
}


@require_safe
def recommendation_list(request: HttpRequest) -> HttpResponse:
    """List the findings the user may see, narrowed and in the order that the query string asks for."""
    on = clock.today()
    seen = Recommendation.objects.visible_to(request.user, on)
    narrowed = RecommendationFilter(request.GET, seen, user=request.user, on=on)
    form, sort, sort_error = narrowed.form, request.GET.get("sort") or DEFAULT_SORT, ""
    form.is_valid()
    try:
        rows = sort_recommendations(narrowed.qs, sort)
    except ValidationError as error:
        rows, sort, sort_error = seen.none(), DEFAULT_SORT, error.messages[0]
    pages = page_of(request, rows.for_list(request.user, on), PAGE_SIZE)
    selected = chosen(form, request.GET)
    context = {
        "pages": pages,
        "form": form,
        "chosen": selected,
        "wrong": bool(form.errors or sort_error),
        "sort_error": sort_error,
        "order": _order(sort),
        "keep": [("sort", request.GET["sort"])] if request.GET.get("sort") else [],
        "narrowed": bool(selected),
        "only_disagreeing": _only(request.GET, "disagree"),
        "on": on,
        "page_marking": marking.highest(row.inspection.marking for row in pages),
    }
    status = change.INVALID if context["wrong"] else 200
    return render(request, "inspections/recommendation_list.html", context, status=status)


@require_safe
def recommendation_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a finding with both its histories, the actions that answer it and what the user may do about it."""
    on, rights = clock.today(), change.rights(request)
    row = change.found(request, Recommendation, pk)
    seen = Recommendation.objects.visible_to(request.user, on)
    flags = seen.for_list(request.user, on).get(pk=row.pk)
    own = list(row.own_statuses.select_related("set_by"))
    register = list(row.register_statuses.select_related("recorded_by"))
    lines = links.section(row, user=request.user, on=on, rights=rights)
    context = {
        "row": row,
        "flags": flags,
        "register_state": register[0] if register else None,
        "cause": seen.filter(pk=row.cause_id).first() if row.cause_id else None,
        "under": seen.filter(cause=row).order_by("pk"),
        "overdue": row.due is not None and row.due < on and row.is_open,
        "own_history": [
            Event(status.get_state_display(), str(status.set_by), status.set_at, status.reason)
            for status in own
        ],
        "register_history": [
            Event(
                status.get_state_display(),
                str(status.recorded_by),
                status.on,
                status.comment,
                [f"Recorded on {clock.london_date(status.recorded_at):%-d %B %Y}"],
            )
            for status in register
        ],
        "links": lines,
        "may_unlink": any(line.removable for line in lines),
        "abilities": abilities(rights, row),
        "why_not_judge": why_not_judge(rights, row),
        "response": responses.section(row, user=request.user, on=on, rights=rights),
        "timeline": timeline_of(row=row),
    }
    return render(request, "inspections/recommendation.html", context | change.marking(row))


@change.PAGE_OR_FORM
def recommendation_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a finding to an inspection."""
    inspection = kept(request, pk)
    row = Recommendation(inspection=inspection)
    return change.answer(
        request,
        RecommendationForm(request.POST or None, inspection=inspection, user=request.user, on=clock.today()),
        row=inspection,
        service=lambda **given: save_recommendation(recommendation=row, **given),
        template="inspections/recommendation_form.html",
        done="The finding is added.",
        back=inspection_address(inspection),
        back_text="Back to the inspection",
        heading="Add a finding",
        caption=str(inspection),
    )


@change.PAGE_OR_FORM
def recommendation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a finding says."""
    row = change.found(request, Recommendation, pk)
    change.require(policies.may_keep(change.rights(request), row.inspection.partnership_id), MANAGERS_ONLY)
    form = RecommendationForm(
        request.POST or None,
        initial=recommendation_initial(row),
        inspection=row.inspection,
        recommendation=row,
        user=request.user,
        on=clock.today(),
    )
    return change.answer(
        request,
        form,
        row=row,
        service=lambda **given: save_recommendation(recommendation=row, **given),
        template="inspections/recommendation_form.html",
        done="The finding is changed.",
        back=links.address(row),
        back_text="Back to the finding",
        heading="Change the finding",
        caption=str(row),
    )


def _order(sort: str) -> str:
    words = WORDS[sort.removeprefix("-")]
    return f"{words}, last first" if sort.startswith("-") else words


def _only(query: QueryDict, name: str) -> bool:
    """Say whether the list is narrowed by this filter and no other: it is a page of its own then."""
    given = [key for key, value in query.items() if value and key not in ("sort", "page")]
    return given == [name]
