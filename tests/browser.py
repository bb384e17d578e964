"""A real browser for the tests that need one: Chromium from the machine, driven by Playwright.

`page` is a fresh browser context with scripts, `page_without_scripts` one without; both are 1280 px wide and may be
resized. `new_page` makes as many as a story has people.
"""

import os
import shutil
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
TIMEOUT_MS = 15_000
AXE = Path(__file__).resolve().parent.parent / "node_modules" / "axe-core" / "axe.min.js"
# Only what is wrong is worked out and sent. No rule used here reads stylesheets, so none is fetched a second time.
RUN_AXE = """async tags => {
  const options = {
    runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: {assets: ['media']},
  }
  const found = await axe.run(document, options)
  return found.violations.flatMap(problem => problem.nodes.map(
    node => `${problem.id} (${problem.impact}): ${problem.help}: ${node.html.slice(0, 200)}`
  ))
}"""
NewPage = Callable[..., Page]


def chromium() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


@pytest.fixture(scope="session")
def browser() -> Generator[Browser, None, None]:
    program = chromium()
    if program is None:
        pytest.skip("no Chromium on this machine")
    # Chromium's own sandbox cannot be set up by root.
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else list(ARGUMENTS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=arguments)
        yield running
        running.close()


@pytest.fixture
def new_page(browser: Browser) -> Generator[NewPage, None, None]:
    """Open a page of a person's own: `new_page(base_url, javascript=False, width=320)`."""
    contexts = []

    def open_page(
        base_url: str | None = None, *, javascript: bool = True, width: int = 1280, **options: Any
    ) -> Page:
        context = browser.new_context(
            base_url=base_url,
            java_script_enabled=javascript,
            viewport={"width": width, "height": 900},
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()


@pytest.fixture
def page_without_scripts(new_page: NewPage) -> Page:
    return new_page(javascript=False)


def accessibility_problems(page: Page) -> list[str]:
    """What axe-core finds wrong by WCAG 2.2 A and AA, one line for each element; the page must have scripts on.

    The script is evaluated in the page's context by the driver, so the page's content security policy stays as it is.
    """
    page.evaluate(AXE.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    return list(page.evaluate(RUN_AXE, tags))


def sideways_scroll(page: Page) -> int:
    """By how many pixels the page is wider than its window; 0 is right at every width."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
