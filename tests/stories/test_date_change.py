"""A due date in real browsers: asked for, refused, asked for again and approved by the manager; the next one by the
board, with its minute reference. Everybody finds their part in My work, and both reasons stay on the page."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from actions.models import Action
from audit.services import verify
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.meetings.factories import CITED, board_minute
from tests.stories.browser_walk import follow, press, reads
from tests.support.browser import sideways_scroll

REASON = "Two trainers are ill until October."
REFUSED = "Ask the trainers of Leeds first."
AGAIN = "Leeds has no trainer free either."
APPROVED = "Two months, and no longer."
LAST = "The second course is full."

pytestmark = pytest.mark.usefixtures("time_passes")


def ask(page: Page, month: str, reason: str, who: str) -> None:
    reads(page, f"A later date goes to {who}.")
    for part, value in {"Day": "30", "Month": month, "Year": "2020"}.items():
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_label("Reason for the new due date").fill(reason)
    press(page, "Request new due date")
    reads(
        page,
        f"New due date requested. {who.capitalize()} will decide.",
        f"New due date requested: {who} will decide",
    )


def decide(page: Page, choice: str, reason: str) -> None:
    page.goto("/")
    follow(page, "^Approve or reject a new due date for")
    page.get_by_label(choice).check()
    page.get_by_label("Reason for the decision").fill(reason)
    press(page, "Save decision")


def test_a_date_is_refused_then_moved_and_moved_again_by_the_board(
    cast: Cast, desk_of: Callable[[str], Page]
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    address = reverse("actions:action", args=[action.pk])
    minute = board_minute(cast)
    spoc, manager, gold = desk_of("bradford_spoc"), desk_of("manager"), desk_of("gold")

    spoc.goto(address)
    follow(spoc, "^Request a new due date")
    ask(spoc, "11", REASON, "the programme manager")
    decide(manager, "Reject", REFUSED)
    reads(manager, "Decision on the due date saved.", "Rejected by Manager", REASON, REFUSED)

    spoc.goto("/")
    reads(spoc, "30 November 2020 was rejected: Ask the trainers of Leeds first")
    follow(spoc, "^Replan for the due date of")
    reads(spoc, REFUSED)
    ask(spoc, "11", AGAIN, "the programme manager")
    decide(manager, "Approve", APPROVED)
    reads(manager, "61 days later than first set", AGAIN, APPROVED)

    spoc.goto(address)
    follow(spoc, "^Request a new due date")
    reads(spoc, "The due date has already moved later once, so the board decides the next change.")
    ask(spoc, "12", LAST, "the board")
    manager.goto("/")
    expect(manager.get_by_role("link", name=re.compile("^Approve or reject a new due date"))).to_have_count(0)
    decide(gold, "Approve", "Agreed.")
    expect(gold.get_by_role("alert")).to_contain_text("Choose the minute of the board's decision.")
    gold.get_by_label("Minute of the decision").select_option(str(minute.pk))
    press(gold, "Save decision")
    reads(
        gold,
        f"Approved by Gold for the board, 19 June 2020, {CITED}",
        LAST,
        "91 days later",
    )

    gold.goto(reverse("actions:plan-slippage", args=[cast.plan.pk]))
    reads(gold, "Changed more than once", LAST)
    follow(gold, "^91")
    reads(gold, "1 action.", action.ref)
    gold.goto(address)
    gold.set_viewport_size({"width": 320, "height": 700})
    assert sideways_scroll(gold) == 0
    stored = Action.objects.get()
    assert (stored.moves, stored.extensions, stored.days_slipped) == (2, 2, 91)
    assert verify(ledger=cast.yorkshire.ledger).problems == []
