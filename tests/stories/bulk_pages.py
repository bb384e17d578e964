"""The pages that change many actions, who opens them, and how they are reached; walked with the others."""

from playwright.sync_api import Page

from tests.stories.pages import Visit, press


def ask_for_july(page: Page) -> None:
    for part, number in (("Day", "3"), ("Month", "7"), ("Year", "2020")):
        page.get_by_label(part).fill(number)
    press("Check the changes")(page)


def choose_safeguard(page: Page) -> None:
    page.get_by_label("New pillar").select_option("Safeguard")
    press("Check the changes")(page)


BULK_VISITS = [
    Visit("actions:action-export-choose", "manager", query="?state=open"),
    Visit("actions:action-bulk", "manager", query="?scope=all"),
    Visit("actions:action-bulk", "manager", query="?scope=ticked", name="nothing ticked", status=422),
    Visit("actions:action-bulk", "manager", query="?scope=all&change=owner"),
    Visit("actions:action-bulk", "manager", query="?scope=all&change=publication"),
    Visit("actions:action-bulk", "bradford_spoc", query="?scope=all&change=date"),
    Visit(
        *("actions:action-bulk", "manager"),
        query="?scope=all&change=date",
        then=press("Check the changes"),
        name="no date for all",
        status=422,
    ),
    Visit(
        *("actions:action-bulk", "manager"),
        query="?scope=all&change=update",
        then=ask_for_july,
        name="what would be asked, and what cannot be",
    ),
    Visit(
        *("actions:action-bulk", "manager"),
        query="?scope=all&change=pillar",
        then=choose_safeguard,
        name="what would be put under another pillar",
    ),
]
