"""The pages of one kind of record: list, file, record, add, change and correct."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from audit import clock
from audit.policies import forbid
from inspections.history.services import changes_since, timeline_of
from partners.models import Partnership
from partners.policies import SEES_EVERYTHING, rights_of
from programme.records import policies
from programme.records.filters import filter_of, quick_records
from programme.records.forms import RecordForm, record_initial
from programme.records.models import Fact, Record
from programme.records.resources import HANDLING, ORIGIN, Resource
from programme.records.services.records import save_record
from standards import marking
from standards.quantities import total
from web import pages
from web.callers import actor_of
from web.exports import Control, csv_response, xlsx_response
from web.filters import chosen, without_empty_parameters
from web.language import in_english
from web.paging import page_of
from web.wording import quantity_text

PAGE_SIZE = 25
FILES = {"csv": csv_response, "xlsx": xlsx_response}


@dataclass(frozen=True)
class Cell:
    label: str
    text: str
    href: str = ""


@dataclass(frozen=True)
class Step:
    """Something that the user may do with a record, on a page of its own."""

    text: str
    href: str


@dataclass(frozen=True)
class Part:
    """Records of another kind that belong to the one on the page."""

    resource: Resource
    rows: Sequence[Any]
    add: str

    @property
    def lines(self) -> list[list[Cell]]:
        return [cells_of(self.resource, row) for row in self.rows]

    @property
    def headings(self) -> list[str]:
        return headings_of(self.resource)

    @property
    def total(self) -> str:
        """The sum of the rows, as exact as they are; empty where they are not added up."""
        name = self.resource.total
        return quantity_text(total(row.quantity(name) for row in self.rows)) if name else ""


def address(resource: Resource, page: str, *ids: Any) -> str:
    return reverse(f"programme:record-{page}", args=[resource.room, resource.slug, *ids])


def headings_of(resource: Resource) -> list[str]:
    return [resource.label(name) for name in resource.listed]


def cells_of(resource: Resource, row: Any) -> list[Cell]:
    """Return a line of a list; its first cell links to the record."""
    texts = [resource.words(row, name) for name in resource.listed]
    first, *others = map(Cell, headings_of(resource), texts)
    return [Cell(first.label, first.text or str(row), address(resource, "page", row.pk)), *others]


@without_empty_parameters
def record_list(request: HttpRequest, resource: Resource) -> HttpResponse:
    """List the records of a kind that the user may view and that no later one corrects."""
    on = clock.today()
    filters = _filtered(request, resource, on)
    form = filters.form
    wrong = not form.is_valid()
    rows = filters.qs.select_related(*resource.joined)
    listing = page_of(request, rows.none() if wrong else rows, PAGE_SIZE)
    quick = quick_records(request.GET, resource, _visible(request, resource, on), address(resource, "list"))
    context = {
        **quick.context(form),
        "resource": resource,
        "pages": listing,
        "headings": headings_of(resource),
        "lines": [(row, cells_of(resource, row)) for row in listing],
        "wrong": wrong,
        "may_add": not _why_not_add(request, resource, on),
        "may_import": not why_not_import(request, resource, on),
        "query": request.GET.urlencode(),
        "page_marking": marking.highest(row.marking for row in listing),
    }
    return render(request, "programme/records/list.html", context, status=pages.INVALID if wrong else 200)


@in_english
def record_export(request: HttpRequest, resource: Resource, kind: str) -> HttpResponseBase:
    """Send the filtered list as CSV or XLSX; a wrong filter leads back to the list, which says what is wrong."""
    on = clock.today()
    filters = _filtered(request, resource, on)
    if not filters.form.is_valid():
        return redirect(f"{address(resource, 'list')}?{request.GET.urlencode()}")
    rows = filters.qs.select_related(*resource.joined)
    selected = [f"{item.label}: {item.text}" for item in chosen(filters.form, request.GET)]
    control = Control(
        marking=marking.highest(rows.order_by().values_list("marking", flat=True)),
        title=resource.plural[:1].upper() + resource.plural[1:],
        as_at=clock.now(),
        lines=(f"Filters: {'; '.join(selected) or 'none'}", f"Exported by: {request.user}"),
    )
    names = resource.file_fields
    header = [resource.label(name) for name in names]
    cells = _file_rows(resource, rows, names)
    return FILES[kind](name=f"{resource.plural} {on.isoformat()}", control=control, header=header, rows=cells)


def record_page(
    request: HttpRequest,
    resource: Resource,
    pk: int,
    parts: Sequence[Resource],
    steps: Callable[[Any, Any], Sequence[Step]] = lambda row, rights: (),
) -> HttpResponse:
    """Show a record with what belongs to it and its history.

    Args:
        steps: takes the record and the user's rights; returns what else the user may do with it.
    """
    on = clock.today()
    rights = rights_of(request.user, on)
    row = find_record(request, resource, pk)
    newer = _newer(request, resource, row, on)
    sees_all = row.partnership_id in rights.partnerships(*SEES_EVERYTHING)
    below = [_part(request, part, row, on) for part in parts]
    context = {
        "resource": resource,
        "row": row,
        "fields": [(resource.label(name), resource.words(row, name)) for name in resource.visible_fields],
        "origin": [(resource.label(name), resource.words(row, name)) for name in (*ORIGIN, *HANDLING)],
        "parts": below,
        "newer": newer and address(resource, "page", newer.pk),
        "older": _older(request, row, on, resource),
        "edit": "" if newer or row.why_not_save(rights) else address(resource, "edit", row.pk),
        "steps": steps(row, rights),
        "timeline": timeline_of(row=row) if sees_all else [],
        "page_marking": marking.highest([row.marking, *(one.marking for part in below for one in part.rows)]),
        "page_handling": row.handling_instruction,
    }
    return render(request, "programme/records/record.html", context)


def record_create(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Add a record."""
    on = clock.today()
    rights = rights_of(request.user, on)
    forbid(_why_not_add(request, resource, on))
    model = resource.model
    ids = policies.partnerships_to_record_in(rights, reported=model.reported, keepers=model.keepers)
    partnerships = list(Partnership.objects.visible_to(request.user, on).filter(pk__in=ids))
    form = RecordForm(
        request.POST or None,
        initial=_initial(request, resource, on),
        resource=resource,
        user=request.user,
        on=on,
        partnerships=Partnership.objects.filter(pk__in=ids) if len(partnerships) > 1 else partnerships,
        within=ids,
        decides=bool(policies.partnerships_to_record_in(rights, reported=False)),
    )

    def add(**values: Any) -> Record:
        partnership = values.pop("partnership", partnerships[0])
        return save_record(row=resource.model(partnership=partnership), **values)

    return pages.answer(
        request,
        form,
        row=None,
        describe=lambda _: {},
        catch_up=lambda _: (None, []),
        service=add,
        template="programme/records/form.html",
        done=gettext("{singular} added").format(singular=_capital(resource.singular)),
        leads_to=lambda row: address(resource, "page", row.pk),
        resource=resource,
        heading=gettext("Add {with_article}").format(with_article=resource.with_article),
        caption=_capital(resource.plural),
        back=address(resource, "list"),
        back_text=gettext("All {plural}").format(plural=resource.plural),
        button=gettext("Save"),
    )


