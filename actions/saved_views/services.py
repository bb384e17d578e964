"""Views of the action list that people keep, share and watch, and what is new in them."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet

from actions.core.models import Action
from actions.history.services import TITLES
from actions.lists.filters import rows_of
from actions.saved_views import policies
from actions.saved_views.models import SavedView, Watch
from audit.clock import london_date
from audit.models import Entry
from audit.services import append, writing
from audit.state import state_of
from partners.models import Partnership
from partners.policies import rights_of

# More than this in a view is news of everything, and so of nothing.
WATCHED = 1000


def create_view(
    *,
    actor: Any,
    partnership: Partnership,
    name: str,
    query: Sequence[tuple[str, str]],
    at: datetime,
    shared: bool = False,
) -> SavedView:
    """Keep a question to the action list under a name.

    Args:
        query: filters and sort order, as `actions.lists.filters.kept` returns them.

    Raises:
        PermissionDenied: unless the actor sees the partnership's work.
        ValidationError: keyed by field: no name or one that they used already, no filter.
    """
    if reason := policies.why_not_save_view(rights_of(actor, london_date(at)), partnership.pk):
        raise PermissionDenied(reason)
    if not query:
        raise ValidationError("Choose a filter or an order first: this is the whole list.")
    pairs = [list(pair) for pair in query]
    with writing(partnership.ledger_id) as ledger:
        view = SavedView(owner=actor, partnership=partnership, name=name, query=pairs, shared=shared)
        view.created_at = at
        view.full_clean()
        view.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="view.saved", target=view)
    return view


def change_view(*, actor: Any, view: SavedView, name: str, shared: bool, at: datetime) -> SavedView:
    """Rename a view, or share it with the partnership or no longer.

    Raises:
        PermissionDenied: unless the actor made it, or manages the plans of the partnership it is shared with.
        ValidationError: keyed by field.
    """
    with writing(view.partnership.ledger_id) as ledger:
        view = _changeable(actor, view, at)
        before = state_of(view)
        view.name, view.shared = name, shared
        view.full_clean()
        if state_of(view) != before:
            view.save(update_fields=["name", "shared"])
            append(actor=actor, ledger=ledger, at=at, verb="view.changed", target=view, before=before)
    return view


def delete_view(*, actor: Any, view: SavedView, at: datetime) -> None:
    """Delete a view, and with it everybody's wish to be told of it. No action is touched.

    Raises:
        PermissionDenied: unless the actor made it, or manages the plans of the partnership it is shared with.
    """
    with writing(view.partnership.ledger_id) as ledger:
        view = _changeable(actor, view, at)
        before = state_of(view)
        append(
            actor=actor, ledger=ledger, at=at, verb="view.deleted", target=view, before=before, removed=True
        )
        view.delete()


def _changeable(actor: Any, view: SavedView, at: datetime) -> SavedView:
    locked = SavedView.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=view.pk)
    if reason := policies.why_not_change_view(rights_of(actor, london_date(at)), locked):
        raise PermissionDenied(reason)
    return locked


# Watching -----------------------------------------------------------------------------------------------------


def watch_view(*, actor: Any, view: SavedView, at: datetime) -> Watch:
    """Tell the actor from now on what enters, leaves or changes in a view. Asked again, it starts no new watch.

    Raises:
        ValidationError: where the view holds more than can be told, or asks for what the actor cannot choose.
    """
    with writing(view.partnership.ledger_id) as ledger:
        if not SavedView.objects.visible_to(actor, london_date(at)).filter(pk=view.pk).exists():
            raise PermissionDenied("There is no such view for you.")
        ids = _ids(rows_of(view, user=actor, on=london_date(at)))
        if ids is None:
            raise ValidationError("This view asks for something that you cannot choose.", code="state")
        if len(ids) > WATCHED:
            raise ValidationError(
                f"This view holds {len(ids)} actions. Narrow it to {WATCHED} or fewer first.", code="state"
            )
        mark = {"sequence": ledger.sequence, "ids": ids}
        given = {"since": at, "told": mark, "seen": mark, "seen_at": at}
        return Watch.objects.get_or_create(user=actor, view=view, defaults=given)[0]


def stop_watching(*, actor: Any, view: SavedView) -> None:
    """Tell the actor no longer. Where they were not told, nothing happens."""
    Watch.objects.filter(user=actor, view=view).delete()


# News ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """An action with what was done about it, in words, and by whom; both empty where only time passed."""

    action: Action
    what: tuple[str, ...] = ()
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class News:
    """What entered, left or changed in a watched view by somebody else's hand, or because time passed.

    `mark` is what its reader knows once they were told.
    """

    watch: Watch
    entered: list[Told] = field(default_factory=list)
    left: list[Told] = field(default_factory=list)
    changed: list[Told] = field(default_factory=list)
    mark: dict[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.entered or self.left or self.changed)

    @property
    def view(self) -> SavedView:
        return self.watch.view

    @property
    def actions(self) -> list[Action]:
        return [told.action for told in (*self.entered, *self.left, *self.changed)]

    @property
    def digest(self) -> str:
        """What tells this news from any other: of the same actions at the same versions."""
        kinds = (self.entered, self.left, self.changed)
        said = [[(told.action.pk, told.action.version) for told in kind] for kind in kinds]
        return hashlib.sha256(repr(said).encode()).hexdigest()


def news(*, user: Any, on: date, since: str = "told", view: SavedView | None = None) -> list[News]:
    """Return the news of each view that the user watches, also where there is none: `News` is false then.

    Actions are those that the user sees on the day. What only the user did is no news to them.

    Args:
        since: `told` by notice, or `seen` on the view's page.
        view: only of this one.
    """
    watches = Watch.objects.visible_to(user, on).select_related("user", "view__partnership__ledger")
    if view is not None:
        watches = watches.filter(view=view)
    found = (_news(watch, user, on, getattr(watch, since)) for watch in watches)
    return [each for each in found if each is not None]


def mark_told(*, actor: Any, news: Iterable[News]) -> None:
    """Note that the watches' users were told: the next news begins after it. Give it the empty ones too.

    Raises:
        PermissionDenied: unless the actor is the system, or it is their own watch.
    """
    for each in news:
        _mark(actor, each, told=each.mark)


def mark_seen(*, actor: Any, news: News, at: datetime) -> None:
    """Note that the user looked at the news on the page: no notice tells it again.

    Raises:
        PermissionDenied: unless it is the actor's own watch.
    """
    _mark(actor, news, seen=news.mark, told=news.mark, seen_at=at)


def _mark(actor: Any, news: News, **fields: Any) -> None:
    if actor.actor_type != "system" and actor.pk != news.watch.user_id:
        raise PermissionDenied("Everybody says for themselves what they were told.")
    with transaction.atomic():
        watch = Watch.objects.select_for_update().filter(pk=news.watch.pk).first()
        # A mail that was on its way while its reader looked takes nothing back.
        if watch is not None and watch.told["sequence"] <= news.mark["sequence"]:
            Watch.objects.filter(pk=watch.pk).update(**fields)


def _ids(rows: QuerySet[Action] | None) -> list[int] | None:
    return None if rows is None else sorted(rows.order_by().values_list("pk", flat=True))


def _news(watch: Watch, user: Any, on: date, known: dict[str, Any]) -> News | None:
    """Compare a view with what was known of it; nothing where it asks for what the user cannot choose any more."""
    # Read before the rows: what is changed in between is told once more rather than never.
    sequence = watch.view.partnership.ledger.sequence
    ids = _ids(rows_of(watch.view, user=user, on=on))
    if ids is None:
        return None
    before, after = set(known["ids"]), set(ids)
    done = _done(watch.view, before | after, known["sequence"])
    own = {pk for pk, entries in done.items() if all(_is_by(entry, user) for entry in entries)}
    gone, come = before - after - own, after - before - own
    touched = (before & after & done.keys()) - own
    seen = Action.objects.visible_to(user, on).select_related("plan").order_by("ref")
    rows = {row.pk: row for row in seen.filter(pk__in=gone | come | touched)}

    def told(pks: Collection[int]) -> list[Told]:
        return [_told(row, done.get(pk, ()), user) for pk, row in rows.items() if pk in pks]

    return News(watch, told(come), told(gone), told(touched), {"sequence": sequence, "ids": ids})


def _done(view: SavedView, pks: Collection[int], sequence: int) -> dict[int, list[Entry]]:
    """Return the entries about the actions after a sequence, by the action, in their order."""
    entries = Entry.objects.filter(
        ledger=view.partnership.ledger_id,
        target_type=Action._meta.label_lower,
        target_id__in=[str(pk) for pk in pks],
        sequence__gt=sequence,
    ).order_by("sequence")
    found: dict[int, list[Entry]] = {}
    for entry in entries.only("target_id", "actor_type", "actor_id", "actor_label", "verb"):
        found.setdefault(int(entry.target_id), []).append(entry)
    return found


def _is_by(entry: Entry, user: Any) -> bool:
    return entry.actor_type == user.actor_type and entry.actor_id == str(user.pk)


def _told(action: Action, entries: Iterable[Entry], user: Any) -> Told:
    others = [entry for entry in entries if not _is_by(entry, user)]
    what = dict.fromkeys(TITLES.get(entry.verb, "Changed") for entry in others)
    return Told(action, tuple(what), tuple(dict.fromkeys(entry.actor_label for entry in others)))
