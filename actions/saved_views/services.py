"""Saving, sharing and watching views of the action list, and the news in them."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from actions.core.models import Action
from actions.history.services import TITLES
from actions.lists.filters import rows_of
from actions.saved_views import policies
from actions.saved_views.models import SavedView, Watch
from audit.actors import Actor, account_of
from audit.clock import london_date
from audit.models import Entry
from audit.policies import forbid
from audit.services import append, writing
from audit.state import state_of
from partners.models import Partnership
from partners.policies import rights_of

# A larger view would have news every day.
MOST_WATCHED = 1000


def create_view(
    *,
    actor: Actor,
    partnership: Partnership,
    name: str,
    query: Sequence[tuple[str, str]],
    at: datetime,
    shared: bool = False,
) -> SavedView:
    """Save filters and sort order of the action list under a name.

    Args:
        query: filters and sort order, as `actions.lists.filters.kept` returns them.

    Raises:
        PermissionDenied: unless the actor sees the partnership's work.
        ValidationError: keyed by field, without a name or a filter, or for a name they already use.
    """
    forbid(policies.why_not_save_view(rights_of(actor, london_date(at)), partnership.pk))
    if not query:
        raise ValidationError(gettext("Choose a filter or a sort order first."))
    pairs = [list(pair) for pair in query]
    with writing(partnership.ledger_id) as ledger:
        view = SavedView(
            owner=account_of(actor), partnership=partnership, name=name, query=pairs, shared=shared
        )
        view.created_at = at
        view.full_clean()
        view.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="view.saved", target=view)
    return view


def change_view(*, actor: Actor, view: SavedView, name: str, shared: bool, at: datetime) -> SavedView:
    """Rename a view, share it with the partnership or stop sharing it.

    Raises:
        PermissionDenied: unless the actor may change it (`policies.why_not_change_view`).
        ValidationError: keyed by field.
    """
    with writing(view.partnership.ledger_id) as ledger:
        view = _lock_changeable(actor, view, at)
        before = state_of(view)
        view.name, view.shared = name, shared
        view.full_clean()
        if state_of(view) != before:
            view.save(update_fields=["name", "shared"])
            append(actor=actor, ledger=ledger, at=at, verb="view.changed", target=view, before=before)
    return view


def delete_view(*, actor: Actor, view: SavedView, at: datetime) -> None:
    """Delete a view and its watches. Actions stay the same.

    Raises:
        PermissionDenied: unless the actor may change it (`policies.why_not_change_view`).
    """
    with writing(view.partnership.ledger_id) as ledger:
        view = _lock_changeable(actor, view, at)
        before = state_of(view)
        append(
            actor=actor, ledger=ledger, at=at, verb="view.deleted", target=view, before=before, removed=True
        )
        view.delete()


def _lock_changeable(actor: Actor, view: SavedView, at: datetime) -> SavedView:
    locked = SavedView.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=view.pk)
    forbid(policies.why_not_change_view(rights_of(actor, london_date(at)), locked))
    return locked


# Watching -----------------------------------------------------------------------------------------------------


def watch_view(*, actor: Actor, view: SavedView, at: datetime) -> Watch:
    """Notify the actor from now on of what joins, leaves or changes in a view. A second call changes nothing.

    Raises:
        PermissionDenied: unless the actor may see the view.
        ValidationError: if the view has too many actions, or uses a filter that the actor cannot use.
    """
    with writing(view.partnership.ledger_id) as ledger:
        forbid(policies.why_not_watch_view(rights_of(actor, london_date(at)), view))
        ids = _ids(rows_of(view, user=actor, on=london_date(at)))
        if ids is None:
            raise ValidationError(gettext("This view uses a filter that you cannot use."), code="state")
        if len(ids) > MOST_WATCHED:
            raise ValidationError(
                gettext("This view has {number} actions. Narrow it to {most_watched} or fewer first.").format(
                    number=len(ids), most_watched=MOST_WATCHED
                ),
                code="state",
            )
        mark = {"sequence": ledger.sequence, "ids": ids}
        defaults = {"since": at, "notified_mark": mark, "viewed_mark": mark, "last_viewed_at": at}
        return Watch.objects.get_or_create(user=account_of(actor), view=view, defaults=defaults)[0]


def stop_watching(*, actor: Actor, view: SavedView) -> None:
    """Stop notifying the actor of a view. Without a watch, nothing happens."""
    Watch.objects.filter(user=account_of(actor), view=view).delete()


# News ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewsItem:
    """An action with its changes in words and their authors; both empty where only time passed."""

    action: Action
    changes: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


@dataclass(frozen=True)
class News:
    """What joined, left or changed in a watched view, by someone else or because time passed.

    `mark` is what the watch records once its user knows this news.
    """

    watch: Watch
    entered: list[NewsItem] = field(default_factory=list)
    left: list[NewsItem] = field(default_factory=list)
    changed: list[NewsItem] = field(default_factory=list)
    mark: dict[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.entered or self.left or self.changed)

    @property
    def view(self) -> SavedView:
        return self.watch.view

    @property
    def actions(self) -> list[Action]:
        return [item.action for item in (*self.entered, *self.left, *self.changed)]

    @property
    def digest(self) -> str:
        """A hash of the actions and their versions, to compare this news with other news."""
        kinds = (self.entered, self.left, self.changed)
        versions = [[(item.action.pk, item.action.version) for item in kind] for kind in kinds]
        return hashlib.sha256(repr(versions).encode()).hexdigest()


def news(*, user: Actor, on: date, since: str = "notified_mark", view: SavedView | None = None) -> list[News]:
    """Return the news of each view that the user watches, including empty news, which is false.

    It covers the actions the user sees on the day, and leaves out what only the user did.

    Args:
        since: `notified_mark`, since the latest notice, or `viewed_mark`, since the latest look at the page.
        view: only this view.
    """
    watches = Watch.objects.visible_to(user, on).select_related("user", "view__partnership__ledger")
    if view is not None:
        watches = watches.filter(view=view)
    items = (_news(watch, user, on, getattr(watch, since)) for watch in watches)
    return [item for item in items if item is not None]


def mark_notified(*, actor: Actor, news: Iterable[News]) -> None:
    """Record that the watches' users were notified: the next news begins after this, also after empty news.

    Raises:
        PermissionDenied: unless the actor is the system, or it is their own watch.
    """
    for each in news:
        _mark(actor, each, notified_mark=each.mark)


def mark_viewed(*, actor: Actor, news: News, at: datetime) -> None:
    """Record that the user saw the news on the page: no notice repeats it.

    Raises:
        PermissionDenied: unless it is the actor's own watch.
    """
    _mark(actor, news, viewed_mark=news.mark, notified_mark=news.mark, last_viewed_at=at)


def _mark(actor: Actor, news: News, **fields: Any) -> None:
    forbid(policies.why_not_mark_news(actor, news.watch))
    with transaction.atomic():
        watch = Watch.objects.select_for_update().filter(pk=news.watch.pk).first()
        # A mail sent before its reader looked at the page must not set the mark back.
        if watch is not None and watch.notified_mark["sequence"] <= news.mark["sequence"]:
            Watch.objects.filter(pk=watch.pk).update(**fields)


def _ids(rows: QuerySet[Action] | None) -> list[int] | None:
    return None if rows is None else sorted(rows.order_by().values_list("pk", flat=True))


def _news(watch: Watch, user: Actor, on: date, mark: dict[str, Any]) -> News | None:
    """Compare a view with its mark; None if it uses a filter that the user can no longer use."""
    # Read before the rows: a change in between is repeated rather than missed.
    sequence = watch.view.partnership.ledger.sequence
    ids = _ids(rows_of(watch.view, user=user, on=on))
    if ids is None:
        return None
    before, after = set(mark["ids"]), set(ids)
    entries = _entries(watch.view, before | after, mark["sequence"])
    own = {pk for pk, rows in entries.items() if all(_is_by(entry, user) for entry in rows)}
    left, entered = before - after - own, after - before - own
    changed = (before & after & entries.keys()) - own
    visible = Action.objects.visible_to(user, on).select_related("plan").order_by("ref")
    actions = {action.pk: action for action in visible.filter(pk__in=left | entered | changed)}

    def items(pks: Collection[int]) -> list[NewsItem]:
        return [_item(action, entries.get(pk, ()), user) for pk, action in actions.items() if pk in pks]

    return News(watch, items(entered), items(left), items(changed), {"sequence": sequence, "ids": ids})


def _entries(view: SavedView, pks: Collection[int], sequence: int) -> dict[int, list[Entry]]:
    """Return the entries about the actions after a sequence, in order, by action id."""
    entries = Entry.objects.filter(
        ledger=view.partnership.ledger_id,
        target_type=Action._meta.label_lower,
        target_id__in=[str(pk) for pk in pks],
        sequence__gt=sequence,
    ).order_by("sequence")
    by_action: dict[int, list[Entry]] = {}
    for entry in entries.only("target_id", "actor_type", "actor_id", "actor_label", "verb"):
        by_action.setdefault(int(entry.target_id), []).append(entry)
    return by_action


def _is_by(entry: Entry, user: Actor) -> bool:
    return entry.actor_type == user.actor_type and entry.actor_id == str(user.pk)


def _item(action: Action, entries: Iterable[Entry], user: Actor) -> NewsItem:
    others = [entry for entry in entries if not _is_by(entry, user)]
    changes = dict.fromkeys(TITLES.get(entry.verb, gettext("Changed")) for entry in others)
    return NewsItem(action, tuple(changes), tuple(dict.fromkeys(entry.actor_label for entry in others)))
