"""The meetings of the demonstration: the days that their sources state, and what boards decided at them."""

from datetime import date

import pytest

from actions.models import ClosureProposal, DateChange
from meetings.models import Meeting
from reports.models import Paper
from tests.demo.loaded import loaded

__all__ = ["loaded"]
pytestmark = [pytest.mark.usefixtures("loaded"), pytest.mark.django_db]

STATED = {
    ("Ethics, Integrity and Complaints Committee", "15 December 2017", "held"),
    ("Community Outcomes Meeting", "19 June 2018", "held"),
    ("Partnership Executive Group", "September 2018", "held"),
    ("Community Outcomes Meeting", "8 October 2019", "held"),
    ("Community Outcomes Meeting", "March 2020", "held"),
    ("Community Outcomes Meeting", "24 June 2020", "planned"),
}


def test_each_stated_meeting_has_the_day_and_the_source_that_its_paper_gives() -> None:
    rows = Meeting.objects.filter(basis="stated").select_related("board")
    assert {(str(row.board), row.day_in_words, row.state) for row in rows} == STATED
    assert all(row.source for row in rows)
    assert date(2017, 12, 15).strftime("%A") == "Friday"
    assert {row.basis for row in Meeting.objects.exclude(basis="stated")} <= {"illustrative"}


def test_the_next_meeting_known_on_19_june_2020_is_the_one_of_24_june() -> None:
    row = Meeting.objects.filter(day__gt=date(2020, 6, 19), state="planned").earliest("day")
    assert (str(row.board), row.day, row.is_online) == ("Community Outcomes Meeting", date(2020, 6, 24), True)


def test_each_issued_paper_is_of_a_meeting_of_its_board() -> None:
    papers = list(Paper.objects.issued().select_related("meeting", "template"))
    assert papers
    for paper in papers:
        assert paper.meeting is not None, paper
        assert paper.meeting.board_id == paper.board_id


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
