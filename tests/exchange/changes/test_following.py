"""Readers that follow the feed while others write: each sees every change once, in the ledger's order."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from actions.actions.services import create_action, edit_action
from actions.models import Action
from audit.models import Entry
from audit.services import writing
from exchange.changes.services.following import follow
from partners.models import Area
from partners.organisations.services import save_reference
from tests.cast import AT, TODAY, Cast
from tests.exchange.changes.reading import end
from tests.factories import ActionFactory, submit_progress

if TYPE_CHECKING:
    from exchange.changes.services.cursors import Cursor
    from exchange.changes.services.items import Change

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6
PATIENCE = 120


class Follower:
    """Follows the feed until the writers are done and there is no more."""

    def __init__(self, actor: Any, size: int) -> None:
        self.actor, self.size = actor, size
        self.after: Cursor = end(actor)
        self.visible: list[Change] = []

    def run(self, done: threading.Event) -> None:
        while True:
            over = done.is_set()
            page = follow(actor=self.actor, on=TODAY, after=self.after, size=self.size, most=5)
            self.visible += page.changes
            self.after = page.cursor
            if over and not page.more:
                return


def race(followers: list[Follower], writers: list[Callable[[], None]]) -> None:
    """Run writers and followers in threads, each on a connection of its own."""
    done, start = threading.Event(), threading.Barrier(len(followers) + len(writers))

    def run(work: Callable[[], None]) -> None:
        try:
            start.wait(timeout=PATIENCE)
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(followers) + len(writers)) as pool:
        following = [pool.submit(run, lambda each=each: each.run(done)) for each in followers]
        try:
            for written in [pool.submit(run, work) for work in writers]:
                written.result(timeout=PATIENCE)
        finally:
            done.set()
        for followed in following:
            followed.result(timeout=PATIENCE)


def reports(action: Action) -> Callable[[], None]:
    def work() -> None:
        for number in range(ROUNDS):
            fields = {"narrative": f"Part {number}.", "rag": "green", "percent": 50 + number}
            submit_progress(actor=action.owner, action=action, at=AT, **fields)

    return work


def hands_to_and_fro(cast: Cast, action: Action) -> Callable[[], None]:
    """The council is let in and put out again, time after time."""

    def work() -> None:
        for number in range(ROUNDS):
            supporting = [] if number % 2 else [cast.wakefield_council]
            edit_action(actor=cast.manager, action=action, supporting=supporting, at=AT)

    return work


def gives_up(cast: Cast) -> Callable[[], None]:
    """Numbers that are given back are given again: a reader must not have passed them."""

    def work() -> None:
        for number in range(ROUNDS):
            with pytest.raises(ValidationError), writing(cast.yorkshire.ledger_id):
                area = Area(partnership=cast.yorkshire, name=f"Never {number}")
                save_reference(actor=cast.administrator, row=area, at=AT)
                raise ValidationError("Not after all.")

    return work


def adds_actions_elsewhere(cast: Cast) -> Callable[[], None]:
    def work() -> None:
        for number in range(ROUNDS):
            create_action(
                actor=cast.leicestershire_manager,
                plan=cast.leicestershire_plan,
                pillar=cast.leicestershire_plan.pillars.get(),
                ref=f"LE20-{number}",
                title="Meet the faith forum",
                at=AT,
            )

    return work


def test_followers_beside_writers_miss_nothing_and_see_nothing_twice(cast: Cast) -> None:
    ours = ActionFactory(cast=cast, in_progress=True)
    shared = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    start = cast.yorkshire.ledger.entries.count()
    auditor, council = Follower(cast.auditor, size=3), Follower(cast.wakefield_contact, size=1)
    stranger = Follower(cast.leicestershire_manager, size=2)
    race(
        [auditor, council, stranger],
        [
            reports(ours),
            hands_to_and_fro(cast, shared),
            reports(shared),
            gives_up(cast),
            adds_actions_elsewhere(cast),
        ],
    )
    written = list(
        Entry.objects.filter(ledger=cast.yorkshire.ledger_id, sequence__gt=start).order_by("sequence")
    )
    assert len(written) == 5 * ROUNDS
    assert [(change.position, change.verb) for change in auditor.visible] == [
        (entry.sequence, entry.verb) for entry in written
    ]
    assert [(change.position, change.kind) for change in council.visible] == expected_of_council(
        shared, written
    )
    there = cast.leicestershire.ledger.entries.filter(verb="action.created").order_by("sequence")
    assert [change.position for change in stranger.visible] == list(there.values_list("sequence", flat=True))


def expected_of_council(shared: Action, written: list[Entry]) -> list[tuple[int, str]]:
    """What somebody reads off the ledger by hand: the shared action's entries while the council supported it."""
    expected, inside = [], False
    for entry in written:
        if entry.target_type == "actions.action" and entry.target_id == str(shared.pk):
            was, inside = inside, bool(entry.state["supporting"])
            if was or inside:
                kind = "changed" if was and inside else "gained" if inside else "lost"
                expected.append((entry.sequence, kind))
        elif entry.state.get("action") == shared.pk and inside:
            expected.append((entry.sequence, "gained"))
    return expected
