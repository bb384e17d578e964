"""What waits for a board: offered where its decisions are recorded, and listed on a page of its own."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.business.services import record_as_action, record_board_decision
from actions.closing.services import decide_closure
from actions.models import Action
from meetings.arisings.services import record_arising, report_arising
from meetings.meetings.services import save_item
from meetings.models import AgendaItem, Arising, Decision, Minute
from tests.actions.dates.test_dates import ask
from tests.cast import AT, Cast
from tests.factories import ActionFactory, ClosureProposalFactory
from tests.inspections.letters.letters import drafted
from tests.meetings.factories import BoardFactory, MinuteFactory, held_meeting, steering_board

REPORTED = {"effect": "approve", "wording": "Withdrawn."}


def page(board: Any) -> str:
    return reverse("actions:board-business", args=[board.pk])


def form_address(minute: Minute) -> str:
    return reverse("meetings:decision-record", args=[minute.item.meeting_id, minute.pk])


def answer(minute: Minute, **fields: Any) -> dict[str, Any]:
    minute.item.meeting.refresh_from_db()
    return {"version": minute.item.meeting.version, **REPORTED, **fields}


@pytest.fixture
def action(cast: Cast) -> Action:
    return ActionFactory(cast=cast, in_progress=True, ref="WY20-01")


def test_the_form_offers_what_waits_and_the_decision_names_it(
    cast: Cast, signed_in: Any, action: Action
) -> None:
    proposal, minute = ClosureProposalFactory(cast=cast, action=action), MinuteFactory(cast=cast)
    client, address = signed_in("manager"), form_address(minute)
    assert f"WY20-01 {action.title}: withdraw" in client.get(address).content.decode()
    response = client.post(address, answer(minute, business="withdrawal:WY20-01"))
    assert response.status_code == 302
    decision = Decision.objects.get()
    assert (decision.subject, decision.subject_ref, decision.applied) == ("withdrawal", "WY20-01", False)
    listed = client.get(page(minute.board)).content.decode()
    assert "withdrawal of an action, approve" in listed
    decide_closure(actor=cast.gold, proposal=proposal, approve=True, reason="Agreed.", minute=minute, at=AT)
    listed = client.get(page(minute.board)).content.decode()
    assert "No request waits for this board." in listed
    assert "Every decision on an action has been carried out." in listed


def test_a_request_and_a_reference_of_something_else_are_not_sent_together(
    cast: Cast, signed_in: Any, action: Action
) -> None:
    ClosureProposalFactory(cast=cast, action=action)
    minute, client = MinuteFactory(cast=cast), signed_in("manager")
    sent = answer(minute, business="withdrawal:WY20-01", subject="action", subject_ref="WY20-01")
    response = client.post(form_address(minute), sent)
    assert list(response.context["form"].errors) == ["subject"]
    assert "Withdrawn." in response.content.decode()


def test_the_page_lists_all_that_waits_for_the_board(cast: Cast, signed_in: Any, action: Action) -> None:
    minute = MinuteFactory(cast=cast, meeting=held_meeting(cast, day=date(2020, 6, 1)))
    arising = record_arising(
        actor=cast.manager, minute=minute, text="Circulate the guide.", owner=cast.bradford_spoc, at=AT
    )
    report_arising(actor=cast.bradford_spoc, arising=arising, progress="Sent.", propose=True, at=AT)
    later = ask(actor=cast.manager, action=action)
    html = signed_in("gold").get(page(minute.board)).content.decode()
    for words in (
        f"New due date of {later.new_due:%-d %B %Y}",
        "Circulate the guide.",
        "Meeting of 1 June 2020",
    ):
        assert words in html
    assert (
        page(minute.board)
        in signed_in("gold").get(reverse("meetings:board", args=[minute.board_id])).content.decode()
    )


def test_each_board_has_the_business_it_may_decide(cast: Cast, signed_in: Any, action: Action) -> None:
    ClosureProposalFactory(cast=cast, action=action)
    leeds = BoardFactory(partnership=cast.yorkshire, name="Leeds Gold board", area=cast.leeds)
    silver = BoardFactory(partnership=cast.yorkshire, name="Silver group", decides_on_actions=False)
    client = signed_in("gold")
    assert action.title in client.get(page(steering_board(cast))).content.decode()
    assert "No request waits for this board." in client.get(page(leeds)).content.decode()
    assert "does not decide on actions" in client.get(page(silver)).content.decode()
    contact = signed_in("wakefield_contact").get(page(steering_board(cast))).content.decode()
    assert action.title not in contact


@pytest.mark.parametrize(
    ("ref", "board", "words"),
    [
        ("WY20-99", {}, "Enter the reference of an action in this partnership."),
        (
            "WY20-01",
            {"decides_on_actions": False},
            "Another board does not decide on actions. Choose a minute of a board that does.",
        ),
    ],
)
def test_a_decision_is_about_an_action_that_the_board_decides_on(
    cast: Cast, action: Action, ref: str, board: dict[str, Any], words: str
) -> None:
    of = BoardFactory(partnership=cast.yorkshire, name="Another board", **board)
    minute = MinuteFactory(cast=cast, meeting=held_meeting(cast, board=of))
    with pytest.raises(ValidationError) as refused:
        record_board_decision(
            actor=cast.manager, minute=minute, subject="withdrawal", subject_ref=ref, at=AT, **REPORTED
        )
    assert refused.value.message_dict == {"subject_ref": [words]}
    assert not Decision.objects.exists()


def test_the_page_costs_the_same_for_one_request_and_many(cast: Cast, signed_in: Any, action: Action) -> None:
    ClosureProposalFactory(cast=cast, action=action)
    client, address = signed_in("gold"), page(steering_board(cast))
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address)
    for ref in ("WY20-02", "WY20-03"):
        ClosureProposalFactory(cast=cast, action=ActionFactory(cast=cast, in_progress=True, ref=ref))
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(few) == len(many)


def an_arising(cast: Cast) -> Arising:
    return record_arising(
        actor=cast.manager, minute=MinuteFactory(cast=cast), text="Circulate it.", post="Secretary", at=AT
    )


def test_an_action_arising_becomes_an_action_that_exists(cast: Cast, signed_in: Any, action: Action) -> None:
    row, manager = an_arising(cast), signed_in("manager")
    here = reverse("meetings:arising-action", args=[row.pk])
    assert here in manager.get(reverse("meetings:arising", args=[row.pk])).content.decode()
    for ref, words in (
        (" ", "Enter the reference of the action"),
        ("WY20-99", "Enter the reference of an action in this partnership."),
    ):
        refused = manager.post(here, {"version": row.version, "ref": ref})
        assert refused.status_code == 422
        assert words in refused.content.decode()
    stale = manager.post(here, {"version": row.version + 1, "ref": action.ref})
    assert stale.status_code == 409
    assert manager.post(here, {"version": row.version, "ref": " wy20-01 "}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.action_ref) == (Arising.State.BECAME_ACTION, "WY20-01")
    assert "WY20-01" in manager.get(reverse("meetings:arising", args=[row.pk])).content.decode()


def test_a_person_records_the_action_that_it_became(cast: Cast, action: Action) -> None:
    row = record_as_action(actor=cast.manager, arising=an_arising(cast), ref=action.ref, at=AT)
    assert row.action_ref == action.ref


def test_an_item_of_an_agenda_waits_until_its_decision_is_recorded(
    cast: Cast, signed_in: Any, action: Action
) -> None:
    minute, here = MinuteFactory(cast=cast), {"actor": cast.manager, "at": AT}
    meeting = minute.item.meeting
    for subject, ref in (("reopening", "wy20-01"), ("rating", "WY20-77"), ("letter", "PCC 4/20")):
        item = AgendaItem(meeting=meeting)
        save_item(item=item, title=f"About {ref}", subject=subject, subject_ref=ref, **here)
    client, board = signed_in("manager"), page(minute.board)
    html = client.get(board).content.decode()
    for words in ("Reopening of a completed action", "Rating of an action", "WY20-77", "PCC 4/20"):
        assert words in html
    assert f'href="/actions/{action.pk}/"' in html
    form = client.get(form_address(minute)).content.decode()
    assert 'value="reopening:WY20-01"' in form
    assert 'value="letter:PCC 4/20"' in form
    sent = answer(minute, business="letter:PCC 4/20", effect="note")
    assert client.post(form_address(minute), sent).status_code == 302
    html = client.get(board).content.decode()
    assert "PCC 4/20" not in html
    assert "WY20-77" in html
    # An item of a later agenda waits again.
    later = held_meeting(cast, board=minute.board, day=date(2020, 6, 15))
    save_item(item=AgendaItem(meeting=later), title="Again", subject="letter", subject_ref="PCC 4/20", **here)
    assert "PCC 4/20" in client.get(board).content.decode()


def test_an_item_of_the_private_part_waits_for_those_who_see_it(cast: Cast, signed_in: Any) -> None:
    meeting = held_meeting(cast)
    private = {"is_private": True, "private_reason": "Prices", "subject": "letter", "subject_ref": "PCC 4/20"}
    save_item(actor=cast.manager, item=AgendaItem(meeting=meeting), title="Letter", at=AT, **private)
    assert "PCC 4/20" in signed_in("gold").get(page(meeting.board)).content.decode()
    assert "PCC 4/20" not in signed_in("bradford_spoc").get(page(meeting.board)).content.decode()


def test_a_letter_that_is_not_sent_waits_for_the_boards_of_the_force(cast: Cast, signed_in: Any) -> None:
    letter = drafted(cast)
    here = f'href="{reverse("inspections:letter", args=[letter.pk])}"'
    leeds = BoardFactory(partnership=cast.yorkshire, name="Leeds Gold board", area=cast.leeds)
    client = signed_in("gold")
    assert here in client.get(page(steering_board(cast))).content.decode()
    assert here not in client.get(page(leeds)).content.decode()
    assert here not in signed_in("wakefield_contact").get(page(steering_board(cast))).content.decode()
