"""Pages of saved views: save, change, delete, watch, and see what changed in them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from actions.history.views import rights
from actions.lists.filters import filter_pairs
from actions.lists.views.listing import list_actions
from actions.saved_views import policies
from actions.saved_views.forms import SavedViewForm, saved_view_initial
from actions.saved_views.models import SavedView
from actions.saved_views.services import (
    News,
    change_view,
    create_view,
    delete_view,
    mark_viewed,
    news,
    stop_watching,
    watch_view,
)
from audit import clock
from partners.models import Partnership
from partners.policies import SEES_THE_WORK
from standards import marking
from web.pages import CONFLICT, INVALID, PAGE_OR_FORM, forbid
from web.refusals import refuse

MORE_NEWS = "There are newer changes. Look at them, then mark them as seen."


@PAGE_OR_FORM
def saved_view_create(request: HttpRequest) -> HttpResponse:
    """Save the filters and sort order of the query string as a view."""
    here = rights(request).partnerships(*SEES_THE_WORK)
    forbid(policies.why_not_save_view(rights(request)))
    on, query = clock.today(), filter_pairs(request.GET)
    listing = list_actions(request.user, request.GET, on)
    if not query or listing.errors:
        messages.warning(request, "Filter or sort the list first, then save it as a view.")
        return redirect("actions:action-list")
    partnerships = Partnership.objects.visible_to(request.user, on).filter(pk__in=here)
    form = SavedViewForm(request.POST or None, partnerships=partnerships)
    if request.method == "POST" and form.is_valid():
        fields = {"partnership": partnerships[0], **form.cleaned_data}
        try:
            view = create_view(actor=request.user, query=query, at=clock.now(), **fields)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, f"View “{view.name}” saved.")
            return redirect("actions:saved-view", view.pk)
    back = f"{reverse('actions:action-list')}?{request.GET.urlencode()}"
    context = {"form": form, "heading": "Save this view", "back": back, "listing": listing}
    return _form_page(request, context)


@require_safe
def saved_view_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a view's filters, and what changed in it since its watcher last looked."""
    return _page(request, _find_view(request, pk))


@PAGE_OR_FORM
def saved_view_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a view, or share it."""
    view = _changeable(request, pk)
    form = SavedViewForm(request.POST or None, initial=saved_view_initial(view))
    if request.method == "POST" and form.is_valid():
        try:
            change_view(actor=request.user, view=view, at=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, "View changed.")
            # A manager who stops sharing another person's view no longer sees it.
            visible = SavedView.objects.visible_to(request.user, clock.today()).filter(pk=pk)
            return redirect("actions:saved-view", pk) if visible else redirect("actions:action-list")
    listing = list_actions(request.user, QueryDict(view.query_string), clock.today())
    back = reverse("actions:saved-view", args=[pk])
    context = {"form": form, "heading": f"Change the view “{view.name}”", "back": back, "listing": listing}
    return _form_page(request, context)


@require_POST
def saved_view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a view."""
    view = _changeable(request, pk)
    delete_view(actor=request.user, view=view, at=clock.now())
    messages.success(request, f"View “{view.name}” deleted.")
    return redirect("actions:action-list")


@require_POST
def saved_view_watch(request: HttpRequest, pk: int) -> HttpResponse:
    """Start notifying the reader of changes in a view, or stop with `stop`."""
    view = _find_view(request, pk)
    if "stop" in request.POST:
        stop_watching(actor=request.user, view=view)
        messages.success(request, "You will no longer be notified of changes in this view.")
        return redirect("actions:saved-view", pk)
    try:
        watch_view(actor=request.user, view=view, at=clock.now())
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, "You will be notified when actions join, leave or change in this view.")
    return redirect("actions:saved-view", pk)


@require_POST
def saved_view_viewed(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the news that the page showed as seen, and no newer."""
    view = _find_view(request, pk)
    current = _news(request, view)
    if current is None:
        return redirect("actions:saved-view", pk)
    if current.digest != request.POST.get("digest"):
        messages.warning(request, MORE_NEWS)
        return _page(request, view, status=CONFLICT)
    mark_viewed(actor=request.user, news=current, at=clock.now())
    return redirect("actions:saved-view", pk)


def _find_view(request: HttpRequest, pk: int) -> SavedView:
    views = SavedView.objects.visible_to(request.user, clock.today())
    return get_object_or_404(views.select_related("owner", "partnership"), pk=pk)


def _changeable(request: HttpRequest, pk: int) -> SavedView:
    view = _find_view(request, pk)
    forbid(policies.why_not_change_view(rights(request), view))
    return view


def _news(request: HttpRequest, view: SavedView) -> News | None:
    return next(iter(news(user=request.user, on=clock.today(), since="viewed_mark", view=view)), None)


def _page(request: HttpRequest, view: SavedView, status: int = 200) -> HttpResponse:
    listing = list_actions(request.user, QueryDict(view.query_string), clock.today())
    current = _news(request, view)
    context = {
        "view": view,
        "listing": listing,
        "own": view.owner_id == request.user.pk,
        "may_change": not policies.why_not_change_view(rights(request), view),
        "watched": view.watches.filter(user=request.user).exists(),
        "news": current,
        "page_marking": marking.highest(action.marking for action in (current.actions if current else ())),
    }
    return render(request, "actions/saved_views/saved_view.html", context, status=status)


def _form_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    status = INVALID if context["form"].errors else 200
    return render(request, "actions/saved_views/saved_view_form.html", context, status=status)
