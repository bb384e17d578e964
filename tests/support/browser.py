"""A real browser for the tests that need one: Chromium from the machine, driven by Playwright.

`page` is a fresh browser context with scripts, `page_without_scripts` one without; both are 1280 px wide and may be
resized. `new_page` makes as many as a story has people.
"""

import os
import shutil
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, Page, expect, sync_playwright

# The headless shell is the same Chromium without its window, at half the processor time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
# How long a page may take on a machine that does much else; what is there is not waited for.
TIMEOUT_MS = 60_000
AXE = Path(__file__).resolve().parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Every way in which the page's text looks: its colour and size on what lies behind it.
LOOKS = """() => {
  const behind = element => {
    if (element === null) return ''
    const {backgroundColor, backgroundImage, opacity} = getComputedStyle(element)
    const own = `${backgroundColor} ${backgroundImage} ${opacity}`
    const covers = backgroundColor.startsWith('rgb(') && backgroundImage === 'none' && opacity === '1'
    return covers ? own : `${own} on ${behind(element.parentElement)}`
  }
  const speaks = element => element.matches('input, select, textarea')
    || [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())
  const isSeen = element => {
    const {width, height} = element.getBoundingClientRect()
    return width > 1 && height > 1 && element.checkVisibility({visibilityProperty: true})
  }
  return [...new Set([...document.body.querySelectorAll('*')].filter(speaks).filter(isSeen).map(element => {
    const {color, fontSize, fontWeight, textShadow} = getComputedStyle(element)
    const off = element.closest(':disabled, [aria-disabled=true]') !== null
    return `${color} ${fontSize} ${fontWeight} ${textShadow} ${off} on ${behind(element)}`
  }))]
}"""
# Only what is wrong is worked out and sent. No rule used here reads stylesheets, so none is fetched a second time.
RUN_AXE = """async ([tags, contrast]) => {
  const options = {
    runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: {assets: ['media']},
    rules: {'color-contrast': {enabled: contrast}},
  }
  const found = await axe.run(document, options)
  return found.violations.flatMap(problem => problem.nodes.map(
    node => `${problem.id} (${problem.impact}): ${problem.help}: ${node.html.slice(0, 200)}`
  ))
}"""
NewPage = Callable[..., Page]


def chromium(names: Iterable[str] = NAMES) -> str | None:
    return next((path for path in map(shutil.which, names) if path), None)


@pytest.fixture(scope="session")
def browser() -> Generator[Browser, None, None]:
    with sync_playwright() as playwright:
        running = launch(playwright.chromium)
        yield running
        running.close()


def launch(browser_type: BrowserType, *, remembers_pages: bool = False) -> Browser:
    """Start the machine's Chromium, or skip the test where it has none.

    Args:
        remembers_pages: keep pages in memory for Back, as people's browsers do. The headless shell cannot.
    """
    program = chromium(NAMES[1:] if remembers_pages else NAMES)
    if program is None:
        pytest.skip("no Chromium on this machine")
    arguments, without = list(ARGUMENTS), []
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # root cannot set up Chromium's own sandbox
    if remembers_pages:
        arguments.append("--headless=new")
        without = ["--headless", "--disable-back-forward-cache"]
    return browser_type.launch(executable_path=program, args=arguments, ignore_default_args=without or None)


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
        expect.set_options(timeout=TIMEOUT_MS)
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


class Axe:
    """axe-core, for the pages of one walk: what it finds wrong by WCAG 2.2 A and AA.

    Every rule is run on every page but the one on contrast, nearly half of the work, which is run where text looks as it
    did on no page before: whether a colour can be read on another does not depend on the page.
    """

    def __init__(self) -> None:
        self.looks: set[str] = set()

    def comes_to(self, page: Page) -> None:
        """Have the script in whatever this page opens from now on.

        The browser puts it there and keeps it compiled; the page's content security policy stays as it is.
        """
        page.add_init_script(path=AXE)

    def problems(self, page: Page) -> list[str]:
        """One line for each element that is wrong; the page must have scripts on."""
        # A click returns as soon as the next page begins, before it has a body.
        page.wait_for_load_state()
        looks = set(page.evaluate(LOOKS))
        unseen = looks - self.looks
        self.looks |= looks
        return list(page.evaluate(RUN_AXE, [TAGS, bool(unseen)]))


def sideways_scroll(page: Page) -> int:
    """By how many pixels the page is wider than its window; 0 is right at every width."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
