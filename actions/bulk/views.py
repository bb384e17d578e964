"""Many actions changed at once: select on the list, say what, look at what would become of each, confirm."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.html import format_html

from actions.bulk import policies
from actions.bulk.forms import VALUES, BulkChangeForm, ConfirmForm, ValueForm
from actions.bulk.services import (
    BULK_CHANGES,
    JOINED,
    MOST,
    change_many,
    moved_since,
    offered,
    preview_change,
    seen_by,
)
from actions.core.models import Action
from actions.core.policies import why_not_manage
from actions.history import views as change
from actions.history.services import Event, changes_since
from actions.lists.views.listing import list_actions
from audit import clock
from standards import marking
from web.pages import CONFLICT, INVALID, PAGE_OR_FORM
from web.refusals import refuse

ALL = "all"
# What the query says besides the filters of the list.
OWN = ("scope", "action", "errand", "page")

UNREADABLE = "What was shown to you cannot be read any more. Look at it again, then confirm."
# How many changed actions are told about one by one.
TOLD = 10


@dataclass(frozen=True)
class Selection:
    """The actions that a query stands for, and the query; with a problem, none that can be worked on."""

    query: QueryDict
    actions: Sequence[Action] = ()
    problem: str = ""

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form carries along so that the selection stays."""
        return [(name, value) for name, values in self.query.lists() if name != "errand" for value in values]

    @property
    def list_address(self) -> str:
        filters = self.query.copy()
        for name in OWN:
            filters.pop(name, None)
        return reverse("actions:action-list") + (f"?{filters.urlencode()}" if filters else "")

    @property
    def choose_address(self) -> str:
        """Where something else is chosen to be done to the same actions."""
        given = self.query.copy()
        given.pop("errand", None)
        return f"?{given.urlencode()}"

    @property
    def form_address(self) -> str:
        """Where another value is chosen for the same errand."""
        return f"?{self.query.urlencode()}"


@dataclass(frozen=True)
class Seen:
    """What a preview showed: the versions of what would change, what cannot be changed, and what was to be set.

    It goes with the page and comes back signed, so that what is confirmed is what was shown, to the same person.
    """

    errand: str
    versions: dict[int, int]
    left_out: list[int]
    value: dict[str, str]

    def signed(self, user: Any) -> str:
        rows = [self.errand, list(self.versions.items()), self.left_out, self.value]
        return _signer(user).sign_object(rows, compress=True)

    @classmethod
    def read(cls, text: str, user: Any) -> "Seen":
        """Raises BadSignature for anything that was not shown to the user."""
        errand, versions, left_out, value = _signer(user).unsign_object(text)
        return cls(errand, dict(versions), left_out, value)


def _signer(user: Any) -> Signer:
    return Signer(salt=f"actions.bulk.{user.pk}")


