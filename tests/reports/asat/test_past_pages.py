"""A past page leads to past pages, offers nothing to change, and is exported as it stood."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from actions.actions.services import edit_action
from actions.models import Action
from inspections.findings.services.links import link_action
from inspections.models import Recommendation
from reports.asat.links import keep_moment
from reports.asat.middleware import PAGES
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.inspections.factories import RecommendationFactory
from tests.support.clock import EARLIER

BETWEEN = f"{EARLIER + timedelta(days=1):%Y-%m-%d}"
# Not part of the record of that day: a file, a minute, the ledger itself, and the page that compares.
ALWAYS_NOW = {
    *(
        "actions:evidence-download",
        "actions:evidence-preview",
        "meetings:minute",
        "partners:ledger-entry",
        "reports:compare",
    ),
    *("inspections:response-desk", "web:glossary", "desk:plan-escalations"),
}


@pytest.fixture
def action(cast: Cast) -> Action:
    action: Action = ActionFactory(cast=cast, allocated=True)
    finding = RecommendationFactory(cast=cast)
    link_action(actor=cast.manager, recommendation=finding, action=action, at=EARLIER)
    action.refresh_from_db()
    edit_action(actor=cast.manager, action=action, title="Brief every team", at=AT)
    return action


def main_of(client: Client, path: str) -> str:
    response = client.get(path, {"as_at": BETWEEN})
    assert response.status_code == 200, path
    page = response.content.decode()
    return page[page.index("<main") : page.index("</main>")]


@pytest.mark.parametrize("person", ["manager", "auditor"])
def test_a_past_page_leads_to_past_pages_and_changes_nothing(
    action: Action, person: str, signed_in: Any
) -> None:
    client = signed_in(person)
    finding = Recommendation.objects.get()
    plan = f"/plans/{action.plan_id}/"
    paths = [f"/actions/{action.pk}/", f"/recommendations/{finding.pk}/", plan]
    paths += ["/actions/", "/plans/", "/inspections/", "/recommendations/", "/coverage/"]
    paths += [f"{plan}{page}/" for page in ("slippage", "waiting", "mismatches")]
    for path in [*paths, f"/inspections/{finding.inspection_id}/"]:
        main = main_of(client, path)
        assert 'method="post"' not in main, path
        assert 'role="button"' not in main, path
        assert main.count("<form") == main.count(f'<input type="hidden" name="as_at" value="{BETWEEN}">'), (
            path
        )
        for href in map(unescape, re.findall(r'<a [^>]*href="([^"#][^"]*)"', main)):
            name = resolve(urlsplit(href).path or path).view_name
            is_way_back = href == path
            assert is_way_back or (f"as_at={BETWEEN}" in href) == (name in PAGES), (path, href)
            assert name in PAGES | ALWAYS_NOW, (path, href)


def test_the_present_page_has_its_buttons(action: Action, signed_in: Any) -> None:
    page = signed_in("manager").get("/actions/").content.decode()
    assert "Change selected actions" in page
    assert "as_at=" not in page


def test_an_export_of_a_past_list_has_the_rows_and_the_name_of_that_day(
    action: Action, signed_in: Any
) -> None:
    client = signed_in("manager")
    hrefs = re.findall(r'href="(/actions/export\.csv[^"]*)"', main_of(client, "/actions/"))
    response = client.get(unescape(hrefs[0]))
    assert 'filename="actions-2020-04-02.csv"' in response["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert ["As at 02 April 2020 23:59"] in lines[:4]
    [row] = [line for line in lines if line[:1] == [action.ref]]
    assert "Brief the neighbourhood teams (WY20-01)" in row
    now = b"".join(client.get("/actions/export.csv").streaming_content).decode()
    assert "Brief every team" in now


def test_an_export_of_past_findings_has_what_answered_them_that_day(action: Action, signed_in: Any) -> None:
    client = signed_in("manager")
    [href] = re.findall(r'href="(/recommendations/export\.csv[^"]*)"', main_of(client, "/recommendations/"))
    response = client.get(unescape(href))
    assert 'filename="findings-2020-04-02.csv"' in response["Content-Disposition"]
    file = b"".join(response.streaming_content).decode()
    assert "As at 02 April 2020 23:59" in file
    assert action.ref in file


def test_rows_of_the_api_as_csv_are_of_that_day(action: Action, signed_in: Any) -> None:
    response = signed_in("manager").get(
        "/api/v1/actions/", {"as_at": BETWEEN}, headers={"accept": "text/csv"}
    )
    body = response.content.decode()
    assert "Brief the neighbourhood teams" in body


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ('<a href="/a/">', '<a href="/a/?as_at=2019-10-08">'),
        ('<a href="/a/?b=1&amp;c=2#d">', '<a href="/a/?b=1&amp;c=2&amp;as_at=2019-10-08#d">'),
        ('<a class="x" href="?">', '<a class="x" href="?as_at=2019-10-08">'),
        # Only the address is changed, wherever else its text stands.
        ('<a title="/a/" href="/a/">', '<a title="/a/" href="/a/?as_at=2019-10-08">'),
        ('<a href="/a/?as_at=2020-01-01">', '<a href="/a/?as_at=2020-01-01">'),
        ('<a href="#d">', '<a href="#d">'),
        ('<a href="/edit/">', '<a href="/edit/">'),
        ('<a href="https://example.org/a/">', '<a href="https://example.org/a/">'),
        ('<a data-present href="/a/">', '<a data-present href="/a/">'),
        ('<form method="post" action="/a/">', '<form method="post" action="/a/">'),
        ('<form method="get">', '<form method="get"><input type="hidden" name="as_at" value="2019-10-08">'),
    ],
)
def test_which_links_keep_the_moment(tag: str, expected: str) -> None:
    page = f'<a href="/a/"></header>{tag}</main><a href="/a/">'
    answer = keep_moment(
        page, name="as_at", value="2019-10-08", here="/a/", is_dated=lambda path: path == "/a/"
    )
    assert answer == page.replace(f"</header>{tag}", f"</header>{expected}")
