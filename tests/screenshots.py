"""Take pictures of the ten main pages of a running demonstration: `make screenshots`, or

    python -m tests.screenshots http://127.0.0.1:8000 docs/screenshots [width] [--whole]

Each is what the person it is for sees after signing in; --whole takes the page's full length. The demonstration's
own accounts are used, and nothing is sent but the sign-in form.
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import ARGUMENTS, chromium

PASSWORD = "tracker-demo-2020"  # the demonstration's, printed by `make run`
# Who looks, the picture's name, where it is; an address that starts with "a" is followed as a link from there.
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
        ("judge", "/assurance/", ["text=Judge"]),
        ("ledger", "/ledger/", []),
    ],
}


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
    given = [argument for argument in sys.argv[1:] if argument != "--whole"]
    main(given[0], Path(given[1]), int(given[2]) if len(given) > 2 else 1280, whole="--whole" in sys.argv[1:])
