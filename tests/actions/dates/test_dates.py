"""Due dates move by somebody's decision: who asks, who decides, and what is refused."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actions.actions.services import allocate_action
from actions.assurance.services import assure_action, submit_action
from actions.dates.services import decider_of, withdraw_date_change
from actions.milestones.services import add_milestone, drop_milestone
from actions.models import Action, DateChange
from tests.actions.dates.dates import LATER, LATEST, ask, concern, decide, give, moved
from tests.cast import AT, LONDON, PEOPLE, TODAY, Cast
from tests.factories import ActionFactory
from tests.meetings.factories import board_minute

DUE = date(2020, 9, 30)


def refused(**arguments: Any) -> ValidationError:
    with pytest.raises(ValidationError) as raised:
        ask(**arguments)
    return raised.value


# Asking ------------------------------------------------------------------------------------------------------


def test_an_earlier_date_applies_at_once(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    row = ask(actor=cast.bradford_spoc, action=action, new_due=date(2020, 8, 31))
    action.refresh_from_db()
    assert (row.level, row.state, row.decided_by, row.decided_at) == ("at_once", "approved", None, AT)
    assert (action.due, action.original_due) == (date(2020, 8, 31), DUE)
    assert (action.moves, action.extensions, action.days_slipped) == (1, 0, -30)


def test_a_later_date_waits_and_the_date_stays(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    row = ask(actor=cast.bradford_spoc, action=action)
    action.refresh_from_db()
    assert (row.level, row.state, row.old_due, row.new_due) == ("manager", "requested", DUE, LATER)
    assert (action.due, action.moves, action.extensions) == (DUE, 0, 0)


def test_an_earlier_date_does_not_use_up_the_managers_decision(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    ask(actor=cast.bradford_spoc, action=action, new_due=date(2020, 8, 31))
    assert ask(actor=cast.bradford_spoc, action=action).level == "manager"


def test_the_second_later_date_is_the_boards(cast: Cast) -> None:
    action = moved(cast, ActionFactory(cast=cast, in_progress=True))
    row = ask(actor=cast.bradford_spoc, action=action, new_due=LATEST)
    assert row.level == "board"
    with pytest.raises(PermissionDenied):
        decide(actor=cast.manager, date_change=row)
    decide(actor=cast.gold, date_change=row, minute=board_minute(cast))
    action.refresh_from_db()
    assert (action.due, action.original_due) == (LATEST, DUE)
    assert (action.moves, action.extensions, action.days_slipped) == (2, 2, 92)


def test_a_refused_request_does_not_count_as_the_first(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    decide(actor=cast.manager, date_change=ask(actor=cast.bradford_spoc, action=action), approve=False)
    assert ask(actor=cast.bradford_spoc, action=action).level == "manager"


def test_the_manager_does_not_decide_their_own_request(cast: Cast) -> None:
    request = ask(actor=cast.manager, action=ActionFactory(cast=cast, in_progress=True))
    assert request.level == "board"
    for field in ("owner", "alternate"):
        people = {"owner": cast.bradford_spoc, field: cast.manager}
        action = ActionFactory(cast=cast, unallocated=True, ref=f"WY20-{field}")
        allocate_action(
            actor=cast.manager, action=action, lead=cast.bradford_district, due=DUE, at=AT, **people
        )
        action.refresh_from_db()
        decider = decider_of(actor=cast.bradford_spoc, action=action, on=TODAY)
        assert (decider.level, "manages this plan" in decider.why) == ("board", True)


@pytest.mark.parametrize("name", PEOPLE)
def test_the_lead_and_the_manager_request_a_date(cast: Cast, name: str) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    if name in ("bradford_spoc", "manager"):
        assert ask(actor=cast.person(name), action=action).is_open
    else:
        with pytest.raises(PermissionDenied):
            ask(actor=cast.person(name), action=action)
        assert not DateChange.objects.exists()


def test_a_contact_of_the_lead_asks_and_a_supporter_does_not(cast: Cast) -> None:
    led = ActionFactory(cast=cast, in_progress=True, ref="WY20-02", lead=cast.wakefield_council)
    assert ask(actor=cast.wakefield_contact, action=led).is_open
    supported = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    with pytest.raises(PermissionDenied):
        ask(actor=cast.wakefield_contact, action=supported)


@pytest.mark.parametrize(
    ("new_due", "words"),
    [
        (DUE, "This is already the due date."),
        (date(2020, 3, 31), "The action starts on 1 April 2020"),
        (date(2020, 6, 18), "18 June 2020 has passed."),
        (date(2026, 4, 1), "The plan ends on 31 March 2021"),
    ],
)
def test_a_date_that_cannot_be_is_refused_in_words(cast: Cast, new_due: date, words: str) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    error = refused(actor=cast.bradford_spoc, action=action, new_due=new_due)
    assert error.message_dict["new_due"][0].startswith(words)
    assert not DateChange.objects.exists()


@pytest.mark.parametrize("new_due", [TODAY, date(2026, 3, 31)])
def test_the_first_and_the_last_possible_day(cast: Cast, new_due: date) -> None:
    assert (
        ask(
            actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True), new_due=new_due
        ).new_due
        == new_due
    )


def test_the_actions_own_start_counts_where_it_has_one(cast: Cast) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    allocate_action(
        actor=cast.manager,
        action=action,
        lead=cast.bradford_district,
        owner=cast.bradford_spoc,
        due=DUE,
        starts_on=date(2020, 7, 1),
        at=AT,
    )
    error = refused(actor=cast.bradford_spoc, action=action, new_due=date(2020, 6, 30))
    assert "starts on 1 July 2020" in error.message_dict["new_due"][0]


def test_an_earlier_date_leaves_no_open_milestone_behind(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    milestone = add_milestone(
        actor=cast.bradford_spoc, action=action, title="Name the trainers", due=date(2020, 9, 1), at=AT
    )
    error = refused(actor=cast.bradford_spoc, action=action, new_due=date(2020, 8, 31))
    assert "“Name the trainers” is due on 1 September 2020" in error.message_dict["new_due"][0]
    drop_milestone(actor=cast.bradford_spoc, milestone=milestone, reason="They are known.", at=AT)
    assert ask(actor=cast.bradford_spoc, action=action, new_due=date(2020, 8, 31)).state == "approved"


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_request_says_why(cast: Cast, reason: str) -> None:
    error = refused(
        actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True), reason=reason
    )
    assert set(error.message_dict) == {"reason"}


@pytest.mark.parametrize("new_due", [LATEST, date(2020, 8, 31)])
def test_one_request_is_open_at_a_time(cast: Cast, new_due: date) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    ask(actor=cast.bradford_spoc, action=action)
    error = refused(actor=cast.manager, action=action, new_due=new_due)
    assert error.code == "state"
    assert "Bradford spoc has already requested 30 November 2020." in error.messages[0]


@pytest.mark.parametrize(
    ("make", "state"),
    [
        (lambda cast: ActionFactory(cast=cast, unallocated=True), "awaiting allocation"),
        (lambda cast: ActionFactory(cast=cast, awaiting_assurance=True), "awaiting assurance"),
        (lambda cast: ActionFactory(cast=cast, withdrawn=True), "withdrawn"),
    ],
)
def test_out_of_state_a_request_is_refused_naming_the_state(cast: Cast, make: Any, state: str) -> None:
    error = refused(actor=cast.manager, action=make(cast))
    assert error.code == "state"
    assert f"This action is {state}" in error.messages[0]


def test_a_stale_form_conflicts(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    assert refused(actor=cast.manager, action=action, version=action.version - 1).code == "conflict"


# Deciding ----------------------------------------------------------------------------------------------------


def test_both_reasons_are_kept(cast: Cast) -> None:
    row = ask(
        actor=cast.bradford_spoc,
        action=ActionFactory(cast=cast, in_progress=True),
        reason="Illness in the team.",
    )
    decide(actor=cast.manager, date_change=row, reason="Two months are enough.")
    row.refresh_from_db()
    assert (row.reason, row.decision_reason) == ("Illness in the team.", "Two months are enough.")
    assert (row.requested_by, row.decided_by, row.decided_at) == (cast.bradford_spoc, cast.manager, AT)


def test_a_refusal_leaves_the_date(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    decide(actor=cast.manager, date_change=ask(actor=cast.bradford_spoc, action=action), approve=False)
    action.refresh_from_db()
    assert (action.due, action.moves, action.extensions) == (DUE, 0, 0)


@pytest.mark.parametrize("level", ["manager", "board"])
@pytest.mark.parametrize("name", PEOPLE)
def test_each_level_is_decided_by_its_role_alone(cast: Cast, name: str, level: str) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    if level == "board":
        concern(cast, action)
    row = ask(actor=cast.bradford_spoc, action=action)
    if name == {"manager": "manager", "board": "gold"}[level]:
        assert decide(actor=cast.person(name), date_change=row, minute=board_minute(cast)).state == "approved"
    else:
        with pytest.raises(PermissionDenied):
            decide(actor=cast.person(name), date_change=row, minute=board_minute(cast))
        assert DateChange.objects.open().count() == 1


@pytest.mark.parametrize("part", ["asks", "owns", "is the alternate"])
def test_a_board_member_does_not_decide_on_their_own(cast: Cast, part: str) -> None:
    people = {"owner": cast.gold if part == "owns" else cast.bradford_spoc}
    action = ActionFactory(cast=cast, in_progress=True, **people)
    concern(cast, action)
    if part == "is the alternate":
        allocate_action(
            actor=cast.manager,
            action=action,
            lead=cast.bradford_district,
            owner=cast.bradford_spoc,
            alternate=cast.gold,
            at=AT,
        )
    if part == "asks":
        give(cast, cast.gold, "partner_contact", cast.bradford_district)
    row = ask(actor=cast.gold if part == "asks" else cast.manager, action=action)
    with pytest.raises(PermissionDenied, match="another board member must decide"):
        decide(actor=cast.gold, date_change=row, minute=board_minute(cast))


def test_a_new_manager_does_not_decide_what_they_asked_for_before(cast: Cast) -> None:
    row = ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True))
    give(cast, cast.bradford_spoc, "programme_manager", cast.police)
    with pytest.raises(PermissionDenied):
        decide(actor=cast.bradford_spoc, date_change=row)


def test_a_board_approves_with_its_minute(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    concern(cast, action)
    row = ask(actor=cast.bradford_spoc, action=action)
    with pytest.raises(ValidationError) as raised:
        decide(actor=cast.gold, date_change=row)
    assert set(raised.value.message_dict) == {"minute"}
    assert decide(actor=cast.gold, date_change=row, approve=False).state == "rejected"


@pytest.mark.parametrize("approve", [True, False])
def test_a_decision_has_a_reason(cast: Cast, approve: bool) -> None:
    row = ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True))
    with pytest.raises(ValidationError) as raised:
        decide(actor=cast.manager, date_change=row, approve=approve, reason=" ")
    assert set(raised.value.message_dict) == {"reason"}


def test_a_day_that_passed_meanwhile_is_not_approved(cast: Cast) -> None:
    row = ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True))
    the_day = datetime(2020, 11, 30, 9, tzinfo=LONDON)
    with pytest.raises(ValidationError) as raised:
        decide(actor=cast.manager, date_change=row, at=the_day + timedelta(days=1))
    assert "30 November 2020 has passed. Reject the request" in raised.value.message_dict["approve"][0]
    assert decide(actor=cast.manager, date_change=row, at=the_day).state == "approved"


@pytest.mark.parametrize("again", ["decide", "withdraw"])
def test_a_request_is_decided_once(cast: Cast, again: str) -> None:
    row = ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True))
    decide(actor=cast.manager, date_change=row, approve=False)
    stale = DateChange(pk=row.pk, action=row.action, level=row.level, requested_by=cast.bradford_spoc)
    with pytest.raises(ValidationError) as raised:
        if again == "decide":
            decide(actor=cast.manager, date_change=stale)
        else:
            withdraw_date_change(actor=cast.bradford_spoc, date_change=stale, reason="Not needed.", at=AT)
    assert raised.value.code == "conflict"
    assert "rejected by Manager on 19 June 2020 at 10:00am" in raised.value.messages[0]


def test_it_is_decided_while_the_action_waits_for_assurance_and_lapses_when_it_is_complete(
    cast: Cast,
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    rows = [ask(actor=cast.bradford_spoc, action=each) for each in (action, other)]
    for each in (action, other):
        each.refresh_from_db()
        submit_action(actor=cast.bradford_spoc, action=each, note="Done.", at=AT)
    assert decide(actor=cast.manager, date_change=rows[0]).state == "approved"
    assure_action(actor=cast.auditor, action=other, note="Seen.", at=AT)
    with pytest.raises(ValidationError) as raised:
        decide(actor=cast.manager, date_change=rows[1])
    assert raised.value.code == "conflict"


# Taking back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PEOPLE)
def test_the_lead_and_the_manager_withdraw_a_request(cast: Cast, name: str) -> None:
    row = ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True))
    person = cast.person(name)
    if name in ("bradford_spoc", "manager"):
        withdrawn = withdraw_date_change(actor=person, date_change=row, reason="Not needed.", at=AT)
        assert (withdrawn.state, withdrawn.decision_reason) == ("withdrawn", "Not needed.")
        assert ask(actor=cast.bradford_spoc, action=Action.objects.get()).is_open
    else:
        with pytest.raises(PermissionDenied):
            withdraw_date_change(actor=person, date_change=row, reason="No.", at=AT)
