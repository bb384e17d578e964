"""A board's meeting in real browsers: the manager writes the agenda, records who came and minutes a withdrawal; Gold withdraws
the action under that minute and confirms the minutes at the next meeting."""

import re
from collections.abc import Callable
from datetime import date

from django.urls import reverse
from playwright.sync_api import Page, expect

from actions.closing.services import propose_closure
from actions.models import Action
from audit.actors import SYSTEM
from audit.services import verify
from meetings.attendance.services import Attendee, record_attendance
from meetings.models import Meeting
from partners.models import BoardSeat
from partners.organisations.services import save_reference
from tests.cast import AT, EARLIER, Cast
from tests.factories import ActionFactory
from tests.meetings.factories import held_meeting, steering_board
from tests.stories.browser_walk import follow, press, reads

REASON = "The college runs this course itself now."


def fill(page: Page, **texts: str) -> None:
    """Fill fields by the beginning of their labels; some end in "(optional)"."""
    for label, text in texts.items():
        page.get_by_label(re.compile(f"^{label.replace('_', ' ')}")).fill(text)


def test_from_the_agenda_to_confirmed_minutes_with_a_withdrawal_decided(
    cast: Cast, desk_of: Callable[[str], Page]
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    proposal = propose_closure(actor=cast.manager, action=action, kind="withdraw", reason=REASON, at=AT)
    board = steering_board(cast)
    board.quorum = 1
    save_reference(actor=SYSTEM, row=board, at=EARLIER)
    seat = BoardSeat(board=board, organisation=cast.police, post="Chair", starts_on=date(2020, 1, 1))
    save_reference(actor=SYSTEM, row=seat, at=EARLIER)
    later = held_meeting(cast, board=board, day=date(2020, 6, 17))
    present = [Attendee(cast.police, "Chair", "present")]
    record_attendance(actor=cast.manager, meeting=later, attendees=present, at=AT)

    manager, gold = desk_of("manager"), desk_of("gold")
    plan(manager, board.pk)
    minute(manager, action.ref)
    gold.goto(reverse("actions:closure-decide", args=[action.pk, proposal.pk]))
    withdraw(gold)
    meeting = Meeting.objects.get(day=date(2020, 6, 12))
    address = reverse("meetings:meeting", args=[meeting.pk])
    gold.goto(address)
    confirm(gold)
    manager.goto(address)
    expect(manager.get_by_role("main").get_by_text("Write a minute")).to_have_count(0)
    assert Action.objects.get().state == "withdrawn"
    assert verify(ledger=cast.yorkshire.ledger).problems == []


def plan(manager: Page, board_id: int) -> None:
    """Add a meeting and its agenda, and read the agenda as it is printed."""
    manager.goto(reverse("meetings:meeting-list"))
    follow(manager, "^Add a meeting")
    manager.get_by_label("Board", exact=True).select_option(str(board_id))
    fill(manager, Day="12", Month="6", Year="2020", Start_time="14:00", Place="Carr Gate")
    press(manager, "Save meeting")
    reads(manager, "12 June 2020, 14:00", "Carr Gate")
    follow(manager, "^Add an agenda item")
    fill(manager, Title="Withdrawal of WY20-01")
    manager.get_by_label("For decision").check()
    press(manager, "Save item")
    follow(manager, "^Agenda$")
    reads(manager, "Agenda: CONTEST Strategic Steering Board, 12 June 2020", "For decision")
    manager.get_by_role("link", name="Back to the meeting").click()


def minute(manager: Page, ref: str) -> None:
    """Record that the meeting was held, who came, and what it decided."""
    follow(manager, "^Record as held")
    press(manager, "Record as held")
    follow(manager, "^Record attendance")
    manager.get_by_label(re.compile("^Chair, ")).select_option("present")
    press(manager, "Save attendance")
    follow(manager, "^Write a minute")
    manager.get_by_label("Agenda item").select_option(label="Item 1: Withdrawal of WY20-01")
    manager.get_by_label("Resolved").check()
    manager.get_by_label("Minute", exact=True).fill("The board agreed to withdraw WY20-01.")
    press(manager, "Save minute")
    follow(manager, "^Add a decision")
    manager.get_by_label("Approve", exact=True).check()
    fill(manager, Wording_of_the_decision="WY20-01 is withdrawn.", Reference_of_what_it_acts_on=ref)
    manager.get_by_label(re.compile("^What does it act on")).select_option("withdrawal")
    press(manager, "Save decision")
    reads(manager, "Minute 1/2020", "Decision: approve.", "Withdrawal of an action: WY20-01")


def withdraw(gold: Page) -> None:
    """Carry out the board's decision under its minute."""
    gold.get_by_label("Approve: the action is closed").check()
    fill(gold, **{"The board's reason": REASON})
    gold.get_by_label("Minute of the decision").select_option(
        label="CONTEST Strategic Steering Board, 12 June 2020, minute 1/2020: Withdrawal of WY20-01"
    )
    press(gold, "Save decision")
    reads(gold, "Withdrawn", "minute 1/2020")


def confirm(gold: Page) -> None:
    """Confirm the minutes at the next meeting, and read them as they are printed."""
    follow(gold, "^Confirm the minutes")
    gold.get_by_label("CONTEST Strategic Steering Board, 17 June 2020").check()
    press(gold, "Confirm minutes")
    reads(gold, "Confirmed by the meeting of 17 June 2020")
    follow(gold, "^Minutes$")
    reads(gold, "WY20-01 is withdrawn.", "Minutes confirmed by the meeting of 17 June 2020")
