"""Pages of saved views: save, change, delete, watch, and see what changed in them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
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
from audit.policies import forbid
from partners.models import Partnership
from partners.policies import SEES_THE_WORK
from standards import marking
from web.callers import actor_of
from web.language import lazy_text
from web.pages import CONFLICT, PAGE_OR_FORM, answer, press

FORM_PAGE = "actions/saved_views/saved_view_form.html"
MORE_NEWS = lazy_text("There are newer changes. Look at them, then mark them as seen.")


@PAGE_OR_FORM
def saved_view_create(request: HttpRequest) -> HttpResponse:
    """Save the filters and sort order of the query string as a view."""
    here = rights(request).partnerships(*SEES_THE_WORK)
    forbid(policies.why_not_save_view(rights(request)))
    on, query = clock.today(), filter_pairs(request.GET)
    listing = list_actions(request.user, request.GET, on)
    if not query or listing.errors:
        messages.warning(request, gettext("Filter or sort the list first, then save it as a view."))
        return redirect("actions:action-list")
    partnerships = Partnership.objects.visible_to(request.user, on).filter(pk__in=here)
    return answer(
        request,
        SavedViewForm(request.POST or None, partnerships=partnerships),
        service=lambda **values: create_view(**{"partnership": partnerships[0], "query": query, **values}),
        template=FORM_PAGE,
        done=lambda view: gettext("View “{name}” saved.").format(name=view.name),
        leads_to=lambda view: reverse("actions:saved-view", args=[view.pk]),
        heading=gettext("Save this view"),
        back=f"{reverse('actions:action-list')}?{request.GET.urlencode()}",
        listing=listing,
    )


@require_safe
def saved_view_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a view's filters, and what changed in it since its watcher last looked."""
    return _page(request, _find_view(request, pk))


@PAGE_OR_FORM
def saved_view_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a view, or share it."""
    view = _changeable(request, pk)
    page = reverse("actions:saved-view", args=[pk])

    def next_page(_: Any) -> str:
        # A manager who stops sharing another person's view no longer sees it.
        visible = SavedView.objects.visible_to(request.user, clock.today()).filter(pk=pk)
        return page if visible else reverse("actions:action-list")

    return answer(
        request,
        SavedViewForm(request.POST or None, initial=saved_view_initial(view)),
        service=lambda **values: change_view(view=view, **values),
        template=FORM_PAGE,
        done=gettext("View changed."),
        leads_to=next_page,
        heading=gettext("Change the view “{name}”").format(name=view.name),
        back=page,
        listing=list_actions(request.user, QueryDict(view.query_string), clock.today()),
    )


@require_POST
def saved_view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a view."""
    view = _changeable(request, pk)
    delete_view(actor=actor_of(request), view=view, at=clock.now())
    messages.success(request, gettext("View “{name}” deleted.").format(name=view.name))
    return redirect("actions:action-list")


@require_POST
def saved_view_watch(request: HttpRequest, pk: int) -> HttpResponse:
    """Start notifying the reader of changes in a view, or stop with `stop`."""
    view = _find_view(request, pk)
    if "stop" in request.POST:
        stop_watching(actor=actor_of(request), view=view)
        messages.success(request, gettext("You will no longer be notified of changes in this view."))
        return redirect("actions:saved-view", pk)
    return press(
        request,
        lambda **who: watch_view(view=view, **who),
        done=gettext("You will be notified when actions join, leave or change in this view."),
        leads_to=reverse("actions:saved-view", args=[pk]),
    )


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
    mark_viewed(actor=actor_of(request), news=current, at=clock.now())
    return redirect("actions:saved-view", pk)


def _find_view(request: HttpRequest, pk: int) -> SavedView:
    views = SavedView.objects.visible_to(request.user, clock.today())
    return get_object_or_404(views.select_related("owner", "partnership"), pk=pk)


def _changeable(request: HttpRequest, pk: int) -> SavedView:
    view = _find_view(request, pk)
    forbid(policies.why_not_change_view(rights(request), view))
    return view


def _news(request: HttpRequest, view: SavedView) -> News | None:
    return next(iter(news(user=actor_of(request), on=clock.today(), since="viewed_mark", view=view)), None)


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