def record_edit(request: HttpRequest, resource: Resource, pk: int) -> HttpResponse:
    """Change a record of a register, or correct a fact."""
    on = clock.today()
    rights = rights_of(request.user, on)
    row = find_record(request, resource, pk)
    forbid(row.why_not_save(rights))
    back = address(resource, "page", row.pk)
    if isinstance(row, Fact) and not row.is_current:
        return pages.refused(
            request,
            caption=str(row),
            heading=gettext("This record was corrected already"),
            text=gettext("Correct the newest record instead."),
            back=back,
            back_text=gettext("Back to the record"),
        )
    form = RecordForm(
        request.POST or None,
        initial=record_initial(resource, row),
        resource=resource,
        user=request.user,
        on=on,
        within=[row.partnership_id],
        decides=not policies.why_not_manage(rights, row.partnership_id),
    )

    def catch_up(version: int) -> tuple[Any, list[Any]]:
        current = find_record(request, resource, row.pk)
        return current, changes_since(actor=actor_of(request), row=current, version=version)

    verb = gettext("Correct") if resource.is_fact else gettext("Change")
    return pages.answer(
        request,
        form,
        row=row,
        describe=lambda current: {
            "row": current,
            "page_marking": current.marking,
            "page_handling": current.handling_instruction,
        },
        catch_up=catch_up,
        service=lambda **values: save_record(row=row, **values),
        template="programme/records/form.html",
        done=f"{_capital(resource.singular)} {'corrected' if resource.is_fact else 'saved'}",
        leads_to=lambda saved: address(resource, "page", saved.pk),
        resource=resource,
        heading=gettext("{verb} the {singular}").format(verb=verb, singular=resource.singular),
        caption=str(row),
        back=back,
        back_text=gettext("Back to the record"),
        button=gettext("Save correction") if resource.is_fact else gettext("Save"),
    )


