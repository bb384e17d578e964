"""Somebody doing a job in a browser, with the screens and clicks it takes, and the table that names them."""

import re
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

# Pixels of a laptop's window that a page has for itself.
SCREEN = 900
TABLE = Path(settings.BASE_DIR) / "docs" / "daily-jobs.md"


class Job:
    """Somebody doing a job, who counts screens and clicks from a first page on."""

    def __init__(self, page: Page, start: str = "") -> None:
        self.page = page
        self.screens = self.clicks = 0
        page.on("framenavigated", self._count)
        page.goto(start or reverse("desk:my-work"))

    def _count(self, *_: object) -> None:
        self.screens += 1

    def click(self, target: Locator) -> None:
        self.clicks += 1
        target.click()

    def press(self, button: str | re.Pattern[str]) -> None:
        self.click(self.page.get_by_role("main").get_by_role("button", name=button, exact=True))

    def follow(self, link: str) -> None:
        self.click(self.page.get_by_role("main").get_by_role("link", name=link, exact=True).first)

    def pick(self, label: str, option: str) -> None:
        """Choose an option whose text begins so."""
        self.clicks += 1
        box = self.page.get_by_label(label, exact=True)
        value = box.locator("option").filter(has_text=option).first.get_attribute("value")
        box.select_option(value)

    def reads(self, words: str) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(words)

    def fits(self, screens: int) -> None:
        """Check that the page is no longer than so many screens of a laptop."""
        height = self.page.evaluate("document.documentElement.scrollHeight")
        assert height <= screens * SCREEN, height / SCREEN

    def takes(self, name: str) -> None:
        """Compare what was counted with the table of the documents."""
        counted = (self.screens, self.clicks)
        assert counted == numbers_of(name), counted


def numbers_of(name: str) -> tuple[int, int]:
    """Return the screens and clicks of a job, as the documents have them."""
    rows = [line.strip("| ").split(" | ") for line in TABLE.read_text(encoding="utf-8").splitlines()]
    screens, clicks = next(row[-2:] for row in rows if row[0] == name)
    return int(screens), int(clicks)
