"""Section 55 in real browsers: from a new inspection to a letter that was approved by another, published and sent. The
clock runs all the while, and the letter does not change once it is approved."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from docx import Document
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from audit.services import verify
from inspections.core.states import LetterState
from inspections.models import Inspection, PublishedResponse
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.stories.browser_walk import follow, press, reads

TITLE = "An inspection of the police's contribution to the government's Prevent programme"
SIGNATORY = "Police and Crime Commissioner for West Yorkshire"
FROZEN = "Three of five teams are trained; the rest follow in July."

pytestmark = pytest.mark.usefixtures("time_passes")


def fill_day(page: Page, group: str, day: str, month: str) -> None:
    parts = {"Day": day, "Month": month, "Year": "2020"}
    for part, value in parts.items():
        page.get_by_role("group", name=group).get_by_label(part, exact=True).fill(value)


def add_inspection(page: Page) -> None:
    page.goto("/inspections/")
    follow(page, "^Add an inspection")
    page.get_by_label("Title", exact=True).fill(TITLE)
    page.get_by_label("Short title").fill("CT4")
    page.get_by_label("Inspecting body").fill("HMICFRS")
    page.get_by_label("Police inspectorate").check()
    page.get_by_label("National or thematic").check()
    fill_day(page, "Published on", "9", "3")
    press(page, "Save")
    reads(page, TITLE, "47 days late", "3 May 2020")


def add_recommendation(page: Page, text: str) -> None:
    follow(page, "^Add a finding")
    page.get_by_label("Recommendation", exact=True).check()
    page.get_by_label("Text", exact=True).fill(text)
    press(page, "Save")
    reads(page, text)


def to_the_inspection(page: Page) -> None:
    page.goto(f"/inspections/{Inspection.objects.get().pk}/")


def respond(page: Page, kind: str, text: str) -> None:
    follow(page, "^Write the response to Recommendation")
    page.get_by_label(kind).check()
    page.get_by_label("Response", exact=True).fill(text)
    press(page, "Save response")
    reads(page, "Response saved.")


def test_from_a_new_inspection_to_a_letter_that_was_sent(cast: Cast, desk_of: Callable[[str], Page]) -> None:
    action = ActionFactory(cast=cast, in_progress=True, title="Train the officers")
    manager, officer, director = (desk_of(name) for name in ("manager", "opcc_officer", "opcc_director"))

    add_inspection(manager)
    add_recommendation(manager, "Share referrals within a day.")
    to_the_inspection(manager)
    add_recommendation(manager, "Train every officer.")
    link_the_action(manager, action.ref)

    both_are_answered(manager)
    letter = the_letter_is_drafted(officer)
    comments_come_in(officer)
    the_director_approves(director)
    nothing_changes_it(manager, letter)
    it_is_published_and_sent(officer)

    letter.refresh_from_db()
    assert (letter.state, letter.approved_by, letter.drafted_by) == (
        LetterState.PUBLISHED,
        cast.opcc_director,
        cast.opcc_officer,
    )
    spoc = desk_of("bradford_spoc")
    to_the_inspection(spoc)
    reads(spoc, "Answered 47 days late")
    follow(spoc, "^Dated 19 June 2020")
    reads(spoc, FROZEN, SIGNATORY)
    assert verify(ledger=cast.yorkshire.ledger).ok


def link_the_action(page: Page, ref: str) -> None:
    follow(page, "Train every officer")
    follow(page, "^Link an action")
    page.get_by_label("Action reference").fill(ref)
    press(page, "Link action")
    reads(page, ref)


def comments_come_in(page: Page) -> None:
    to_the_inspection(page)
    follow(page, "^Record the invitation")
    fill_day(page, "Invited on", "16", "3")
    fill_day(page, "Comments due by", "9", "4")
    press(page, "Save invitation")
    follow(page, "^Record the chief officer")
    fill_day(page, "Received on", "2", "4")
    page.get_by_label("The chief officer's comments").fill("The force accepts both.")
    press(page, "Save comments")
    reads(page, "Comments saved.", "The force accepts both.")


def both_are_answered(page: Page) -> None:
    """The second form starts from what its action says."""
    page.goto("/responses/")
    reads(page, "47 days late", "0 of 2 recommendations answered")
    respond(page, "Action taken", "Referrals are shared within the hour.")
    reads(page, "1 of 2 recommendations answered")
    follow(page, "^Write the response to Recommendation 2 of 2")
    box = page.get_by_label("Response", exact=True)
    expect(box).to_have_value(re.compile("“Train the officers” is under way, due on 30 September 2020"))
    box.fill(FROZEN)
    press(page, "Save response")
    reads(page, "2 of 2 recommendations answered", "Draft the letter")


def the_letter_is_drafted(page: Page) -> PublishedResponse:
    page.goto("/responses/")
    follow(page, "^Draft the letter")
    reads(page, "Every recommendation has a response.")
    press(page, "Save draft")
    expect(page.get_by_role("alert")).to_contain_text("Enter who signs")
    page.get_by_label("Who signs").fill(SIGNATORY)
    press(page, "Save draft")
    reads(page, "This is a draft. It is not approved.", FROZEN, "You wrote part of this letter")
    reads(page, "Invite the chief officer to comment before the letter is approved.")
    return PublishedResponse.objects.get()


def the_director_approves(page: Page) -> None:
    page.goto("/")
    follow(page, "^Approve the letter: CT4")
    reads(page, FROZEN, SIGNATORY)
    press(page, "Approve letter")
    reads(page, "Letter approved.", "SHA-256 of the frozen text")


def nothing_changes_it(page: Page, letter: PublishedResponse) -> None:
    """A response that is rewritten afterwards leaves the page and both files as they were approved."""
    page.goto("/responses/")
    follow(page, "^Recommendation 2 of 2")
    page.get_by_label("Response", exact=True).fill("Rewritten since.")
    press(page, "Save response")
    address = f"/letters/{letter.pk}/"
    page.goto(address)
    reads(page, FROZEN)
    pdf = page.request.get(f"{address}letter.pdf").body()
    printed = " ".join(" ".join(each.extract_text() for each in PdfReader(BytesIO(pdf)).pages).split())
    docx = page.request.get(f"{address}letter.docx").body()
    typed = "\n".join(paragraph.text for paragraph in Document(BytesIO(docx)).paragraphs)
    for text in (printed, typed):
        assert FROZEN in text
        assert "Rewritten since." not in text


def it_is_published_and_sent(page: Page) -> None:
    page.goto("/")
    follow(page, "^Publish the letter: CT4")
    page.get_by_label("Where it was published").fill("https://example.org/ct4-response")
    press(page, "Save publication")
    reads(page, "Publication saved.", "Answered 47 days late")
    page.goto("/")
    follow(page, "^Send the letter: CT4")
    fill_day(page, "Sent to the Secretary of State on", "19", "6")
    fill_day(page, "Sent to the inspectors on", "19", "6")
    press(page, "Save dates sent")
    reads(page, "Dates sent saved.")
    page.goto("/responses/")
    reads(page, "None: the letter is published and sent")
