"""The funding page, and the grants as a file in the layout of 360Giving."""

import csv
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from audit import clock
from audit.actors import Reader
from programme.funding.giving import HEADER, lines
from programme.funding.models import Grant
from programme.funding.queries import reconciled, years


def room(user: Reader, on: date) -> dict[str, Any]:
    """Return what the page shows."""
    return {"years": years(user=user, on=on), "funds": reconciled(user=user, on=on)}


def grants_csv(request: HttpRequest) -> HttpResponse:
    """Send the grants that can be published, in the layout of 360Giving: one header row, no notes, UTF-8."""
    on = clock.today()
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"grants-{on.isoformat()}.csv"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["Cache-Control"] = "private, no-store"
    writer = csv.writer(response)
    writer.writerow(HEADER)
    grants = Grant.objects.visible_to(request.user, on).select_related("fund__funder", "area")
    writer.writerows(lines(grants=grants))
    return response
