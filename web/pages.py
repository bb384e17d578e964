"""The response of every page with a form: errors, conflicts, unsaved text and the page to show next."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from audit import clock
from web.callers import actor_of
from web.drafts import discard_draft, is_draft, keep_draft, show_draft
from web.forms import GovukForm
from web.refusals import is_conflict, refuse
from web.storage import lacks_space
from web.temporary_files import store_files

PAGE_OR_FORM = require_http_methods(["GET", "HEAD", "POST"])
INVALID, CONFLICT, NO_SPACE = 422, 409, 507


def refused(
    request: HttpRequest,
    *,
    caption: str,
    heading: str,
    text: str,
    back: str,
    back_text: str,
    status: int = CONFLICT,
    **context: Any,
) -> HttpResponse:
    """Explain why the page cannot be shown, and link back."""
    context |= {"caption": caption, "heading": heading, "text": text, "back": back, "back_text": back_text}
    return render(request, "web/refused.html", context, status=status)


def answer(
    request: HttpRequest,
    form: GovukForm,
    *,
    service: Callable[..., Any],
    done: str | Callable[[Any], str],
    leads_to: Callable[[Any], str | HttpResponse],
    template: str = "web/form_page.html",
    row: Any = None,
    describe: Callable[[Any], Mapping[str, Any]] = lambda row: {},
    catch_up: Callable[[int], tuple[Any, list[Any]]] | None = None,
    saves_itself: bool = False,
    **context: Any,
) -> HttpResponse:
    """Show the form; on a POST call the service with its data, and show the form again with the errors.

    Args:
        service: takes actor, at and the form's cleaned data by name.
        done: the banner on the next page, or a function that returns it from what the service returned.
        leads_to: returns the address of the next page, or the page itself, from what the service returned.
        row: what the page is about; where the form carries a version, it is this row's.
        describe: returns what the template shows of a row, with its marking.
        catch_up: takes the version that the form was opened on; reads the row again and returns it with what
            happened since.
        saves_itself: the form is long: a draft of it is saved while somebody types.
    """
    if saves_itself and is_draft(request):
        return keep_draft(request)
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                result = service(actor=actor_of(request), at=clock.now(), **form.cleaned_data)
            except ValidationError as error:
                refuse(form, error)
                status = status_of(error)
            else:
                if saves_itself:
                    discard_draft(request)
                target = leads_to(result)
                if isinstance(target, HttpResponse):
                    return target
                messages.success(request, done(result) if callable(done) else done)
                return redirect(target)
        store_files(request, form)
    if status == CONFLICT and catch_up is not None and "version" in form.fields:
        row, context["changes"] = catch_up(form.cleaned_data.get("version", row.version))
        _take_version(form, row.version)
    context |= {"form": form, "saves_itself": saves_itself}
    response = render(request, template, context | dict(describe(row)), status=status)
    if saves_itself and request.method == "GET":
        show_draft(request, response)
    return response


def press(request: HttpRequest, service: Callable[..., Any], *, done: str, leads_to: str) -> HttpResponse:
    """Call a service for a button without a form, and lead to a page that says what was done or refused."""
    try:
        service(actor=actor_of(request), at=clock.now())
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, done)
    return redirect(leads_to)


def status_of(error: ValidationError) -> int:
    """Return the status of a page whose service refused."""
    if lacks_space(error):
        return NO_SPACE
    return CONFLICT if is_conflict(error) or getattr(error, "code", None) == "state" else INVALID


def _take_version(form: Any, version: int) -> None:
    """Let the form apply to the row as it is now when it is sent again."""
    form.data = form.data.copy()
    form.data["version"] = str(version)
