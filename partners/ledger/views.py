"""The auditor's pages: read the ledger and verify it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from audit import clock
from audit.models import Entry
from audit.policies import forbid
from audit.services import export_lines, verify
from partners import policies
from partners.ledger.forms import RECENT, LedgerFilter, ReadsFilter, first_day_of, midnight
from partners.ledger.queries import changes_in_words, note_shown, reads_of, verb_in_words
from partners.partnerships.models import Partnership
from partners.policies import rights_of
from web.exports import file_name
from web.filters import without_empty_parameters
from web.language import english_html
from web.paging import PAGE_SIZE, page_of
from web.quick import Question, QuickList, quick_list


@require_safe
@without_empty_parameters
def show_ledger(request: HttpRequest) -> HttpResponse:
    partnership, others = _audited_partnership(request, request.GET.get("partnership"))
    form, on = LedgerFilter(request.GET), clock.today()
    every = Entry.objects.filter(ledger=partnership.ledger_id)
    entries = every.order_by("-sequence")
    entries = form.search(on).filter_entries(entries) if form.is_valid() else entries.none()
    # Of ten million entries only those of the last weeks are counted; how many there are, the ledger itself knows.
    quick = _quick(request, every.filter(at__gte=_start_of("month", on)), _ledger_address(partnership))
    quick.links[-1] = replace(quick.links[-1], number=partnership.ledger.sequence)
    pages = page_of(request, entries)
    note_shown(pages)
    context = {
        **quick.context(form, keep=[("partnership", str(partnership.pk))]),
        "partnership": partnership,
        "others": others,
        "query": urlencode(_filters(form, request)),
        "head": partnership.ledger,
        "pages": pages,
        "lines": [(entry, verb_in_words(entry.verb)) for entry in pages],
        "checkpoints": partnership.ledger.checkpoints.count(),
    }
    return render(request, "partners/ledger/ledger.html", context)


@require_safe
@without_empty_parameters
def show_reads(request: HttpRequest) -> HttpResponse:
    """Show who read what is OFFICIAL-SENSITIVE in a partnership, newest first."""
    rights = rights_of(request.user, clock.today())
    forbid(policies.why_not_see_reads(rights))
    readable = Partnership.objects.filter(pk__in=policies.reads_partnerships(rights)).order_by("name")
    partnership, others = _one_of(readable, request.GET.get("partnership"))
    form = ReadsFilter(request.GET)
    reads = reads_of(partnership=partnership)
    quick = _quick(request, reads, reverse("partners:reads", query={"partnership": partnership.pk}))
    reads = form.search(clock.today()).filter(reads) if form.is_valid() else reads.none()
    context = {
        **quick.context(form, keep=[("partnership", str(partnership.pk))]),
        "partnership": partnership,
        "others": others,
        "pages": page_of(request, reads),
        "days": settings.READS_KEEP_DAYS,
    }
    return render(request, "partners/ledger/reads.html", context)


@require_safe
def show_entry(request: HttpRequest, partnership_pk: int, sequence: int) -> HttpResponse:
    partnership, _ = _audited_partnership(request, str(partnership_pk))
    every = Entry.objects.filter(ledger=partnership.ledger_id).order_by("sequence")
    entry = get_object_or_404(every, sequence=sequence)
    note_shown([entry])
    form = LedgerFilter(request.GET)
    filters = _filters(form, request) if form.is_valid() else {}
    listed = form.search(clock.today()).filter_entries(every) if filters else every
    newer, older = listed.filter(sequence__gt=sequence), listed.filter(sequence__lt=sequence)
    back = _ledger_address(partnership, **filters, page=newer.count() // PAGE_SIZE + 1)
    context = {
        "partnership": partnership,
        "entry": entry,
        "verb": english_html(verb_in_words(entry.verb)),
        "changes": changes_in_words(entry=entry),
        "page": page_of_record(entry.target_type, int(entry.target_id), entry.state),
        "previous": older.values_list("sequence", flat=True).last(),
        "next": newer.values_list("sequence", flat=True).first(),
        "query": urlencode(filters),
        "back": f"{back}#entry-{sequence}",
    }
    return render(request, "partners/ledger/entry.html", context)


@require_safe
def export_ledger(request: HttpRequest, partnership_pk: int) -> StreamingHttpResponse:
    """Send the whole ledger as JSON lines, which `audit/verify.py` verifies without this service."""
    partnership, _ = _audited_partnership(request, str(partnership_pk))
    lines = export_lines(ledger=partnership.ledger, at=clock.now())
    name = f"ledger-{file_name(str(partnership))}-{clock.today():%Y-%m-%d}.jsonl"
    response = StreamingHttpResponse(lines, content_type="application/jsonl")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


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


# The page of a record, by the type of the record.
PAGES = {
    "actions.action": "actions:action",
    "actions.plan": "actions:plan",
    "inspections.inspection": "inspections:inspection",
    "inspections.recommendation": "inspections:recommendation",
    "inspections.publishedresponse": "inspections:letter",
    "meetings.meeting": "meetings:meeting",
    "meetings.minute": "meetings:minute",
    "meetings.arising": "meetings:arising",
    "returns.return": "returns:return",
    "reports.paper": "reports:paper",
    "reports.publicedition": "reports:edition",
}
# Fields that name the record which another belongs to, the nearest first.
PARENTS = ("action", "recommendation", "inspection", "meeting", "edition", "paper", "report", "plan")


def page_of_record(label: str, pk: int, state: Mapping[str, Any] | None) -> str:
    """Return the address of a record, or of the one it belongs to; empty if it has no page.

    Args:
        label: the model, such as `actions.action`.
        state: the recorded fields of the record; None once it was removed.
    """
    if label in PAGES and state is not None:
        return reverse(PAGES[label], args=[pk])
    fields = state or {}
    for name in PARENTS:
        if fields.get(name) and (route := PAGES.get(_model_named_by(label, name))):
            return reverse(route, args=[fields[name]])
    return ""


def _model_named_by(label: str, name: str) -> str:
    """Return the model whose rows a field names; empty for a field of another kind, such as the edition of a document."""
    try:
        related = apps.get_model(label)._meta.get_field(name).related_model
    except (LookupError, FieldDoesNotExist):
        return ""  # an entry of a model or a field that was removed since
    return related._meta.label_lower if related else ""


def _quick(request: HttpRequest, rows: QuerySet[Any], address: str) -> QuickList:
    """Return the quick filters of a list by when its rows were written."""
    on = clock.today()
    questions = [
        Question(label, (("when", value),), Q(at__gte=_start_of(value, on))) for value, label in RECENT
    ]
    return quick_list(
        request.GET,
        rows=rows,
        questions=[*questions, Question(gettext("All"), (), Q())],
        asked=lambda query: tuple(_filters(LedgerFilter(query), request).items()),
        address=address,
    )


def _start_of(recent: str, on: date) -> datetime | None:
    return midnight(first_day_of(recent, on))


def _filters(form: LedgerFilter, request: HttpRequest) -> dict[str, str]:
    """Return the parameters that filter the ledger, which links to entries carry along for the way back."""
    # A date has three: first_day, first_month and first_year.
    return {
        name: value
        for name, value in request.GET.items()
        if name.partition("_")[0] in form.fields and isinstance(value, str) and value
    }


def _ledger_address(partnership: Partnership, **query: Any) -> str:
    return reverse("partners:ledger", query={"partnership": partnership.pk, **query})


def _audited_partnership(request: HttpRequest, pk: str | None) -> tuple[Partnership, list[Partnership]]:
    """Return the partnership with that id (the first one without an id), and all that the user audits.

    Raises:
        PermissionDenied: if the user audits no partnership.
        Http404: if the user does not audit this one.
    """
    forbid(policies.why_not_audit(rights_of(request.user, clock.today())))
    audited = Partnership.objects.audited_by(request.user, clock.today())
    return _one_of(audited.select_related("ledger"), pk)


def _one_of(partnerships: QuerySet[Partnership], pk: str | None) -> tuple[Partnership, list[Partnership]]:
    """Return the partnership with that id (the first one without an id), and all of these."""
    rows = list(partnerships)
    if not pk:
        return rows[0], rows
    number = int(pk) if pk.isdecimal() and len(pk) < 19 else 0
    return get_object_or_404(partnerships, pk=number), rows
