"""The meetings of the demonstration: the days that their sources state, and what boards decided at them."""

from datetime import date

import pytest

from actions.models import ClosureProposal, DateChange
from meetings.models import Meeting
from partners.models import Area, BoardSeat, User
from reports.models import Paper
from reports.papers.queries import papers_by_board
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


def test_each_seat_is_a_post_that_a_paper_states_or_says_that_it_is_illustrative() -> None:
    seats = list(BoardSeat.objects.select_related("organisation", "board", "succeeds"))
    stated = [seat for seat in seats if not seat.source.startswith("Illustrative")]
    assert all(seat.source for seat in seats)
    # No paper says when a seat began.
    assert not any(seat.starts_on for seat in stated)
    silver = [seat for seat in stated if seat.board.name == "Prevent Silver group"]
    assert {seat.organisation.area_id for seat in silver} == set(
        Area.objects.filter(partnership__slug="west-yorkshire").values_list("pk", flat=True)
    )
    [later] = [seat for seat in seats if seat.succeeds]
    assert later.succeeds is not None
    assert later.succeeds.ends_on is not None
    running = BoardSeat.objects.filter(organisation=later.organisation)
    assert list(running.running_on(later.succeeds.ends_on)) == [later.succeeds]
    assert list(running.running_on(date(2020, 6, 19))) == [later]


def test_each_sector_of_the_steering_group_has_a_seat() -> None:
    seats = BoardSeat.objects.filter(board__name="Prevent Steering Group").select_related("organisation")
    assert {seat.organisation.schedule_6_sector or seat.organisation.kind for seat in seats} == {
        *("local_government", "police", "criminal_justice", "health_and_social_care", "education"),
        "community",
    }
    assert {"Prisons", "Probation"} <= {seat.organisation.name for seat in seats}


def test_each_board_and_its_papers_stand_beside_its_cadence() -> None:
    manager = User.objects.get_by_natural_key("manager@example.org")
    sent = {str(each.board): each for each in papers_by_board(manager, date(2020, 6, 19))}
    assert set(sent) == {"Community Outcomes Meeting", "Prevent Silver group"}
    # No source gives the paper of the March session, so its quarter has none.
    assert sent["Community Outcomes Meeting"].without == ["January to March 2020"]
    assert sent["Prevent Silver group"].without == []
    assert all(paper.meeting for each in sent.values() for paper in each.papers)


def test_boards_of_a_past_day_carry_the_names_of_that_day() -> None:
    for meeting in Meeting.objects.select_related("board"):
        assert meeting.board.runs_on(meeting.day)
        assert str(meeting).startswith(f"{meeting.board.name}, ")
