"""The life of an action: every transition, allowed and refused, for every role."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actions.actions.services import allocate_action, edit_action, release_action
from actions.assurance.services import (
    assure_action,
    reopen_action,
    retest_action,
    return_action,
    submit_action,
)
from actions.closing.services import decide_closure, propose_closure, retract_closure
from actions.core.states import FOLLOWS, OPEN, State
from actions.models import Action, Assurance, ClosureProposal
from audit.models import Entry
from tests import cast as stage
from tests.cast import AT, PEOPLE, Cast
from tests.factories import ActionFactory, ClosureProposalFactory, close_action, submit_progress
from tests.meetings.factories import board_minute
from tests.support.auditors import become_auditor
from tests.support.ledger_checks import verify_after_writes

Step = Callable[[Cast, Any, Action], Any]


def _complete(cast: Cast) -> Action:
    assure_action(
        actor=cast.auditor,
        action=ActionFactory(cast=cast, awaiting_assurance=True),
        note="Seen the briefing list.",
        at=AT,
    )
    return Action.objects.get()


def _withdrawn(cast: Cast) -> Action:
    return ActionFactory(cast=cast, withdrawn=True)


def _superseded(cast: Cast) -> Action:
    return close_action(
        cast,
        ActionFactory(cast=cast, in_progress=True),
        superseded_by=ActionFactory(cast=cast, unallocated=True, ref="WY20-99"),
    )


IN_STATE: dict[str, Callable[[Cast], Action]] = {
    State.DRAFT: lambda cast: ActionFactory(cast=cast, unallocated=True, draft=True),
    State.AWAITING_ALLOCATION: lambda cast: ActionFactory(cast=cast, unallocated=True),
    State.NOT_STARTED: lambda cast: ActionFactory(cast=cast, allocated=True),
    State.IN_PROGRESS: lambda cast: ActionFactory(cast=cast, in_progress=True),
    State.AWAITING_ASSURANCE: lambda cast: ActionFactory(cast=cast, awaiting_assurance=True),
    State.COMPLETE: _complete,
    State.WITHDRAWN: _withdrawn,
    State.SUPERSEDED: _superseded,
}


def _allocate(cast: Cast, actor: Any, action: Action) -> Any:
    return allocate_action(
        actor=actor,
        action=action,
        lead=cast.bradford_district,
        owner=cast.bradford_spoc,
        due=action.due or date(2020, 9, 30),
        at=AT,
    )


def _report(state: str, **fields: Any) -> Step:
    return lambda cast, actor, action: submit_progress(
        actor=actor, action=action, narrative="Said so.", state=state, at=AT, **fields
    )


def _propose(kind: str) -> Step:
    def do(cast: Cast, actor: Any, action: Action) -> Any:
        successor = _successor(cast) if kind == "supersede" else None
        return propose_closure(
            actor=actor, action=action, kind=kind, superseded_by=successor, reason="Merged.", at=AT
        )

    return do


def _decide(approve: bool, kind: str = "withdraw") -> Step:
    """Decide on the proposal that is open; where none is, propose first, so that the action's state refuses."""

    def do(cast: Cast, actor: Any, action: Action) -> Any:
        successor = _successor(cast) if kind == "supersede" else None
        proposal = ClosureProposal.objects.open().filter(action=action).first()
        return decide_closure(
            actor=actor,
            proposal=proposal or ClosureProposalFactory(cast=cast, action=action, superseded_by=successor),
            approve=approve,
            reason="Not needed.",
            minute=board_minute(cast),
            at=AT,
        )

    return do


def _retract(cast: Cast, actor: Any, action: Action) -> Any:
    proposal = ClosureProposal.objects.open().filter(action=action).first()
    return retract_closure(
        actor=actor,
        proposal=proposal or ClosureProposalFactory(cast=cast, action=action),
        reason="Found the money.",
        at=AT,
    )


def _successor(cast: Cast) -> Action:
    return Action.objects.filter(ref="WY20-77").first() or ActionFactory(
        cast=cast, unallocated=True, ref="WY20-77"
    )


