"""Views of the action list: kept under a name, shared, watched, and what is new in them."""

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
    mark_seen,
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

MORE_NEWS = "Something else happened meanwhile. Look again, then say that you have seen it."


@PAGE_OR_FORM
def saved_view_create(request: HttpRequest) -> HttpResponse:
    """Keep what the query string asks of the action list."""
    here = rights(request).partnerships(*SEES_THE_WORK)
    forbid(policies.why_not_save_view(rights(request)))
    on, query = clock.today(), filter_pairs(request.GET)
    asked = list_actions(request.user, request.GET, on)
    if not query or asked.errors:
        messages.warning(request, "Choose what the list shows, then save it as a view.")
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
            messages.success(request, f"The view “{view.name}” is saved.")
            return redirect("actions:saved-view", view.pk)
    back = f"{reverse('actions:action-list')}?{request.GET.urlencode()}"
    context = {"form": form, "heading": "Save this view", "back": back, "asked": asked}
    return _form_page(request, context)


@require_safe
def saved_view_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a view asks, and to who watches it what is new since they last looked."""
    return _page(request, _found(request, pk))


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
            messages.success(request, "The view is changed.")
            # Who took a view of another back from the partnership no longer sees it.
            still = SavedView.objects.visible_to(request.user, clock.today()).filter(pk=pk)
            return redirect("actions:saved-view", pk) if still else redirect("actions:action-list")
    asked = list_actions(request.user, QueryDict(view.query_string), clock.today())
    back = reverse("actions:saved-view", args=[pk])
    context = {"form": form, "heading": f"Change the view “{view.name}”", "back": back, "asked": asked}
    return _form_page(request, context)


@require_POST
def saved_view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a view."""
    view = _changeable(request, pk)
    delete_view(actor=request.user, view=view, at=clock.now())
    messages.success(request, f"The view “{view.name}” is deleted.")
    return redirect("actions:action-list")


@require_POST
def saved_view_watch(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to tell the reader what is new in a view, or with `stop` tell it no longer."""
    view = _found(request, pk)
    if "stop" in request.POST:
        stop_watching(actor=request.user, view=view)
        messages.success(request, "You are no longer told what is new in this view.")
        return redirect("actions:saved-view", pk)
    try:
        watch_view(actor=request.user, view=view, at=clock.now())
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, "You are told from now on what enters, leaves or changes in this view.")
    return redirect("actions:saved-view", pk)


@require_POST
def saved_view_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the reader has seen the news the page showed, and no other."""
    view = _found(request, pk)
    found = _news(request, view)
    if found is None:
        return redirect("actions:saved-view", pk)
    if found.digest != request.POST.get("digest"):
        messages.warning(request, MORE_NEWS)
        return _page(request, view, status=CONFLICT)
    mark_seen(actor=request.user, news=found, at=clock.now())
    return redirect("actions:saved-view", pk)


def _found(request: HttpRequest, pk: int) -> SavedView:
    views = SavedView.objects.visible_to(request.user, clock.today())
    return get_object_or_404(views.select_related("owner", "partnership"), pk=pk)


def _changeable(request: HttpRequest, pk: int) -> SavedView:
    view = _found(request, pk)
    forbid(policies.why_not_change_view(rights(request), view))
    return view


def _news(request: HttpRequest, view: SavedView) -> News | None:
    found = news(user=request.user, on=clock.today(), since="seen", view=view)
    return found[0] if found else None


def _page(request: HttpRequest, view: SavedView, status: int = 200) -> HttpResponse:
    asked = list_actions(request.user, QueryDict(view.query_string), clock.today())
    found = _news(request, view)
    context = {
        "view": view,
        "asked": asked,
        "own": view.owner_id == request.user.pk,
        "may_change": not policies.why_not_change_view(rights(request), view),
        "watched": view.watches.filter(user=request.user).exists(),
        "news": found,
        "page_marking": marking.highest(action.marking for action in (found.actions if found else ())),
    }
    return render(request, "actions/saved_views/saved_view.html", context, status=status)


def _form_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    status = INVALID if context["form"].errors else 200
    return render(request, "actions/saved_views/saved_view_form.html", context, status=status)
