"""The people of a partnership as a file, with the columns of an import of people."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from audit import clock
from partners.models import BoardSeat, Partnership
from partners.partnerships.views import editable_partnership
from partners.people.views.people import list_people
from standards.marking import Marking
from web.exports import Control, csv_response, xlsx_response
from web.filters import chosen
from web.language import in_english

FILES = {"csv": csv_response, "xlsx": xlsx_response}
# An import reads those up to the first day; it says that it leaves out the others.
HEADER = (
    *("Organisation", "Short name", "Kind of organisation", "District", "Boards"),
    *("Job title", "Email address", "Role", "First day"),
    *("Last day", "Review due", "Account"),
)


@require_safe
@in_english
def people_export(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """Send the filtered list as CSV or XLSX; a wrong filter leads back to the list, which says what is wrong."""
    partnership, on = editable_partnership(request, pk), clock.today()
    memberships, rows = list_people(request, partnership, on)
    if memberships.form.errors:
        return redirect(f"{reverse('partners:people', args=[pk])}?{request.GET.urlencode()}")
    selected = [f"{item.label}: {item.text}" for item in chosen(memberships.form, memberships.query)]
    return FILES[kind](
        name=f"people of {partnership} {on.isoformat()}",
        control=Control(
            marking=Marking.OFFICIAL,
            title=f"People of {partnership}",
            as_at=clock.now(),
            lines=(f"Filters: {'; '.join(selected) or 'none'}", f"Exported by: {request.user}"),
        ),
        header=HEADER,
        rows=_cells(partnership, rows, on),
    )


def _cells(partnership: Partnership, rows: Any, on: date) -> Iterator[Sequence[Any]]:
    boards = _boards(partnership, on)
    for row in rows.select_related("organisation__area", "partnership"):
        organisation = row.organisation
        yield [
            organisation.name,
            organisation.short_name,
            organisation.get_kind_display(),
            organisation.area.name if organisation.area else "",
            "; ".join(boards.get(organisation.pk, ())),
            row.user.name,
            row.user.email,
            row.capacity,
            row.starts_on,
            row.ends_on,
            None if partnership.is_sandbox else row.review_by,
            "Open" if row.user.is_active else "Closed",
        ]


def _boards(partnership: Partnership, on: date) -> dict[int, list[str]]:
    """Return the names of the boards on which each organisation has a seat, by the organisation's id."""
    current = Q(ends_on=None) | Q(ends_on__gte=on)
    seats = BoardSeat.objects.filter(current, board__partnership=partnership, vacant=False)
    names: dict[int, list[str]] = {}
    for organisation, name in (
        seats.order_by("board__name").values_list("organisation", "board__name").distinct()
    ):
        names.setdefault(organisation, []).append(name)
    return names
