"""Take pictures of the ten main pages of a running demonstration: `make screenshots`, or

    python -m tests.screenshots http://127.0.0.1:8000 docs/screenshots [--width 320] [--whole]

Each is what the person it is for sees after signing in; --whole takes the page's full length. The demonstration's
own accounts are used, and nothing is sent but the sign-in form.
"""

import argparse
import os
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import ARGUMENTS, chromium

PASSWORD = "tracker-demo-2020"  # the demonstration's, printed by `make run`
START_SECONDS = 60
# Who looks: the picture's name, the address, and the links to follow from there.
SHOTS = {
    "bradford.spoc": [
        ("my-work", "/", []),
        ("action", "/actions/?state=in_progress&rag=amber", ["tbody th a"]),
        ("update", "/", [".govuk-task-list__link"]),
        ("actions", "/actions/", []),
    ],
    "manager": [
        ("plans", "/plans/", []),
        ("plan", "/plans/", ["tbody th a"]),
        ("import", "/plans/", ["tbody th a", "text=Import actions"]),
    ],
    "auditor": [
        ("assurance", "/assurance/", []),
        ("judge", "/assurance/", ["text=Assure or return"]),
        ("ledger", "/ledger/", []),
    ],
}


def wait_for(base: str) -> None:
    """Wait until the server answers; it may have been started a moment ago."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urlopen(f"{base}/readyz", timeout=5).close()
        except (URLError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def sign_in(browser: Browser, base: str, name: str, width: int) -> Page:
    page = browser.new_page(
        base_url=base, viewport={"width": width, "height": 900}, locale="en-GB", reduced_motion="reduce"
    )
    page.goto("/")
    page.get_by_label("Email").fill(f"{name}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


def main(base: str, directory: Path, width: int, *, whole: bool) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else list(ARGUMENTS)
        browser = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        for name, shots in SHOTS.items():
            page = sign_in(browser, base, name, width)
            for title, path, links in shots:
                page.goto(path)
                for link in links:
                    page.locator(f"main >> {link}").first.click()
                page.screenshot(path=directory / f"{title}.png", full_page=whole)
                print(directory / f"{title}.png", page.url)
            page.context.close()
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description="Take pictures of the ten main pages of a running demonstration."
    )
    parser.add_argument("base", help="where it runs, such as http://127.0.0.1:8000")
    parser.add_argument("directory", type=Path, help="where the pictures go")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--whole", action="store_true", help="the page's full length")
    given = parser.parse_args()
    wait_for(given.base)
    main(given.base, given.directory, given.width, whole=given.whole)
