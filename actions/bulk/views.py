"""Bulk change: select actions on the list, choose the change, check the preview, confirm."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

from actions.bulk.forms import VALUES, BulkChangeForm, ConfirmForm, ValueForm
from actions.bulk.services import (
    BULK_CHANGES,
    JOINED,
    MOST,
    available_changes,
    change_many,
    changed_ids,
    preview_change,
    visible_actions,
)
from actions.core.models import Action
from actions.core.policies import why_not_change_many, why_not_manage
from actions.history import views as change
from actions.history.services import Event, changes_since
from actions.lists.views.listing import list_actions
from audit import clock
from audit.actors import Reader
from standards import marking
from web.callers import actor_of
from web.filters import ids_in
from web.language import lazy_text
from web.pages import CONFLICT, INVALID, PAGE_OR_FORM
from web.refusals import refuse

ALL = "all"
# Query parameters of this page, beside the filters of the list.
OWN = ("scope", "action", "change", "page")

UNREADABLE = lazy_text("The preview has expired. Check the changes again, then confirm.")
# How many changed actions are listed one by one.
MOST_LISTED = 10
# Each action takes 4 to 15 ms, and more on a slow machine. A shorter wait is not worth a word.
PER_SECOND, QUICK_SECONDS = 50, 3


@dataclass(frozen=True)
class Selection:
    """The actions that a query selects, or why it selects none."""

    query: QueryDict
    actions: Sequence[Action] = ()
    problem: str = ""

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The query parameters that a form sends again to keep the selection."""
        return [(name, value) for name, values in self.query.lists() if name != "change" for value in values]

    @property
    def wait(self) -> str:
        """How long a change of so many actions takes, in words; empty where it is quick."""
        seconds = len(self.actions) / PER_SECOND
        if seconds < QUICK_SECONDS:
            return ""
        return gettext("This takes up to {seconds} seconds. Keep this page open.").format(
            seconds=5 * ceil(seconds / 5)
        )

    @property
    def list_address(self) -> str:
        filters = self.query.copy()
        for name in OWN:
            filters.pop(name, None)
        return reverse("actions:action-list") + (f"?{filters.urlencode()}" if filters else "")

    @property
    def choose_address(self) -> str:
        """Where another change is chosen for the same actions."""
        query = self.query.copy()
        query.pop("change", None)
        return f"?{query.urlencode()}"

    @property
    def form_address(self) -> str:
        """Where another value is chosen for the same change."""
        return f"?{self.query.urlencode()}"


@dataclass(frozen=True)
class Preview:
    """A preview's change, the versions of the actions it changes, the actions it leaves out, and the new value.

    The page carries it signed, so that a person confirms only what they were shown.
    """

    name: str
    versions: dict[int, int]
    excluded: list[int]
    value: dict[str, str]

    def signed(self, user: Reader) -> str:
        rows = [self.name, list(self.versions.items()), self.excluded, self.value]
        return _signer(user).sign_object(rows, compress=True)

    @classmethod
    def read(cls, text: str, user: Reader) -> "Preview":
        """Read what `signed` wrote.

        Raises:
            BadSignature: for anything that was not shown to the user.
        """
        name, versions, excluded, value = _signer(user).unsign_object(text)
        return cls(name, dict(versions), excluded, value)


def _signer(user: Reader) -> Signer:
    return Signer(salt=f"actions.bulk.{user.pk}")


