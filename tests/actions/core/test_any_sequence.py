"""Whatever is called in whatever order by whomever: no forbidden state, no count that disagrees with its rows, nobody
decides on their own request, and the ledger verifies.

Most steps are tried by somebody who may take them, so that the walk gets far; some by anybody.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from actions.actions.services import allocate_action, create_action
from actions.assurance.services import (
    assure_action,
    reopen_action,
    retest_action,
    return_action,
    submit_action,
)
from actions.closing.services import decide_closure, propose_closure
from actions.core.states import CLOSED, FOLLOWS, OPEN, RATED, REPORTABLE, State
from actions.core.views import MEASURES
from actions.dates.services import (
    decide_date_change,
    request_date_change,
    set_cause_of_concern,
    withdraw_date_change,
)
from actions.districts.services import Part, split_by_district
from actions.handover.services import hand_over
from actions.lists.filters import ActionFilter
from actions.models import Action, ClosureProposal, DateChange, Dependency
from actions.waits.services import answer_dependency, close_dependency, request_dependency
from actions.waits.states import OPEN_STATES
from audit.models import Ledger
from audit.services import verify
from meetings.models import Minute
from tests.cast import LONDON, PEOPLE, Cast
from tests.factories import submit_progress
from tests.meetings.factories import board_minute
from tests.support.snapshots import Snapshot, take_snapshot

START = datetime(2020, 4, 6, 9, tzinfo=LONDON)
OWNERS = ("bradford_spoc", "leeds_spoc", "gold", "manager")
LED_BY = {
    "bradford_spoc": "bradford_district",
    "leeds_spoc": "leeds_district",
    "manager": "police",
    "gold": "police",
}
LEADS = ("bradford_district", "leeds_district", "police", "opcc")
JUDGING = {
    service.__name__: service for service in (assure_action, return_action, retest_action, reopen_action)
}
JUDGED = {
    "assure_action": (State.AWAITING_ASSURANCE,),
    "return_action": (State.AWAITING_ASSURANCE,),
    "reopen_action": (State.COMPLETE,),
    "retest_action": (State.COMPLETE,),
}
DAYS = st.integers(-40, 200)
WORD = st.sampled_from(["As agreed.", ""])
anyone = st.sampled_from(sorted(PEOPLE))


def mostly(*names: str) -> st.SearchStrategy[str]:
    """One of these five times out of six, anybody else of the cast otherwise."""
    return st.integers(0, 5).flatmap(lambda number: anyone if number == 5 else st.sampled_from(names))


STEPS: dict[str, dict[str, st.SearchStrategy[Any]]] = {}
RARE = ("create", "hand_over", "cause_of_concern", "withdraw_a_date", "split_by_district")


def step(**strategies: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a method one of the things that may happen next, each as likely as another but for the rare ones."""

    def register(method: Callable[..., None]) -> Callable[..., None]:
        STEPS[method.__name__] = strategies
        return method

    return register


