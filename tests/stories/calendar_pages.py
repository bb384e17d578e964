"""The pages of the calendar, who opens them, and how they are reached; walked with the others."""

from playwright.sync_api import Page

from tests.stories.pages import Visit, press


def make_a_link(page: Page) -> None:
    page.get_by_label("Name of the link").fill("Outlook")
    press("Create a link")(page)


CALENDAR_VISITS = [
    Visit("desk:calendar", "bradford_spoc"),
    Visit(
        "desk:calendar",
        "bradford_spoc",
        then=press("Create a link"),
        name="a link without a name",
        status=422,
    ),
    Visit("desk:calendar", "bradford_spoc", then=make_a_link, name="a link just made"),
    Visit(
        "desk:calendar", "bradford_spoc", then=press("Revoke the link “Outlook”"), name="desk:calendar-revoke"
    ),
]
CALENDAR_FILES = {"desk:calendar-feed": "for programs"}
