"""The page of an import that a worker runs: what it is doing, then its result."""

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit import clock
from importing.engine.services.running import find_run, run_key, seconds_of
from web.callers import actor_of
from web.middleware import IS_POLL
from web.screening import KEEP

if TYPE_CHECKING:
    from importing.engine.views.imports import ImportPages


def start_run(
    request: HttpRequest,
    pages: "ImportPages",
    *,
    token: str = "",
    undo: str = "",
    rows: int,
    leave_out: bool = False,
) -> HttpResponse:
    """Queue an import or the undoing of one, unless it is queued, running or done already, and show its progress."""
    user = actor_of(request)
    key = run_key(name=token or f"undo {pages.target._meta.label_lower}/{pages.target.pk} {undo}")
    run = find_run(actor=user, key=key, at=clock.system())
    if run is None or run.may_be_repeated:
        pages.task.enqueue(
            key=key,
            user=user.pk,
            target=pages.target.pk,
            token=token,
            undo=undo,
            rows=rows,
            seconds=seconds_of(importer=pages.importer, rows=rows),
            options=pages.task_options,
            reason=request.POST.get(KEEP, ""),
            leave_out=leave_out,
        )
    return redirect(f"{pages.address_with_query}run={key}")


def finished_run(request: HttpRequest, pages: "ImportPages") -> HttpResponse | None:
    """Return the page of the run that imported a posted file already; None when there is none."""
    key = run_key(name=request.POST.get("token", ""))
    run = find_run(actor=actor_of(request), key=key, at=clock.system())
    return redirect(f"{pages.address_with_query}run={key}") if run else None


def show_run(request: HttpRequest, pages: "ImportPages", context: dict[str, Any]) -> HttpResponse:
    """Show what a run of the user's is doing, or its result."""
    run = find_run(actor=actor_of(request), key=request.GET["run"], at=clock.system())
    if run is None:
        raise Http404
    if run.is_going_on:
        # The page asks again by itself, while the worker may have locked the database.
        setattr(request, IS_POLL, True)
    return render(request, "importing/progress.html", context | {"run": run})
