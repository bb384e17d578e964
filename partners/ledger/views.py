"""The auditor's reading room: what the ledger holds, and whether it still holds together."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from audit import clock
from audit.models import Entry
from audit.services import verify
from partners.partnerships.models import Partnership
from web.paging import PAGE_SIZE, page_of


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    partnership, others = _audited(request, request.GET.get("partnership"))
    entries = Entry.objects.filter(ledger=partnership.ledger_id).order_by("-sequence")
    context = {
        "partnership": partnership,
        "others": others,
        "head": partnership.ledger,
        "pages": page_of(request, entries),
    }
    return render(request, "partners/ledger/ledger.html", context)


@require_safe
def entry(request: HttpRequest, partnership_pk: int, sequence: int) -> HttpResponse:
    partnership, _ = _audited(request, str(partnership_pk))
    found = get_object_or_404(Entry, ledger=partnership.ledger_id, sequence=sequence)
    changes = [{"field": name, "old": old, "new": new} for name, (old, new) in sorted(found.changes.items())]
    newer = Entry.objects.filter(ledger=partnership.ledger_id, sequence__gt=sequence).count()
    back = _ledger_address(partnership, page=newer // PAGE_SIZE + 1)
    context = {
        "partnership": partnership,
        "entry": found,
        "changes": changes,
        "back": f"{back}#entry-{sequence}",
    }
    return render(request, "partners/ledger/entry.html", context)


@require_POST
def verify_ledger(request: HttpRequest) -> HttpResponse:
    """Check the whole chain and every row it vouches for. It reads only; POST because it works hard."""
    partnership, _ = _audited(request, request.POST.get("partnership"))
    verdict = verify(ledger=partnership.ledger)
    context = {
        "partnership": partnership,
        "verdict": verdict,
        "at": clock.now(),
        "back": _ledger_address(partnership),
    }
    return render(request, "partners/ledger/ledger_verdict.html", context)


def _ledger_address(partnership: Partnership, **query: int) -> str:
    return reverse("partners:ledger", query={"partnership": partnership.pk, **query})


def _audited(request: HttpRequest, chosen: str | None) -> tuple[Partnership, list[Partnership]]:
    """Return the partnership whose ledger was asked for, and all the user may read.

    Raises:
        PermissionDenied: when the user audits no partnership.
        Http404: when the one asked for is not among them.
    """
    audited = Partnership.objects.audited_by(request.user, clock.today()).select_related("ledger")
    rows = list(audited)
    if not rows:
        raise PermissionDenied("Only an auditor reads the ledger.")
    if not chosen:
        return rows[0], rows
    key = int(chosen) if chosen.isdecimal() and len(chosen) < 19 else 0
    return get_object_or_404(audited, pk=key), rows