class Life(RuleBasedStateMachine):
    cast: Cast
    opening: Snapshot[None] | None = None

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = START
        self.refs = 0
        self.originals: dict[int, date] = {}
        self.states: dict[int, str] = {}
        self.looked_at = ""
        if self.opening is None:
            _, type(self).opening = take_snapshot(self.five_actions)
        else:
            self.opening.restore()
        self.refs = Action.objects.count()

    def five_actions(self) -> None:
        """What every walk begins with."""
        for number, owner in enumerate(("bradford_spoc", "leeds_spoc", "manager", "gold", "bradford_spoc")):
            self.create(who="manager", lead=LED_BY[owner])
            self.allocate(n=number, who="manager", owner=owner, other=owner, days=60)
            if number % 2 == 0:
                self.report(n=number, who=owner, rag="green", words="")

    def teardown(self) -> None:
        try:
            assert verify(ledger=self.cast.yorkshire.ledger).ok
            self.the_counts_of_the_plan_are_the_rows_behind_them()
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    # What is tried -------------------------------------------------------------------------------------------

    def attempt(self, service: Callable[..., Any], who: str, **arguments: Any) -> None:
        """Call a service, which may refuse; any other error fails the walk."""
        with suppress(ValidationError, PermissionDenied), transaction.atomic():
            service(actor=self.cast.person(who), at=self.now, **arguments)

    def one(self, model: type[Any], number: int, *states: str) -> Any:
        """Choose a row, as a rule one in these states; every tenth choice is among all."""
        rows = list(model.objects.order_by("pk"))
        fitting = [row for row in rows if row.state in states]
        chosen = fitting if fitting and number != 9 else rows
        return chosen[number % len(chosen)] if chosen else None

    def owner(self, action: Action, who: str) -> str:
        """Let the action's owner do what one of the owners does."""
        return action.owner.name.lower().replace(" ", "_") if action.owner and who in OWNERS else who

    @property
    def minute(self) -> Minute:
        return board_minute(self.cast)

    def day(self, days: int) -> date:
        return self.now.date() + timedelta(days=days)

    @step(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @step(who=mostly("manager"), lead=st.sampled_from(LEADS))
    def create(self, who: str, lead: str) -> None:
        self.refs += 1
        self.attempt(
            create_action,
            who,
            plan=self.cast.plan,
            ref=f"WY20-{self.refs:02}",
            title="Brief the teams",
            pillar=self.cast.identify,
            lead=getattr(self.cast, lead),
            draft=self.refs % 5 == 0,
        )

    @step(
        n=st.integers(0, 9),
        who=mostly("manager"),
        owner=st.sampled_from(OWNERS),
        other=st.sampled_from(OWNERS),
        days=DAYS,
    )
    def allocate(self, n: int, who: str, owner: str, other: str, days: int) -> None:
        action = self.one(Action, n, State.AWAITING_ALLOCATION)
        self.attempt(
            allocate_action,
            who,
            action=action,
            lead=action.lead,
            owner=self.cast.person(owner),
            alternate=self.cast.person(other) if other != owner else None,
            due=self.day(days) if action.original_due is None else None,
        )

    @step(n=st.integers(0, 9), who=mostly(*OWNERS), rag=st.sampled_from(["", "red", "green"]), words=WORD)
    def report(self, n: int, who: str, rag: str, words: str) -> None:
        state = State.IN_PROGRESS if rag else State.NOT_STARTED
        fields: dict[str, Any] = {"state": state, "rag": rag, "percent": 40 if rag else 0}
        action = self.one(Action, n, *REPORTABLE)
        fields |= {"narrative": "Said.", "reason": words, "path_to_green": words}
        self.attempt(submit_progress, self.owner(action, who), action=action, **fields)

    @step(n=st.integers(0, 9), who=mostly(*OWNERS))
    def submit(self, n: int, who: str) -> None:
        action = self.one(Action, n, State.IN_PROGRESS)
        self.attempt(submit_action, self.owner(action, who), action=action, note="Done.")

    @step(
        n=st.integers(0, 9),
        who=mostly("auditor"),
        how=st.sampled_from(
            ["assure_action", "assure_action", "return_action", "reopen_action", "retest_action"]
        ),
        days=DAYS,
    )
    def judge(self, n: int, who: str, how: str, days: int) -> None:
        dated = how in ("assure_action", "retest_action") and days > 0
        more = {"retest_on": self.day(days)} if dated else {}
        self.attempt(JUDGING[how], who, action=self.one(Action, n, *JUDGED[how]), note="Seen.", **more)

    @step(n=st.integers(0, 9), who=mostly(*OWNERS), days=DAYS)
    def ask_for_a_date(self, n: int, who: str, days: int) -> None:
        action = self.one(Action, n, *REPORTABLE)
        new_due = (action.due or self.day(0)) + timedelta(days=days)
        fields = {"action": action, "new_due": new_due, "reason": "Illness."}
        self.attempt(request_date_change, self.owner(action, who), **fields)

    @step(n=st.integers(0, 9), who=mostly("manager", "gold"), yes=st.booleans(), cites=st.booleans())
    def decide_a_date(self, n: int, who: str, yes: bool, cites: bool) -> None:
        if change := self.one(DateChange, n, "requested"):
            fields = {"approve": yes, "reason": "Agreed.", "minute": self.minute if cites else None}
            self.attempt(decide_date_change, who, date_change=change, **fields)

    @step(n=st.integers(0, 9), who=mostly(*OWNERS))
    def withdraw_a_date(self, n: int, who: str) -> None:
        if change := self.one(DateChange, n, "requested"):
            self.attempt(withdraw_date_change, who, date_change=change, reason="Not needed.")

    @step(n=st.integers(0, 9), who=mostly("manager", "gold"), under=st.booleans())
    def cause_of_concern(self, n: int, who: str, under: bool) -> None:
        self.attempt(set_cause_of_concern, who, action=self.one(Action, n), under=under, reason="CT4.")

    @step(n=st.integers(0, 9), by=st.integers(0, 9), who=mostly("manager"))
    def propose_closure(self, n: int, by: int, who: str) -> None:
        kind = "supersede" if by % 2 else "withdraw"
        successor = self.one(Action, by) if by % 2 else None
        fields = {"kind": kind, "superseded_by": successor, "reason": "Done nationally."}
        self.attempt(propose_closure, who, action=self.one(Action, n, *OPEN), **fields)

    @step(n=st.integers(0, 9), who=mostly("gold"), yes=st.booleans(), cites=st.booleans())
    def decide_closure(self, n: int, who: str, yes: bool, cites: bool) -> None:
        if proposal := self.one(ClosureProposal, n, "requested"):
            fields = {"approve": yes, "reason": "Agreed.", "minute": self.minute if cites else None}
            self.attempt(decide_closure, who, proposal=proposal, **fields)

    @step(n=st.integers(0, 9), who=mostly("manager", "bradford_spoc"))
    def wait_on_the_council(self, n: int, who: str) -> None:
        fields = {"organisation": self.cast.wakefield_council, "needed": "Two trainers."}
        self.attempt(request_dependency, who, action=self.one(Action, n, *REPORTABLE), **fields)

    @step(n=st.integers(0, 9), who=mostly("wakefield_contact"), accept=st.booleans())
    def answer_for_the_council(self, n: int, who: str, accept: bool) -> None:
        if dependency := self.one(Dependency, n, "requested"):
            self.attempt(answer_dependency, who, dependency=dependency, accept=accept, answer="In May.")

    @step(n=st.integers(0, 9), who=mostly("manager", "bradford_spoc"), met=st.booleans())
    def end_the_wait(self, n: int, who: str, met: bool) -> None:
        if dependency := self.one(Dependency, n, *OPEN_STATES):
            self.attempt(close_dependency, who, dependency=dependency, met=met, ending="They came.")

    @step(n=st.integers(0, 9), who=mostly("manager"), days=DAYS)
    def split_by_district(self, n: int, who: str, days: int) -> None:
        action = self.one(Action, n, State.AWAITING_ALLOCATION, State.NOT_STARTED)
        parts = [
            Part(
                area=getattr(self.cast, name),
                ref=f"{action.ref}-{name[:3].upper()}",
                lead=getattr(self.cast, f"{name}_district"),
                owner=self.cast.person(f"{name}_spoc"),
                due=self.day(days),
            )
            for name in ("bradford", "leeds")
        ]
        self.attempt(split_by_district, who, action=action, parts=parts)

    @step(outgoing=st.sampled_from(OWNERS), successor=st.sampled_from(OWNERS), who=mostly("manager"))
    def hand_over(self, outgoing: str, successor: str, who: str) -> None:
        fields = {"outgoing": self.cast.person(outgoing), "successor": self.cast.person(successor)}
        self.attempt(hand_over, who, partnership=self.cast.yorkshire, note="A new post.", **fields)

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        often = [name for name in STEPS for _ in range(1 if name in RARE else 3)]
        name = data.draw(st.sampled_from(often))
        getattr(self, name)(
            **{key: data.draw(strategies, label=key) for key, strategies in STEPS[name].items()}
        )

    # What holds all the while --------------------------------------------------------------------------------

    @invariant()
    def what_the_design_promises_holds(self) -> None:
        """Looked at after every step that changed anything; what a step changed beside the ledger, `verify` finds."""
        digest = Ledger.objects.get(pk=self.cast.yorkshire.ledger_id).digest
        if digest == self.looked_at:
            return
        self.looked_at = digest
        rows = Action.objects.prefetch_related(
            "children", "datechanges", "closureproposals", "dependencies", "assurances"
        )
        for action in rows:
            self.dependencies_are_kept(action)
            self.requests_are_decided_by_others(action)
            if action.by_districts:
                self.a_parent_stands_where_its_parts_stand(action)
            else:
                self.states_follow_the_table(action)
                self.dates_are_kept(action)
                self.closed_by_those_who_may(action)
            self.states[action.pk] = action.state

    def states_follow_the_table(self, action: Action) -> None:
        before = self.states.get(action.pk, action.state)
        assert action.state == before or action.state in FOLLOWS[before], (before, action.state)

    def dates_are_kept(self, action: Action) -> None:
        if action.original_due is not None:
            assert self.originals.setdefault(action.pk, action.original_due) == action.original_due
        moves = [change for change in action.datechanges.all() if change.state == "approved"]
        assert action.moves == len(moves)
        assert action.extensions == len([change for change in moves if change.level != "at_once"])
        assert action.moves or action.original_due is None or action.due == action.original_due

    def closed_by_those_who_may(self, action: Action) -> None:
        if action.state not in CLOSED:
            assert action.closed_on is None
            return
        if action.state == State.COMPLETE:
            last = max(action.assurances.all(), key=attrgetter("pk"))
            assert last.opinion in ("assured", "confirmed")
            assert last.assessed_by_id == self.cast.auditor.pk
        else:
            assert action.board_reference
            assert "approved" in {each.state for each in self.closures_over(action)}
        requests = [*action.datechanges.all(), *action.closureproposals.all()]
        assert not [request for request in requests if request.is_open]
        assert not [row for row in action.dependencies.all() if row.is_open]

    def closures_over(self, action: Action) -> list[ClosureProposal]:
        return list(ClosureProposal.objects.filter(action__in=[action.pk, action.parent_id]))

    def requests_are_decided_by_others(self, action: Action) -> None:
        for request in (*action.datechanges.all(), *action.closureproposals.all()):
            if request.state in ("approved", "rejected") and request.decided_by_id is not None:
                assert request.decided_by_id not in (request.requested_by_id, request.taken_over_by_id)

    def dependencies_are_kept(self, action: Action) -> None:
        since = [row.since for row in action.dependencies.all() if row.state in OPEN_STATES]
        assert action.waiting_since == min(since, default=None)

    def a_parent_stands_where_its_parts_stand(self, parent: Action) -> None:
        parts = list(parent.children.all())
        live = [part for part in parts if part.state not in (State.WITHDRAWN, State.SUPERSEDED)]
        complete = bool(live) and all(part.state == State.COMPLETE for part in live)
        assert parts
        assert (parent.state in OPEN) == any(part.state in OPEN for part in parts)
        assert (parent.state == State.COMPLETE) == complete
        red = any(part.rag == "red" for part in live)
        assert (parent.rag == "red") == (red and parent.state in RATED)

    def the_counts_of_the_plan_are_the_rows_behind_them(self) -> None:
        manager, on = self.cast.manager, self.now.date()
        visible = Action.objects.visible_to(manager, on).filter(plan=self.cast.plan)
        tallies = list(visible.tally("plan", on=on))
        for measure in MEASURES:
            query: dict[str, list[str]] = {}
            for name, value in measure.query:
                query.setdefault(name, []).append(value)
            filters = {
                name: values if name in ("state", "rag") else values[0] for name, values in query.items()
            }
            rows = ActionFilter(filters, visible, user=manager, on=on)
            assert rows.is_valid(), rows.errors
            assert sum(map(measure.number_in, tallies)) == rows.qs.count(), measure.label


@pytest.mark.django_db
def test_no_sequence_of_steps_leads_where_the_design_forbids(cast: Cast) -> None:
    walk = type("Walk", (Life,), {"cast": cast})
    run_state_machine_as_test(
        walk,
        settings=settings(
            max_examples=8,
            stateful_step_count=50,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
