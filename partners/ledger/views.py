"""The auditor's pages: read the ledger and verify it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from audit import clock
from audit.models import Entry
from audit.policies import forbid
from audit.services import verify
from partners import policies
from partners.partnerships.models import Partnership
from partners.policies import rights_of
from web.paging import PAGE_SIZE, page_of


@require_safe
def show_ledger(request: HttpRequest) -> HttpResponse:
    partnership, others = _audited_partnership(request, request.GET.get("partnership"))
    entries = Entry.objects.filter(ledger=partnership.ledger_id).order_by("-sequence")
    context = {
        "partnership": partnership,
        "others": others,
        "head": partnership.ledger,
        "pages": page_of(request, entries),
    }
    return render(request, "partners/ledger/ledger.html", context)


@require_safe
def show_entry(request: HttpRequest, partnership_pk: int, sequence: int) -> HttpResponse:
    partnership, _ = _audited_partnership(request, str(partnership_pk))
    entry = get_object_or_404(Entry, ledger=partnership.ledger_id, sequence=sequence)
    changes = [{"field": name, "old": old, "new": new} for name, (old, new) in sorted(entry.changes.items())]
    newer = Entry.objects.filter(ledger=partnership.ledger_id, sequence__gt=sequence).count()
    back = _ledger_address(partnership, page=newer // PAGE_SIZE + 1)
    context = {
        "partnership": partnership,
        "entry": entry,
        "changes": changes,
        "back": f"{back}#entry-{sequence}",
    }
    return render(request, "partners/ledger/entry.html", context)


@require_POST
def verify_ledger(request: HttpRequest) -> HttpResponse:
    """Verify the whole chain and every record in it. It only reads, but takes long, hence POST."""
    partnership, _ = _audited_partnership(request, request.POST.get("partnership"))
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


def _audited_partnership(request: HttpRequest, pk: str | None) -> tuple[Partnership, list[Partnership]]:
    """Return the partnership with that id (the first one without an id), and all that the user audits.

    Raises:
        PermissionDenied: if the user audits no partnership.
        Http404: if the user does not audit this one.
    """
    partnerships = Partnership.objects.audited_by(request.user, clock.today()).select_related("ledger")
    rows = list(partnerships)
    forbid(policies.why_not_audit(rights_of(request.user, clock.today())))
    if not pk:
        return rows[0], rows
    number = int(pk) if pk.isdecimal() and len(pk) < 19 else 0
    return get_object_or_404(partnerships, pk=number), rows
