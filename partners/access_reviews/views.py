"""Access reviews: the list, a review with a decision on each membership, and its file."""

from dataclasses import astuple
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from audit import clock
from audit.policies import forbid
from partners.access_reviews import policies
from partners.access_reviews.forms import ReviewForm
from partners.access_reviews.models import AccessReview
from partners.access_reviews.queries import facts_of, lines_of, memberships_to_decide
from partners.access_reviews.services.deciding import decide_access
from partners.memberships.models import Membership
from partners.policies import why_not_review
from standards.marking import Marking
from web.exports import Control, csv_response, xlsx_response
from web.language import in_english
from web.pages import PAGE_OR_FORM, answer
from web.paging import page_of

HEADER = (
    *("Person or system", "Role", "Organisation", "Since", "Last day", "Last reviewed"),
    *("Account", "Last used", "Second factor", "Access by programs"),
    *("Decision", "Note", "Decided by", "Decided at"),
)
FILES = {"csv": csv_response, "xlsx": xlsx_response}


@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    forbid(policies.why_not_list_access_reviews(request.user, on))
    reviews = AccessReview.objects.visible_to(request.user, on).select_related("partnership")
    pages = page_of(request, reviews.order_by("-quarter_start", "partnership__name"))
    return render(request, "partners/access_reviews/list.html", {"pages": pages, "on": on})


@PAGE_OR_FORM
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everybody with access, and take decisions on those whom the reader may decide on."""
    on = clock.today()
    row = _visible_review(request, pk, on)
    reason = policies.why_not_decide_review(request.user, row.partnership_id, on)
    if request.method == "POST":
        forbid(reason)
    waiting = list(memberships_to_decide(row, on)) if row.is_open else []
    mine = [each for each in waiting if not why_not_review(request.user, each, on)]
    form = ReviewForm(request.POST or None, memberships=mine)
    return answer(
        request,
        form,
        service=lambda actor, at, **data: decide_access(
            actor=actor, review=row, decisions=form.decisions(), at=at
        ),
        done=lambda saved: gettext("Decisions saved") if saved.is_open else gettext("Access review complete"),
        leads_to=lambda saved: reverse("partners:access-review", args=[saved.pk]),
        template="partners/access_reviews/review.html",
        **_contents(request, row, waiting, form, on),
    )


@require_safe
@in_english
def review_export(request: HttpRequest, pk: int, file_type: str) -> HttpResponseBase:
    """Send the review as CSV or XLSX: what was decided, then who is left."""
    if file_type not in FILES:
        raise Http404
    on = clock.today()
    row = _visible_review(request, pk, on)
    title = f"{row}, {row.partnership}"
    return FILES[file_type](
        name=title,
        control=Control(Marking.OFFICIAL, title, clock.now(), (row.get_state_display(),)),
        header=HEADER,
        rows=_export_rows(row, on),
    )


def _visible_review(request: HttpRequest, pk: int, on: date) -> AccessReview:
    forbid(policies.why_not_list_access_reviews(request.user, on))
    visible = AccessReview.objects.visible_to(request.user, on).select_related("partnership")
    return get_object_or_404(visible, pk=pk)


def _contents(
    request: HttpRequest, row: AccessReview, waiting: list[Membership], form: ReviewForm, on: date
) -> dict[str, Any]:
    facts = facts_of(waiting, on)
    cards = [
        {
            "membership": each,
            "facts": facts[each.user_id],
            "is_due": each.review_by <= on,
            "outcome": form[f"outcome_{each.pk}"] if f"outcome_{each.pk}" in form.fields else None,
            "note": form[f"note_{each.pk}"] if f"note_{each.pk}" in form.fields else None,
            "reason": why_not_review(request.user, each, on),
        }
        for each in waiting
    ]
    return {"review": row, "cards": cards, "lines": lines_of(row), "may_decide": bool(form.memberships)}


def _export_rows(row: AccessReview, on: date) -> list[tuple[Any, ...]]:
    rows = [
        (
            *_columns(line.membership),
            *(
                line.source,
                line.last_used_on,
                line.sign_in,
                line.programs,
                line.get_outcome_display(),
                line.note,
            ),
            *(line.decided_by.name if line.decided_by else "", line.decided_at if line.decided_by else None),
        )
        for line in lines_of(row)
    ]
    waiting = list(memberships_to_decide(row, on)) if row.is_open else []
    facts = facts_of(waiting, on)
    for each in waiting:
        account = facts[each.user_id]
        rows.append(
            (
                *_columns(each),
                *astuple(account),
                *(gettext("Not decided yet"), "", "", None),
            )
        )
    return rows


def _columns(row: Membership) -> tuple[Any, ...]:
    return (row.user.name, row.capacity, row.organisation.name, row.starts_on, row.ends_on, row.reviewed_on)
