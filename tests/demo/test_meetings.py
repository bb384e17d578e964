"""The meetings of the demonstration: the days that their sources state, and what boards decided at them."""

from datetime import date

import pytest

from actions.models import ClosureProposal, DateChange
from meetings.models import Meeting
from tests.demo.loaded import loaded

__all__ = ["loaded"]
pytestmark = [pytest.mark.usefixtures("loaded"), pytest.mark.django_db]


def test_the_next_meeting_known_on_19_june_2020_is_the_one_of_24_june() -> None:
    row = Meeting.objects.filter(day__gt=date(2020, 6, 19), state="planned").earliest("day")
    assert (str(row.board), row.day, row.is_online) == ("Community Outcomes Meeting", date(2020, 6, 24), True)


def test_each_decision_of_a_board_cites_a_minute_of_a_board_that_decides() -> None:
    decided = [
        *ClosureProposal.objects.filter(state="approved").select_related("minute__board", "action"),
        *DateChange.objects.filter(state="approved", level="board").select_related("minute__board", "action"),
    ]
    assert decided
    for row in decided:
        assert row.minute is not None, row
        assert row.reference == row.minute.citation
        assert row.minute.board.decides_on_actions
        assert row.minute.board.area_id in (None, row.action.area_id)
        listed = row.minute.decisions.filter(subject_ref=row.action.ref, applied=True)
        assert listed.exists(), row