def _filtered(request: HttpRequest, resource: Resource, on: date) -> Any:
    return filter_of(resource)(request.GET, _visible(request, resource, on), user=request.user, on=on)


def _visible(request: HttpRequest, resource: Resource, on: date) -> Any:
    """Return the records of a kind that the user may view and that no later one corrects."""
    rows: Any = resource.model._default_manager
    return rows.visible_to(request.user, on).current()


def find_record(request: HttpRequest, resource: Resource, pk: int) -> Any:
    """Return a record that the user may view, or answer 404."""
    rows: Any = resource.model._default_manager
    visible = rows.visible_to(request.user, clock.today()).select_related("partnership", *resource.joined)
    return get_object_or_404(visible, pk=pk)


def _newer(request: HttpRequest, resource: Resource, row: Any, on: date) -> Any:
    if not isinstance(row, Fact) or row.is_current:
        return None
    rows: Any = resource.model._default_manager
    return rows.visible_to(request.user, on).filter(supersedes=row.pk).first()


def _older(request: HttpRequest, row: Any, on: date, resource: Resource) -> str:
    older = getattr(row, "supersedes_id", None)
    rows: Any = resource.model._default_manager
    is_visible = older and rows.visible_to(request.user, on).filter(pk=older).exists()
    return address(resource, "page", older) if is_visible else ""


def _part(request: HttpRequest, part: Resource, row: Any, on: date) -> Part:
    rows: Any = part.model._default_manager
    parts = rows.visible_to(request.user, on).current().filter(**{part.parent: row.pk})
    add = "" if _why_not_add(request, part, on) else f"{address(part, 'create')}?{part.parent}={row.pk}"
    return Part(part, list(parts.select_related(*part.joined)), add)


def _initial(request: HttpRequest, resource: Resource, on: date) -> dict[str, Any]:
    initial: dict[str, Any] = {"as_at": on}
    chosen_parent = request.GET.get(resource.parent, "") if resource.parent else ""
    if chosen_parent.isdecimal() and len(chosen_parent) < 19:
        initial[resource.parent] = int(chosen_parent)
    for name in resource.fields:
        default = resource.column(name)
        if default.has_default():
            initial[name] = default.get_default()
    return initial


def _file_rows(resource: Resource, rows: Any, names: Sequence[str]) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=500):
        yield [resource.cell(row, name) for name in names]


def _why_not_add(request: HttpRequest, resource: Resource, on: date) -> str:
    model = resource.model
    return policies.why_not_record_any(
        rights_of(request.user, on), reported=model.reported, keepers=model.keepers
    )


def why_not_import(request: HttpRequest, resource: Resource, on: date) -> str:
    rights = rights_of(request.user, on)
    return policies.why_not_record_any(rights, reported=False, keepers=resource.model.keepers)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