@PAGE_OR_FORM
def action_bulk(request: HttpRequest) -> HttpResponse:
    """Do one thing to many actions of the list."""
    change.forbid(policies.why_not_change_many(change.rights(request)))
    if request.method == "POST" and "seen" in request.POST:
        return _confirm(request)
    selection = _selected(request)
    if selection.problem:
        return _choose(request, selection, None)
    errands = offered(rights=change.rights(request), partnership=selection.actions[0].partnership)
    if (chosen := request.GET.get("errand")) in BULK_CHANGES and chosen not in errands:
        change.forbid(why_not_manage(change.rights(request), selection.actions[0].partnership_id))
    suited = {name: each for name, each in errands.items() if any(map(each.suits, selection.actions))}
    choice = BulkChangeForm(request.GET if "errand" in request.GET else None, errands=suited)
    if not choice.is_bound or not choice.is_valid():
        return _choose(request, selection, choice)
    errand = choice.cleaned_data["errand"]
    form = _value_form(request, errand, selection.actions, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask_value(request, selection, errand, form)
    return _preview(request, errand, selection.actions, form)


# The selection ----------------------------------------------------------------------------------------------


def _selected(request: HttpRequest) -> Selection:
    """Read which actions the query means: those ticked, or all that the filter finds."""
    query = request.GET
    if query.get("scope") == ALL:
        found = list_actions(request.user, query, clock.today())
        if found.errors:
            return Selection(
                query, problem="The filter is not right, so it selects nothing. Go back and correct it."
            )
        rows = list(found.rows.select_related(*JOINED)[: MOST + 1])
    else:
        rows = _ticked(request, query.getlist("action"))
    if not rows:
        return Selection(query, problem="Select at least one action")
    if len(rows) > MOST:
        return Selection(
            query, problem=f"You can change {MOST} actions at once, and more match. Narrow the filter."
        )
    if len({action.partnership_id for action in rows}) > 1:
        return Selection(
            query, problem="Select actions of one partnership at a time. Narrow the filter to a plan."
        )
    return Selection(query, rows)


def _ticked(request: HttpRequest, given: list[str]) -> list[Action]:
    pks = {int(pk) for pk in given if pk.isascii() and pk.isdigit() and len(pk) < len(str(2**63))}
    rows = list(seen_by(actor=request.user, on=clock.today()).filter(pk__in=pks))
    if len(rows) < len(set(given)):
        raise Http404("An action that was selected is not there")
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


def _ask_value(request: HttpRequest, selection: Selection, errand: str, form: ValueForm) -> HttpResponse:
    context = {
        "form": form,
        "selection": selection,
        "errand": BULK_CHANGES[errand],
        "page_marking": _marking(selection.actions),
    }
    return render(request, "actions/bulk/form.html", context, status=INVALID if form.errors else 200)


def _preview(
    request: HttpRequest,
    errand: str,
    actions: Sequence[Action],
    value: ValueForm,
    answer: "Answer | None" = None,
) -> HttpResponse:
    """Show what would become of each action; where the preview was answered, why nothing did, and what was typed."""
    outcomes = preview_change(
        actor=request.user, errand=errand, actions=actions, at=clock.now(), **value.cleaned_data
    )
    possible = [outcome for outcome in outcomes if not outcome.problem]
    refused = [outcome for outcome in outcomes if outcome.problem]
    seen = Seen(
        errand,
        {outcome.action.pk: outcome.action.version for outcome in possible},
        [outcome.action.pk for outcome in refused],
        {name: text for name, text in value.data.items() if name.startswith(tuple(value.fields))},
    )
    context = {
        "errand": BULK_CHANGES[errand],
        "possible": possible,
        "refused": refused,
        "form": _confirmation(request, seen, answer),
        "selection": Selection(request.GET, actions),
        "answer": answer,
        "page_marking": _marking(actions),
    }
    return render(request, "actions/bulk/preview.html", context, status=answer.status if answer else 200)


def _confirmation(request: HttpRequest, seen: Seen, answer: "Answer | None") -> ConfirmForm:
    shape: dict[str, Any] = {"left_out": len(seen.left_out), "question": seen.errand == "update"}
    if answer is None:
        return ConfirmForm(initial={"seen": seen.signed(request.user)}, **shape)
    data = request.POST.copy()
    data["seen"] = seen.signed(request.user)
    if set(seen.left_out) != set(answer.seen.left_out):
        data.pop("leave_out", None)
    form = ConfirmForm(data, **shape)
    if answer.error is not None:
        refuse(form, answer.error)
    return form


# The answer to a preview ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """A confirmation that changed nothing: what it had seen, and what happened since to how many of the actions."""

    seen: Seen
    error: ValidationError | None = None
    status: int = INVALID
    changed: Sequence[tuple[Action, list[Event]]] = ()
    untold: int = 0
    gone: int = 0


def _confirm(request: HttpRequest) -> HttpResponse:
    try:
        seen = Seen.read(request.POST["seen"], request.user)
    except (BadSignature, ValueError):
        return _choose(request, Selection(request.GET, problem=UNREADABLE), None)
    pks = [*seen.versions, *seen.left_out]
    actions = list(seen_by(actor=request.user, on=clock.today()).filter(pk__in=pks))
    if not actions:
        raise Http404("None of the actions is there any more")
    partnership = actions[0].partnership
    if seen.errand not in offered(rights=change.rights(request), partnership=partnership):
        change.forbid(why_not_manage(change.rights(request), partnership.pk))
    value = _value_form(request, seen.errand, actions, seen.value)
    if not value.is_valid():
        return _ask_value(request, Selection(request.GET, actions), seen.errand, value)
    form = ConfirmForm(request.POST, left_out=len(seen.left_out))
    error = None
    if form.is_valid():
        try:
            done = change_many(
                actor=request.user,
                errand=seen.errand,
                partnership=partnership,
                seen=seen.versions,
                reason=form.cleaned_data["reason"],
                at=clock.now(),
                **value.cleaned_data,
            )
        except ValidationError as refusal:
            error = refusal
        else:
            messages.success(request, _done(seen.errand, len(done)))
            return redirect(Selection(request.GET).list_address)
    return _preview(request, seen.errand, actions, value, _answer(request, seen, actions, error))


def _answer(
    request: HttpRequest, seen: Seen, actions: Sequence[Action], error: ValidationError | None
) -> Answer:
    moved = set(moved_since(actor=request.user, seen=seen.versions, on=clock.today()))
    there = [action for action in actions if action.pk in moved]
    told = [
        (action, changes_since(actor=request.user, action=action, version=seen.versions[action.pk]))
        for action in there[:TOLD]
    ]
    conflict = bool(moved) or getattr(error, "code", None) in {"conflict", "state"}
    return Answer(
        seen,
        error,
        CONFLICT if conflict else INVALID,
        changed=told,
        untold=len(there) - len(told),
        gone=len(moved) - len(there),
    )


def _value_form(request: HttpRequest, errand: str, actions: Sequence[Action], data: Any) -> ValueForm:
    return VALUES[errand](data, actions=actions, user=request.user, on=clock.today())


def _done(errand: str, number: int) -> str:
    """Say what was done; who allocated actions may have come from My work, which lists what awaits allocation."""
    text = f"{number} action{'' if number == 1 else 's'}: {BULK_CHANGES[errand].done}."
    if errand != "allocate":
        return text
    return format_html(
        '{} <a class="govuk-notification-banner__link" href="{}">Go to My work</a>',
        text,
        resolve_url(settings.LOGIN_REDIRECT_URL),
    )


def _marking(actions: Sequence[Action]) -> str:
    return marking.highest(action.marking for action in actions)
