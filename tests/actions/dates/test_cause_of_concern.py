"""Under a cause of concern every later date is the board's: who puts it on, who takes it off."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import Entry
from tests.actions.dates.dates import ask, concern, decide
from tests.cast import PEOPLE, Cast
from tests.factories import ActionFactory


def test_under_a_cause_of_concern_the_first_later_date_is_the_boards(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    assert concern(cast, action).under_cause_of_concern
    assert ask(actor=cast.bradford_spoc, action=action).level == "board"


def test_an_open_request_goes_to_the_board_with_its_action(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    row = ask(actor=cast.bradford_spoc, action=action)
    concern(cast, action)
    # The manager still holds the row as it was.
    with pytest.raises(PermissionDenied, match="board member"):
        decide(actor=cast.manager, date_change=row)
    row.refresh_from_db()
    assert row.level == "board"
    raised, own = Entry.objects.filter(ledger=cast.yorkshire.ledger).order_by("-sequence")[:2][::-1]
    assert (raised.verb, raised.changes) == ("date_change.raised", {"level": ["manager", "board"]})
    assert (own.verb, own.note) == ("action.concern_raised", "Inspection of May 2020.")


@pytest.mark.parametrize("under", [True, False])
@pytest.mark.parametrize("name", PEOPLE)
def test_the_manager_puts_it_on_and_a_board_member_takes_it_off(cast: Cast, name: str, under: bool) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    if not under:
        concern(cast, action)
    if name == ("manager" if under else "gold"):
        assert concern(cast, action, actor=cast.person(name), under=under).under_cause_of_concern == under
    else:
        with pytest.raises(PermissionDenied):
            concern(cast, action, actor=cast.person(name), under=under)


def test_a_board_member_does_not_take_it_off_their_own_action(cast: Cast) -> None:
    action = concern(cast, ActionFactory(cast=cast, in_progress=True, owner=cast.gold))
    with pytest.raises(PermissionDenied):
        concern(cast, action, actor=cast.gold, under=False)


def test_a_cause_of_concern_is_added_once_with_a_reason_to_an_open_action(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    with pytest.raises(ValidationError) as raised:
        concern(cast, action, reason=" ")
    assert set(raised.value.message_dict) == {"reason"}
    with pytest.raises(ValidationError, match="not under a cause of concern"):
        concern(cast, action, actor=cast.gold, under=False)
    concern(cast, action)
    with pytest.raises(ValidationError, match="already under a cause of concern"):
        concern(cast, action)
    closed = ActionFactory(cast=cast, withdrawn=True, ref="WY20-02")
    with pytest.raises(ValidationError, match="is withdrawn") as raised:
        concern(cast, closed)
    assert raised.value.code == "state"
