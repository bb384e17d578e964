"""A board's action log: open actions by meeting, closed ones on request, the log of the board before it, and files."""

from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from meetings.arisings.services import close_arising, record_arising
from meetings.meetings.services import save_item
from meetings.minutes.services import write_minute
from meetings.models import AgendaItem, Arising, Meeting
from tests.cast import AT, Cast
from tests.meetings.arisings.test_arisings import arising
from tests.meetings.factories import BoardFactory, MinuteFactory, held_meeting
from tests.meetings.test_meetings import refusal


def of(cast: Cast, meeting: Meeting, text: str, **fields: Any) -> Arising:
    return arising(cast, minute=MinuteFactory(cast=cast, meeting=meeting), text=text, **fields)


def two_meetings(cast: Cast) -> tuple[Arising, Arising]:
    """Return an open action of a first meeting that is late, and one of a second that is closed."""
    first = held_meeting(cast, day=date(2020, 6, 1))
    second = held_meeting(cast, board=first.board, day=date(2020, 6, 15))
    late = of(cast, first, "Circulate the guide.", due=date(2020, 6, 10))
    closed = close_arising(
        actor=cast.manager, arising=of(cast, second, "Book a room."), meeting=second, outcome="closed", at=AT
    )
    return late, closed


def test_the_log_lists_open_actions_by_meeting_and_closed_ones_on_request(cast: Cast, signed_in: Any) -> None:
    late, closed = two_meetings(cast)
    address = f"/boards/{late.board_id}/action-log/"
    client = signed_in("bradford_spoc")
    page = client.get(address).content.decode()
    assert "1 open" in page
    assert "Meeting of 1 June 2020" in page
    assert "Overdue" in page
    assert closed.text not in page
    assert "Meeting of 15 June 2020" not in page
    page = client.get(address, {"closed": "yes"}).content.decode()
    assert page.index("Meeting of 15 June 2020") < page.index("Meeting of 1 June 2020")
    assert "Closed at the meeting of 15 June 2020" in page


def test_the_files_have_the_rows_of_the_page(cast: Cast, signed_in: Any) -> None:
    late, closed = two_meetings(cast)
    client, address = signed_in("bradford_spoc"), f"/boards/{late.board_id}/action-log"
    text = b"".join(client.get(f"{address}.csv").streaming_content).decode()
    assert client.get(f"{address}.pdf").status_code == 404
    assert "Number of actions arising: 1" in text
    assert "1 June 2020,1/2020,Circulate the guide.,Prevent coordinator" in text
    assert "2020-06-10,Open,Yes" in text
    assert closed.text not in text
    file = client.get(f"{address}.xlsx", {"closed": "yes"})
    rows = list(load_workbook(BytesIO(b"".join(file.streaming_content))).active.iter_rows(values_only=True))
    assert rows[0][0] == "OFFICIAL"
    assert [row[4] for row in rows[-2:]] == ["Book a room.", "Circulate the guide."]


def test_an_action_of_a_private_item_is_in_the_log_of_few(cast: Cast, signed_in: Any) -> None:
    meeting = held_meeting(cast, marking="OFFICIAL-SENSITIVE", handling_instruction="Board members only")
    here = {"actor": cast.manager, "at": AT}
    item = save_item(
        item=AgendaItem(meeting=meeting), title="Contracts", is_private=True, private_reason="Prices", **here
    )
    minute = write_minute(item=item, text="Agreed.", **here)
    record_arising(minute=minute, text="Sign the contract.", owner=cast.gold, **here)
    address = f"/boards/{meeting.board_id}/action-log"
    assert "Sign the contract" not in signed_in("bradford_spoc").get(f"{address}/").content.decode()
    gold = signed_in("gold")
    assert gold.get(f"{address}/").context["page_marking"] == "OFFICIAL-SENSITIVE"
    text = b"".join(gold.get(f"{address}.csv").streaming_content).decode()
    assert "Sign the contract." in text
    assert text.lstrip("\ufeff").startswith("OFFICIAL-SENSITIVE")


def test_the_board_that_took_over_continues_the_log_and_closes_what_is_open(
    cast: Cast, signed_in: Any
) -> None:
    oldest, old, new = boards(cast)
    row = of(cast, held_meeting(cast, board=oldest, day=date(2020, 2, 3)), "Circulate the guide.")
    other = BoardFactory(partnership=cast.yorkshire, name="Silver group")
    words = {"actor": cast.manager, "arising": row, "outcome": "closed", "at": AT}
    wrong = held_meeting(cast, board=other, day=date(2020, 6, 10))
    assert refusal(close_arising, meeting=wrong, **words) == {
        "meeting": ["Select a meeting of the board that it arose from."]
    }
    client = signed_in("bradford_spoc")
    for board in (oldest, old, new):
        assert row.text in client.get(f"/boards/{board.pk}/action-log/").content.decode()
    assert row.text not in client.get(f"/boards/{other.pk}/action-log/").content.decode()
    assert "Oldest board" in client.get(f"/boards/{new.pk}/action-log/").content.decode()
    later = held_meeting(cast, board=new)
    assert close_arising(meeting=later, **words).state == Arising.State.CLOSED
    assert of(cast, later, "Send the plan.").number == row.number + 1


def boards(cast: Cast) -> list[Any]:
    """Return three boards, each of which took over from the one before it."""
    fields: dict[str, Any] = {"partnership": cast.yorkshire}
    oldest = BoardFactory(name="Oldest board", ends_on=date(2020, 2, 29), **fields)
    old = BoardFactory(
        name="Old board", starts_on=date(2020, 3, 1), ends_on=date(2020, 5, 31), succeeds=oldest, **fields
    )
    return [oldest, old, BoardFactory(name="New board", starts_on=date(2020, 6, 1), succeeds=old, **fields)]
