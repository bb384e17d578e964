"""The people of a partnership and their roles: list, add and end."""

from datetime import date
from functools import partial
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from audit import clock
from audit.policies import forbid
from partners.accounts.models import User
from partners.approvals.models import ChangeRequest
from partners.memberships.models import Membership
from partners.partnerships.models import Partnership
from partners.partnerships.views import editable_partnership
from partners.people.forms import EndForm, PersonForm
from partners.people.services import add_person, end_role
from partners.policies import why_not_administer, why_not_grant
from web.confirmation import confirm_before_posting
from web.filters import keep_matching, without_empty_parameters
from web.language import lazy_text
from web.pages import PAGE_OR_FORM, answer
from web.paging import page_of
from web.quick import GroupedList, RowGroup, SearchForm, grouped_list, query_text

WAITS = lazy_text("Nothing is changed yet. Another administrator must approve it.")


@require_safe
@without_empty_parameters
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """List the roles of a partnership, those that have not ended first, with a search."""
    partnership, on = editable_partnership(request, pk), clock.today()
    memberships, rows = list_people(request, partnership, on)
    listing = page_of(request, rows)
    context = {
        **memberships.context,
        "partnership": partnership,
        "search": memberships.search,
        "query": query_text(memberships.query),
        "pages": listing,
        "lines": [
            (row, not _has_ended(row, on) and not why_not_grant(request.user, row, on)) for row in listing
        ],
    }
    return render(request, "partners/people/people.html", context, status=memberships.status)


def list_people(request: HttpRequest, partnership: Partnership, on: date) -> tuple[GroupedList, Any]:
    """Return the list that a query string asks for, and its roles in the order of the people's names."""
    memberships = grouped_list(
        request.GET,
        rows=Membership.objects.filter(partnership=partnership, user__kind=User.Kind.USER),
        groups=_groups(on),
        default="current",
        address=reverse("partners:people", args=[partnership.pk]),
        form_type=SearchForm,
    )
    searched = ("user__name", "user__email", "organisation__name")
    rows = keep_matching(memberships.rows, memberships.search, searched)
    return memberships, rows.select_related("user", "organisation").order_by("user__name", "pk")


def _has_ended(row: Membership, on: date) -> bool:
    return row.ends_on is not None and row.ends_on < on


def _groups(on: date) -> list[RowGroup]:
    has_ended = Q(ends_on__lt=on)
    # `~` would leave out roles without a last day.
    runs = Q(ends_on=None) | Q(ends_on__gte=on)
    return [
        RowGroup("current", gettext("People with a role"), runs),
        RowGroup("coming", gettext("Roles to come"), Q(starts_on__gt=on)),
        RowGroup("ended", gettext("Ended roles"), has_ended),
    ]


@PAGE_OR_FORM
@confirm_before_posting
def person_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person a role; an administrator also opens the account of a person who has none."""
    partnership = editable_partnership(request, pk)
    back = reverse("partners:people", args=[pk])
    form = PersonForm(
        request.POST or None,
        partnership=partnership,
        on=clock.today(),
        creates=not why_not_administer(request.user),
    )
    return answer(
        request,
        form,
        service=partial(add_person, partnership=partnership),
        **_outcome(back),
        heading=gettext("Add a person or a role"),
        caption=str(partnership),
        back=back,
        back_text=gettext("All people"),
    )


@PAGE_OR_FORM
@confirm_before_posting
def role_end(request: HttpRequest, pk: int, membership_pk: int) -> HttpResponse:
    """Set the last day of a role."""
    partnership = editable_partnership(request, pk)
    membership = get_object_or_404(
        Membership.objects.select_related("user", "organisation", "partnership"),
        partnership=partnership,
        pk=membership_pk,
    )
    forbid(why_not_grant(request.user, membership, clock.today()))
    back = reverse("partners:people", args=[pk])
    return answer(
        request,
        EndForm(
            request.POST or None,
            initial={"ends_on": membership.ends_on or clock.today()},
            is_planned=membership.ends_on is not None,
        ),
        service=partial(end_role, membership=membership),
        **_outcome(back),
        heading=gettext("Change the last day of a role") if membership.ends_on else gettext("End a role"),
        caption=str(membership),
        back=back,
        back_text=gettext("All people"),
    )


def _outcome(back: str) -> dict[str, Any]:
    """Return the banner and next page after a change that may wait for a second administrator."""
    return {
        "done": lambda outcome: WAITS if isinstance(outcome, ChangeRequest) else gettext("Role saved"),
        "leads_to": lambda outcome: (
            outcome.get_absolute_url() if isinstance(outcome, ChangeRequest) else back
        ),
    }