OPEN_STAYS = {state: state for state in OPEN}
# Deciding and retracting have a proposal before them: one more version.
TWO_VERSIONS = {"withdraw", "supersede", "refuse", "retract"}

# step: (what is done, who may do it, from which states it leads where)
STEPS: dict[str, tuple[Step, set[str], dict[str, str]]] = {
    "release": (
        lambda cast, actor, action: release_action(actor=actor, action=action, at=AT),
        {"manager"},
        {State.DRAFT: State.AWAITING_ALLOCATION},
    ),
    "allocate": (
        _allocate,
        {"manager"},
        {
            State.AWAITING_ALLOCATION: State.NOT_STARTED,
            State.NOT_STARTED: State.NOT_STARTED,
            State.IN_PROGRESS: State.IN_PROGRESS,
            State.AWAITING_ASSURANCE: State.AWAITING_ASSURANCE,
        },
    ),
    "start": (
        _report(State.IN_PROGRESS, rag="green", percent=10),
        {"bradford_spoc"},
        {State.NOT_STARTED: State.IN_PROGRESS, State.IN_PROGRESS: State.IN_PROGRESS},
    ),
    "pause": (
        _report(State.NOT_STARTED),
        {"bradford_spoc"},
        {State.NOT_STARTED: State.NOT_STARTED, State.IN_PROGRESS: State.NOT_STARTED},
    ),
    "submit": (
        lambda cast, actor, action: submit_action(actor=actor, action=action, note="Done.", at=AT),
        {"bradford_spoc"},
        {State.IN_PROGRESS: State.AWAITING_ASSURANCE},
    ),
    "assure": (
        lambda cast, actor, action: assure_action(actor=actor, action=action, note="Seen.", at=AT),
        {"auditor"},
        {State.AWAITING_ASSURANCE: State.COMPLETE},
    ),
    "return": (
        lambda cast, actor, action: return_action(actor=actor, action=action, note="No list.", at=AT),
        {"auditor"},
        {State.AWAITING_ASSURANCE: State.IN_PROGRESS},
    ),
    "retest": (
        lambda cast, actor, action: retest_action(actor=actor, action=action, note="Still.", at=AT),
        {"auditor"},
        {State.COMPLETE: State.COMPLETE},
    ),
    "reopen": (
        lambda cast, actor, action: reopen_action(actor=actor, action=action, note="Lapsed.", at=AT),
        {"auditor"},
        {State.COMPLETE: State.IN_PROGRESS},
    ),
    "propose to withdraw": (_propose("withdraw"), {"manager"}, OPEN_STAYS),
    "propose to supersede": (_propose("supersede"), {"manager"}, OPEN_STAYS),
    "withdraw": (_decide(True), {"gold"}, dict.fromkeys(OPEN, State.WITHDRAWN)),
    "supersede": (_decide(True, "supersede"), {"gold"}, dict.fromkeys(OPEN, State.SUPERSEDED)),
    "refuse": (_decide(False), {"gold"}, OPEN_STAYS),
    "retract": (_retract, {"manager"}, OPEN_STAYS),
}


def test_the_table_of_steps_and_the_table_of_states_are_one() -> None:
    """A pair that no step takes would let a later service do what nobody decided."""
    steps = {(old, new) for _, _, leads_to in STEPS.values() for old, new in leads_to.items() if old != new}
    assert steps == {(old, new) for old, following in FOLLOWS.items() for new in following}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("step", STEPS)
def test_each_step_leads_where_it_should_and_nowhere_else(cast: Cast, step: str, state: str) -> None:
    do, who, leads_to = STEPS[step]
    action = IN_STATE[state](cast)
    actor = cast.person(next(iter(who)))
    before = Action.objects.get(pk=action.pk)
    with verify_after_writes(cast.yorkshire.ledger):
        if state in leads_to:
            do(cast, actor, action)
            after = Action.objects.get(pk=action.pk)
            assert after.state == leads_to[state]
            assert after.state == state or after.state in FOLLOWS[state]
            assert after.version == before.version + (2 if step in TWO_VERSIONS else 1)
        else:
            entries = Entry.objects.count()
            with pytest.raises(ValidationError) as refused:
                do(cast, actor, action)
            assert State(state).label.lower() in str(refused.value).lower()
            assert Action.objects.get(pk=action.pk).version == before.version
            about = Entry.objects.filter(target_id=str(action.pk), target_type="actions.action")
            assert about.count() <= entries


