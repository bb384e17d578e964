"""Search in the record of boards: meetings, agenda items, minutes and decisions, of what the reader may view."""

from datetime import date
from typing import Any

from desk.search.services.finding import search
from desk.search.services.kinds import Kind
from meetings.decisions.services import record_decision
from meetings.meetings.services import save_item, save_meeting
from meetings.minutes.services import write_minute
from meetings.models import AgendaItem
from tests.cast import AT, TODAY, Cast
from tests.meetings.factories import MinuteFactory, held_meeting


def titles(user: Any, text: str, *kinds: Kind) -> list[str]:
    """Return the results, as the kind and the title of each."""
    return sorted(
        f"{hit.kind.value}: {hit.title}" for hit in search(actor=user, text=text, on=TODAY, kinds=kinds)[:100]
    )


def minuted(cast: Cast) -> Any:
    meeting = held_meeting(cast, day=date(2020, 6, 1), place="Zeppelin House")
    here = {"actor": cast.manager, "at": AT}
    minute = MinuteFactory(
        cast=cast,
        meeting=meeting,
        reference="CSB 21/20",
        title="Zeppelin policy",
        text="A zeppelin was seen.",
    )
    record_decision(minute=minute, effect="approve", wording="Moor the zeppelin.", **here)
    item = AgendaItem(meeting=meeting)
    private = save_item(item=item, title="Contracts", is_private=True, private_reason="Zeppelin hire", **here)
    write_minute(item=private, reference="CSB 22/20", text="The zeppelin is too dear.", **here)
    return meeting


def test_each_kind_is_found_by_its_words_and_private_items_by_few(cast: Cast, signed_in: Any) -> None:
    meeting = minuted(cast)
    board = "CONTEST Strategic Steering Board, 1 June 2020"
    everybody = [
        f"agenda_item: Zeppelin policy ({board}, item 1)",
        f"decision: Approve: {board}, minute CSB 21/20",
        f"meeting: {board}",
        f"minute: {board}, minute CSB 21/20",
    ]
    assert titles(cast.bradford_spoc, "zeppelin") == everybody
    assert titles(cast.gold, "zeppelin") == sorted(
        [*everybody, f"agenda_item: Contracts ({board}, item 2)", f"minute: {board}, minute CSB 22/20"]
    )
    for person in (cast.wakefield_contact, cast.leicestershire_manager, cast.observer, cast.opcc_officer):
        assert titles(person, "zeppelin") == []
    assert titles(cast.gold, "zeppelin", Kind.DECISION) == everybody[1:2]
    assert titles(cast.gold, "CSB 22/20") == [f"minute: {board}, minute CSB 22/20"]
    page = signed_in("gold").get("/search/", {"q": "zeppelin"}).content.decode()
    for text in (
        "Minutes (2)",
        "Decisions (1)",
        f'href="/meetings/{meeting.pk}/#item-2"',
        "<mark>zeppelin</mark>",
    ):
        assert text in page
    assert "Minutes (" not in signed_in("gold").get("/search/", {"q": "balloon"}).content.decode()


def test_a_result_carries_the_highest_marking_of_its_meeting(cast: Cast) -> None:
    meeting = minuted(cast)
    fields = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Board members only"}
    save_meeting(actor=cast.manager, meeting=meeting, at=AT, **fields)
    hits = search(actor=cast.gold, text="zeppelin", on=TODAY)[:100]
    assert {hit.marking for hit in hits} == {"OFFICIAL-SENSITIVE"}
    assert titles(cast.bradford_spoc, "zeppelin") == []