@PAGE_OR_FORM
def action_bulk(request: HttpRequest) -> HttpResponse:
    """Make one change to many actions of the list."""
    change.forbid(why_not_change_many(change.rights(request)))
    if request.method == "POST" and "preview" in request.POST:
        return _confirm(request)
    selection = selection_of(request)
    if selection.problem:
        return _choose(request, selection, None)
    available = available_changes(rights=change.rights(request), partnership=selection.actions[0].partnership)
    if (name := request.GET.get("change")) in BULK_CHANGES and name not in available:
        change.forbid(why_not_manage(change.rights(request), selection.actions[0].partnership_id))
    suitable = {name: each for name, each in available.items() if any(map(each.suits, selection.actions))}
    choice = BulkChangeForm(request.GET if "change" in request.GET else None, bulk_changes=suitable)
    if not choice.is_bound or not choice.is_valid():
        return _choose(request, selection, choice)
    name = choice.cleaned_data["change"]
    form = _value_form(request, name, selection.actions, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask_value(request, selection, name, form)
    return _preview(request, name, selection.actions, form)


# The selection ----------------------------------------------------------------------------------------------


def selection_of(request: HttpRequest) -> Selection:
    """Return the actions that were ticked, or all that match the filter."""
    query = request.GET
    if query.get("scope") == ALL:
        listing = list_actions(request.user, query, clock.today())
        if listing.errors:
            return Selection(
                query, problem=gettext("Go back and correct the filter, then select the actions again")
            )
        rows = list(listing.rows.select_related(*JOINED)[: MOST + 1])
    else:
        rows = _ticked(request, query.getlist("action"))
    if not rows:
        return Selection(query, problem=gettext("Select at least one action"))
    if len(rows) > MOST:
        return Selection(
            query, problem=gettext("Narrow the filter to {most} actions or fewer").format(most=MOST)
        )
    if len({action.partnership_id for action in rows}) > 1:
        return Selection(
            query, problem=gettext("Select actions of one partnership at a time. Narrow the filter to a plan")
        )
    return Selection(query, rows)


def _ticked(request: HttpRequest, ids: list[str]) -> list[Action]:
    rows = list(visible_actions(actor=actor_of(request), on=clock.today()).filter(pk__in=ids_in(ids)))
    if len(rows) < len(set(ids)):
        raise Http404(gettext("A selected action does not exist"))
    return rows


# The steps --------------------------------------------------------------------------------------------------


def _choose(request: HttpRequest, selection: Selection, form: BulkChangeForm | None) -> HttpResponse:
    context = {
        "form": form,
        "selection": selection,
        "errors": [{"href": "", "text": selection.problem}] if selection.problem else [],
        "page_marking": _marking(selection.actions),
    }
    status = INVALID if selection.problem or (form and form.errors) else 200
    return render(request, "actions/bulk/choose.html", context, status=status)


def _ask_value(request: HttpRequest, selection: Selection, name: str, form: ValueForm) -> HttpResponse:
    context = {
        "form": form,
        "selection": selection,
        "bulk_change": BULK_CHANGES[name],
        "page_marking": _marking(selection.actions),
    }
    return render(request, "actions/bulk/form.html", context, status=INVALID if form.errors else 200)


def _preview(
    request: HttpRequest,
    name: str,
    actions: Sequence[Action],
    value: ValueForm,
    rejection: "Rejection | None" = None,
) -> HttpResponse:
    """Show the new value of each action; after a rejected confirmation, also the reason and the text."""
    outcomes = preview_change(
        actor=actor_of(request), name=name, actions=actions, at=clock.now(), **value.cleaned_data
    )
    possible = [outcome for outcome in outcomes if not outcome.problem]
    refused = [outcome for outcome in outcomes if outcome.problem]
    preview = Preview(
        name,
        {outcome.action.pk: outcome.action.version for outcome in possible},
        [outcome.action.pk for outcome in refused],
        {field: text for field, text in value.data.items() if field.startswith(tuple(value.fields))},
    )
    context = {
        "bulk_change": BULK_CHANGES[name],
        "possible": possible,
        "refused": refused,
        "form": _confirmation(request, preview, rejection),
        "selection": Selection(request.GET, actions),
        "rejection": rejection,
        "page_marking": _marking(actions),
    }
    status = rejection.status if rejection else 200
    return render(request, "actions/bulk/preview.html", context, status=status)


def _confirmation(request: HttpRequest, preview: Preview, rejection: "Rejection | None") -> ConfirmForm:
    shape: dict[str, Any] = {"excluded": len(preview.excluded), "question": preview.name == "update"}
    if rejection is None:
        return ConfirmForm(initial={"preview": preview.signed(request.user)}, **shape)
    data = request.POST.copy()
    data["preview"] = preview.signed(request.user)
    if set(preview.excluded) != set(rejection.preview.excluded):
        data.pop("leave_out", None)
    form = ConfirmForm(data, **shape)
    if rejection.error is not None:
        refuse(form, rejection.error)
    return form


# Confirming a preview ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rejection:
    """Why a confirmation changed nothing: its preview, the error, and what happened to the actions since.

    `not_shown` counts changed actions that are not listed, `gone` those the user no longer sees.
    """

    preview: Preview
    error: ValidationError | None = None
    status: int = INVALID
    changed: Sequence[tuple[Action, list[Event]]] = ()
    not_shown: int = 0
    gone: int = 0


def _confirm(request: HttpRequest) -> HttpResponse:
    try:
        preview = Preview.read(request.POST["preview"], request.user)
    except (BadSignature, ValueError):
        return _choose(request, Selection(request.GET, problem=UNREADABLE), None)
    pks = [*preview.versions, *preview.excluded]
    actions = list(visible_actions(actor=actor_of(request), on=clock.today()).filter(pk__in=pks))
    if not actions:
        raise Http404(gettext("None of the selected actions exists"))
    partnership = actions[0].partnership
    if preview.name not in available_changes(rights=change.rights(request), partnership=partnership):
        change.forbid(why_not_manage(change.rights(request), partnership.pk))
    value = _value_form(request, preview.name, actions, preview.value)
    if not value.is_valid():
        return _ask_value(request, Selection(request.GET, actions), preview.name, value)
    form = ConfirmForm(request.POST, excluded=len(preview.excluded))
    error = None
    if form.is_valid():
        try:
            changed = change_many(
                actor=actor_of(request),
                name=preview.name,
                partnership=partnership,
                versions=preview.versions,
                reason=form.cleaned_data["reason"],
                at=clock.now(),
                **value.cleaned_data,
            )
        except ValidationError as refusal:
            error = refusal
        else:
            messages.success(request, _banner(preview.name, len(changed)))
            return redirect(Selection(request.GET).list_address)
    return _preview(request, preview.name, actions, value, _reject(request, preview, actions, error))


def _reject(
    request: HttpRequest, preview: Preview, actions: Sequence[Action], error: ValidationError | None
) -> Rejection:
    ids = set(changed_ids(actor=actor_of(request), versions=preview.versions, on=clock.today()))
    visible = [action for action in actions if action.pk in ids]
    changed = [
        (action, changes_since(actor=actor_of(request), action=action, version=preview.versions[action.pk]))
        for action in visible[:MOST_LISTED]
    ]
    conflict = bool(ids) or getattr(error, "code", None) in {"conflict", "state"}
    return Rejection(
        preview,
        error,
        CONFLICT if conflict else INVALID,
        changed=changed,
        not_shown=len(visible) - len(changed),
        gone=len(ids) - len(visible),
    )


def _value_form(request: HttpRequest, name: str, actions: Sequence[Action], data: Any) -> ValueForm:
    return VALUES[name](data, actions=actions, user=request.user, on=clock.today())


def _banner(name: str, number: int) -> str:
    """Return the banner; after an allocation with a link to My work, which lists what awaits allocation."""
    text = ngettext("{number} action: {done}.", "{number} actions: {done}.", number).format(
        number=number, done=BULK_CHANGES[name].done
    )
    if name != "allocate":
        return text
    return format_html(
        '{} <a class="govuk-notification-banner__link" href="{}">{}</a>',
        text,
        resolve_url(settings.LOGIN_REDIRECT_URL),
        gettext("Go to My work"),
    )


def _marking(actions: Sequence[Action]) -> str:
    return marking.highest(action.marking for action in actions)