@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_for_its_role_alone(cast: Cast, step: str) -> None:
    do, who, leads_to = STEPS[step]
    action = IN_STATE[next(iter(leads_to))](cast)
    if step in TWO_VERSIONS:
        ClosureProposalFactory(
            cast=cast, action=action, superseded_by=_successor(cast) if step == "supersede" else None
        )
    version = Action.objects.get(pk=action.pk).version
    for person in PEOPLE.keys() - who:
        with pytest.raises(PermissionDenied):
            do(cast, cast.person(person), action)
        assert Action.objects.get(pk=action.pk).version == version, person
    for person in who:
        do(cast, cast.person(person), action)


def test_a_stale_version_is_a_conflict_and_changes_nothing(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    version = action.version
    edit_action(actor=cast.manager, action=action, title="Brief every team", at=AT)
    with pytest.raises(ValidationError) as refused:
        submit_progress(
            actor=cast.bradford_spoc, action=action, narrative="Late.", rag="green", at=AT, version=version
        )
    assert refused.value.code == "conflict"
    assert action.updates.count() == 1


def test_a_partner_that_supports_reports_and_does_not_submit(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    submit_progress(
        actor=cast.wakefield_contact,
        action=action,
        narrative="Our part is done.",
        rag="green",
        percent=60,
        at=AT,
    )
    with pytest.raises(PermissionDenied):
        submit_action(actor=cast.wakefield_contact, action=action, note="Done.", at=AT)


def test_nobody_marks_their_own_homework(cast: Cast) -> None:
    """An auditor who wrote an update, owns the action, or whose organisation leads it, may not judge it."""
    owned = ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-01")
    become_auditor(cast, cast.bradford_spoc, cast.wakefield_council)
    with pytest.raises(PermissionDenied, match="You own this action"):
        assure_action(actor=cast.bradford_spoc, action=owned, note="Fine.", at=AT)
    allocate_action(actor=cast.manager, action=owned, lead=cast.leeds_district, owner=cast.leeds_spoc, at=AT)
    with pytest.raises(PermissionDenied, match="You wrote an update"):
        assure_action(actor=cast.bradford_spoc, action=owned, note="Fine.", at=AT)
    led = ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-02", lead=cast.opcc, owner=cast.manager)
    with pytest.raises(PermissionDenied, match="Your organisation leads"):
        assure_action(actor=cast.auditor, action=led, note="Fine.", at=AT)


def test_assurance_records_the_version_assured_and_each_step_in_the_ledger(cast: Cast) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    return_action(actor=cast.auditor, action=action, note="No list.", at=AT)
    returned = Assurance.objects.get()
    assert (returned.opinion, returned.action_version) == ("returned", action.version)
    verbs = Entry.objects.filter(ledger=cast.yorkshire.ledger, target_label__startswith="WY20-01")
    assert list(verbs.order_by("sequence").values_list("verb", flat=True)) == [
        "action.created",
        "action.allocated",
        "progress.submitted",
        "action.started",
        "action.submitted",
        "assurance.recorded",
        "action.returned",
    ]


def test_a_reference_is_never_reused(cast: Cast) -> None:
    ActionFactory(cast=cast, unallocated=True, ref="WY20-01")
    with pytest.raises(ValidationError) as refused:
        ActionFactory(cast=cast, unallocated=True, ref="wy20-01")
    assert "already in use" in str(refused.value)


def test_two_moments_of_summer_time_keep_their_order(cast: Cast) -> None:
    """An update at half past midnight British Summer Time belongs to the London day, not the day before."""
    action = ActionFactory(cast=cast, allocated=True)
    at = datetime(2020, 6, 1, 0, 30, tzinfo=stage.LONDON)
    update = submit_progress(actor=cast.bradford_spoc, action=action, narrative="Begun.", rag="green", at=at)
    assert update.period == date(2020, 6, 1)
