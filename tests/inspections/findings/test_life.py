"""A recommendation's life: every state and every step, allowed and refused, in its own words."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actions.assurance.services import assure_action
from audit.models import Entry
from inspections.core.states import CLOSED, FOLLOWS, State
from inspections.findings.services.links import unlink_action
from inspections.findings.services.own_statuses import (
    answer_recommendation,
    judge_recommendation,
    propose_recommendation,
    reopen_recommendation,
    start_recommendation,
)
from inspections.findings.services.recommendations import save_recommendation
from inspections.models import OwnStatus, Recommendation
from tests.cast import AT, PEOPLE, TODAY, Cast
from tests.factories import ActionFactory, close_action
from tests.inspections.factories import InspectionFactory, RecommendationFactory
from tests.inspections.findings import stage
from tests.support.auditors import become_auditor
from tests.support.ledger_checks import verify_after_writes
from tests.support.snapshots import reuse_snapshot

Step = Callable[[Any, Recommendation], Any]

IN_STATE: dict[str, Callable[[Cast], Recommendation]] = {
    State.REGISTERED: lambda cast: RecommendationFactory(cast=cast),
    State.ACCEPTED: stage.answered,
    State.PARTLY_ACCEPTED: lambda cast: stage.answered(cast, State.PARTLY_ACCEPTED),
    State.NOT_ACCEPTED: lambda cast: stage.answered(cast, State.NOT_ACCEPTED),
    State.IN_PROGRESS: stage.in_progress,
    State.PROPOSED: stage.proposed,
    State.IMPLEMENTED: stage.closed,
    State.NOT_IMPLEMENTED: lambda cast: stage.closed(cast, State.NOT_IMPLEMENTED),
    State.SUPERSEDED: lambda cast: stage.closed(cast, State.SUPERSEDED),
    State.REOPENED: stage.reopened,
}


def _answer(answer: str) -> Step:
    return lambda actor, row: answer_recommendation(
        actor=actor, recommendation=row, answer=answer, reason="For the region.", at=AT
    )


def _judge(outcome: str) -> Step:
    return lambda actor, row: judge_recommendation(
        actor=actor, recommendation=row, outcome=outcome, reason="Seen on site.", at=AT
    )


def _start(actor: Any, row: Recommendation) -> Any:
    return start_recommendation(actor=actor, recommendation=row, at=AT)


def _propose(actor: Any, row: Recommendation) -> Any:
    return propose_recommendation(actor=actor, recommendation=row, reason="Done.", at=AT)


def _reopen(actor: Any, row: Recommendation) -> Any:
    return reopen_recommendation(actor=actor, recommendation=row, reason="Lapsed.", at=AT)


MANAGER, AUDITOR = {"manager"}, {"auditor"}
UNBEGUN = (State.REGISTERED, State.ACCEPTED, State.PARTLY_ACCEPTED, State.NOT_ACCEPTED)
# step: (what is done, who may do it, from which states it leads where)
STEPS: dict[str, tuple[Step, set[str], dict[str, str]]] = {
    **{
        f"answer {answer}": (_answer(answer), MANAGER, {old: answer for old in UNBEGUN if old != answer})
        for answer in UNBEGUN[1:]
    },
    "start": (
        _start,
        MANAGER,
        dict.fromkeys((State.ACCEPTED, State.PARTLY_ACCEPTED, State.REOPENED), State.IN_PROGRESS),
    ),
    "propose": (
        _propose,
        MANAGER,
        dict.fromkeys((State.NOT_ACCEPTED, State.IN_PROGRESS, State.REOPENED), State.PROPOSED),
    ),
    **{f"close {outcome}": (_judge(outcome), AUDITOR, {State.PROPOSED: outcome}) for outcome in CLOSED},
    "send back": (_judge(State.IN_PROGRESS), AUDITOR, {State.PROPOSED: State.IN_PROGRESS}),
    "reopen": (_reopen, AUDITOR, dict.fromkeys(CLOSED, State.REOPENED)),
}


@reuse_snapshot
def ready(cast: Cast, state: str) -> Recommendation:
    """A recommendation in that state; where none answers it yet, a complete action does."""
    row = IN_STATE[state](cast)
    if state in UNBEGUN:
        stage.linked(cast, row, stage.complete(cast))
    return Recommendation.objects.get(pk=row.pk)


def test_the_table_of_steps_and_the_table_of_states_are_one() -> None:
    led = {(old, new) for _, _, leads_to in STEPS.values() for old, new in leads_to.items()}
    table = {(old, new) for old, following in FOLLOWS.items() for new in following}
    # What was never accepted is sent back to not accepted: a test of its own.
    assert table - led == {(State.PROPOSED, State.NOT_ACCEPTED)}
    assert led <= table


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("step", STEPS)
def test_each_step_leads_where_it_should_and_nowhere_else(cast: Cast, step: str, state: str) -> None:
    do, who, leads_to = STEPS[step]
    before = ready(cast, state)
    statuses, entries = OwnStatus.objects.count(), Entry.objects.count()
    actor = cast.person(next(iter(who)))
    with verify_after_writes(cast.yorkshire.ledger):
        if state in leads_to:
            do(actor, before)
            after = Recommendation.objects.get(pk=before.pk)
            assert (after.state, after.version) == (leads_to[state], before.version + 1)
            assert after.closed_on == (TODAY if after.state in CLOSED else None)
            latest = after.own_statuses.first()
            assert latest is not None
            assert (latest.state, latest.set_by, latest.set_at) == (after.state, actor, AT)
            assert OwnStatus.objects.count() == statuses + 1
            assert Entry.objects.count() == entries + 2
        else:
            with pytest.raises(ValidationError) as refused:
                do(actor, before)
            assert refused.value.code == "state"
            assert State(state).label.lower() in str(refused.value).lower()
            assert Recommendation.objects.get(pk=before.pk).version == before.version
            assert Entry.objects.count() == entries


@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_for_its_role_alone(cast: Cast, step: str) -> None:
    do, who, leads_to = STEPS[step]
    row = ready(cast, next(iter(leads_to)))
    for person in PEOPLE.keys() - who:
        with pytest.raises(PermissionDenied):
            do(cast.person(person), row)
        assert Recommendation.objects.get(pk=row.pk).version == row.version, person
    for person in who:
        do(cast.person(person), row)


def test_each_move_is_kept_with_its_reason_and_who_made_it(cast: Cast) -> None:
    row = stage.reopened(cast)
    moves = [(status.state, status.reason, status.set_by) for status in reversed(row.own_statuses.all())]
    assert moves == [
        ("registered", "", cast.manager),
        ("accepted", "The region does the rest.", cast.manager),
        ("in_progress", "", cast.manager),
        ("proposed", "All teams are briefed.", cast.manager),
        ("implemented", "Seen at the site visit.", cast.auditor),
        ("reopened", "Not so in Leeds.", cast.auditor),
    ]
    own = Entry.objects.filter(target_type="inspections.recommendation").order_by("sequence")
    assert list(own.values_list("verb", flat=True)) == [
        "recommendation.added",
        "recommendation.accepted",
        "recommendation.linked",
        "recommendation.in_progress",
        "recommendation.proposed",
        "recommendation.implemented",
        "recommendation.reopened",
    ]


@pytest.mark.parametrize(
    ("state", "do", "words"),
    [
        (State.REGISTERED, "partly_accepted", "Enter why it is not accepted"),
        (State.REGISTERED, "not_accepted", "Enter why it is not accepted"),
        (State.IN_PROGRESS, "propose", "Enter what was done"),
        (State.PROPOSED, "implemented", "Enter the reason"),
        (State.PROPOSED, "in_progress", "Enter the reason"),
        (State.IMPLEMENTED, "reopen", "Enter why you are reopening"),
    ],
)
def test_a_decision_needs_its_reason(cast: Cast, state: str, do: str, words: str) -> None:
    row = ready(cast, state)
    arguments: dict[str, Any] = {"recommendation": row, "reason": " ", "at": AT}
    with pytest.raises(ValidationError) as refused:
        if do == "propose":
            propose_recommendation(actor=cast.manager, **arguments)
        elif do == "reopen":
            reopen_recommendation(actor=cast.auditor, **arguments)
        elif state == State.REGISTERED:
            answer_recommendation(actor=cast.manager, answer=do, **arguments)
        else:
            judge_recommendation(actor=cast.auditor, outcome=do, **arguments)
    assert words in refused.value.message_dict["reason"][0]


def test_accepting_needs_no_reason_and_an_unknown_answer_is_none(cast: Cast) -> None:
    row = RecommendationFactory(cast=cast)
    with pytest.raises(ValidationError) as refused:
        answer_recommendation(actor=cast.manager, recommendation=row, answer="in_progress", at=AT)
    assert "answer" in refused.value.message_dict
    answer_recommendation(actor=cast.manager, recommendation=row, answer="accepted", at=AT)


def test_no_work_is_in_progress_without_a_live_action(cast: Cast) -> None:
    row = stage.answered(cast)
    unowned = ActionFactory(cast=cast, unallocated=True, ref="WY20-08")
    stage.linked(cast, row, unowned)
    with pytest.raises(ValidationError, match="No live action"):
        _start(cast.manager, row)
    stage.linked(cast, row, ActionFactory(cast=cast, allocated=True, ref="WY20-09"))
    assert _start(cast.manager, row).state == State.IN_PROGRESS


def test_a_withdrawn_action_is_no_live_one(cast: Cast) -> None:
    row = stage.answered(cast)
    action = ActionFactory(cast=cast, in_progress=True)
    stage.linked(cast, row, action)
    close_action(cast, action)
    with pytest.raises(ValidationError, match="No live action"):
        _start(cast.manager, row)


def test_closure_is_proposed_when_every_action_is_complete(cast: Cast) -> None:
    row = stage.in_progress(cast)
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    third = ActionFactory(cast=cast, allocated=True, ref="WY20-03")
    stage.linked(cast, row, other)
    stage.linked(cast, row, third)
    with pytest.raises(ValidationError, match=r"These actions are not complete: WY20-02, WY20-03"):
        _propose(cast.manager, row)
    for action in (other, third):
        close_action(cast, action)
    assert _propose(cast.manager, row).state == State.PROPOSED


def test_work_of_which_nothing_was_completed_is_not_proposed(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    row = stage.in_progress(cast, action)
    close_action(cast, action)
    with pytest.raises(ValidationError, match="No action that answers this recommendation is complete"):
        _propose(cast.manager, row)


def test_a_recommendation_not_accepted_never_closes_as_implemented(cast: Cast) -> None:
    row = _propose(cast.manager, stage.answered(cast, State.NOT_ACCEPTED))
    with pytest.raises(ValidationError, match="No action that answers"):
        _judge(State.IMPLEMENTED)(cast.auditor, row)
    assert _judge(State.NOT_IMPLEMENTED)(cast.auditor, row).state == State.NOT_IMPLEMENTED


def test_a_closure_sent_back_returns_to_not_accepted(cast: Cast) -> None:
    row = _propose(cast.manager, stage.answered(cast, State.NOT_ACCEPTED))
    assert _judge(State.IN_PROGRESS)(cast.auditor, row).state == State.NOT_ACCEPTED
    assert _propose(cast.manager, row).state == State.PROPOSED


@pytest.mark.parametrize("outcome", CLOSED)
def test_an_action_reopened_meanwhile_stops_the_closing(cast: Cast, outcome: str) -> None:
    action = stage.complete(cast)
    row = stage.proposed(cast, action)
    stage.reopened_action(cast, action)
    with pytest.raises(ValidationError, match="This action is not complete: WY20-01"):
        _judge(outcome)(cast.auditor, row)
    assert _judge(State.IN_PROGRESS)(cast.auditor, row).state == State.IN_PROGRESS


def test_a_reopened_action_reopens_the_question(cast: Cast) -> None:
    action = stage.complete(cast)
    row = stage.closed(cast, action=action)
    assert not Recommendation.objects.in_question().exists()
    stage.reopened_action(cast, action)
    assert list(Recommendation.objects.in_question()) == [row]
    _reopen(cast.auditor, row)
    assert not Recommendation.objects.in_question().exists()


def test_a_stale_version_is_a_conflict_and_changes_nothing(cast: Cast) -> None:
    row = RecommendationFactory(cast=cast)
    version = row.version
    _answer(State.ACCEPTED)(cast.manager, row)
    with pytest.raises(ValidationError) as refused:
        answer_recommendation(
            actor=cast.manager,
            recommendation=row,
            answer="not_accepted",
            reason="No.",
            at=AT,
            version=version,
        )
    assert refused.value.code == "conflict"
    assert Recommendation.objects.get().state == State.ACCEPTED


def test_nobody_judges_what_they_lead_or_proposed(cast: Cast) -> None:
    """Whose organisation leads it, and who proposed it before they were an auditor."""
    row = stage.proposed(cast)
    save_recommendation(actor=cast.manager, recommendation=row, lead=cast.opcc, at=AT)
    with pytest.raises(PermissionDenied, match="Your organisation leads this recommendation"):
        _judge(State.IMPLEMENTED)(cast.auditor, row)
    become_auditor(cast, cast.manager, cast.wakefield_council)
    with pytest.raises(PermissionDenied, match="You proposed this closure"):
        _judge(State.IMPLEMENTED)(cast.manager, row)


def test_an_auditor_of_an_organisation_that_leads_an_action_does_not_judge(cast: Cast) -> None:
    action = ActionFactory(
        cast=cast, awaiting_assurance=True, ref="WY20-05", lead=cast.police, owner=cast.manager
    )
    assure_action(actor=cast.auditor, action=action, note="Seen.", at=stage.JUDGED_AT)
    row = stage.proposed(cast, action)
    become_auditor(cast, cast.stranger, cast.police)
    with pytest.raises(PermissionDenied, match="lead action WY20-05"):
        _judge(State.IMPLEMENTED)(cast.stranger, row)


@pytest.mark.parametrize("state", [State.PROPOSED, *CLOSED])
def test_a_recommendation_proposed_for_closure_keeps_its_actions(cast: Cast, state: str) -> None:
    row = ready(cast, state)
    with pytest.raises(ValidationError) as refused:
        stage.linked(cast, row, ActionFactory(cast=cast, allocated=True, ref="WY20-09"))
    assert refused.value.code == "state"
    with pytest.raises(ValidationError) as refused:
        unlink_action(actor=cast.manager, link=row.links.get(), reason="Wrong one.", at=AT)
    assert refused.value.code == "state"
    assert row.links.count() == 1


def test_a_cause_of_concern_is_answered_through_its_recommendations(cast: Cast) -> None:
    inspection = InspectionFactory(cast=cast)
    cause = RecommendationFactory(
        cast=cast, inspection=inspection, kind="cause_of_concern", deadline_phrase=""
    )
    under = RecommendationFactory(cast=cast, inspection=inspection, number="2", cause=cause)
    action = ActionFactory(cast=cast, in_progress=True, due=date(2020, 12, 1))
    stage.linked(cast, under, action)
    _answer(State.ACCEPTED)(cast.manager, cause)
    assert cause not in Recommendation.objects.without_live_action()
    row = _start(cast.manager, cause)
    with pytest.raises(ValidationError, match="not complete: WY20-01"):
        _propose(cast.manager, row)
