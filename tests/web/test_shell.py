import json
import logging
import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, RequestFactory

from audit.request_id import request_id
from web import views
from web.context import page_context
from web.logs import RequestIdFilter, SecretAddressFilter
from web.middleware import RequestIdMiddleware
from web.paging import page_of
from web.templatetags.govuk import rag_key

get = RequestFactory().get


def page(source: str, context: dict[str, Any] | None = None, address: str = "/actions/") -> str:
    return engines["django"].from_string(source).render(context or {}, get(address))


def served(headers: dict[str, str]) -> tuple[str, HttpResponse]:
    requests = []

    def view(request: HttpRequest) -> HttpResponse:
        requests.append(request_id.get())
        return HttpResponse()

    response = RequestIdMiddleware(view)(get("/", headers=headers))
    return requests[0], response


def test_a_request_has_one_id_inside_and_outside() -> None:
    inside, response = served({})
    assert len(inside) == 32
    assert response["X-Request-ID"] == inside
    assert request_id.get() == ""


def test_a_proxys_id_is_kept() -> None:
    inside, response = served({"X-Request-ID": "edge-1f3a.2020_06"})
    assert inside == response["X-Request-ID"] == "edge-1f3a.2020_06"


@pytest.mark.parametrize(
    "forged", ["short", "x" * 65, "id with spaces", "id\tline-two-of-log", "идентификатор"]
)
def test_an_id_that_could_forge_a_log_line_is_replaced(forged: str) -> None:
    inside, _ = served({"X-Request-ID": forged})
    assert re.fullmatch("[0-9a-f]{32}", inside)


def test_the_request_id_is_reset_when_the_view_fails() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        RequestIdMiddleware(view)(get("/"))
    assert request_id.get() == ""


def test_log_lines_have_the_request_id_or_a_dash() -> None:
    record = logging.makeLogRecord({})
    token = request_id.set("request-1")
    RequestIdFilter().filter(record)
    assert record.__dict__["request_id"] == "request-1"
    request_id.reset(token)
    RequestIdFilter().filter(record)
    assert record.__dict__["request_id"] == "-"


def test_the_log_line_of_a_refusal_has_the_request_id_of_the_response(db: None, client: Client) -> None:
    lines: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = lines.append  # type: ignore[method-assign]
    handler.addFilter(RequestIdFilter())
    logger = logging.getLogger("web.request_log")
    logger.addHandler(handler)
    try:
        response = client.get("/api/v1/actions/")
    finally:
        logger.removeHandler(handler)
    assert response.status_code == 401
    assert [line.__dict__["request_id"] for line in lines] == [response["X-Request-ID"]]


def test_no_log_line_holds_the_secret_of_an_address() -> None:
    secret = "0-_aZ" + "b" * 38
    record = logging.makeLogRecord({"msg": "%s: %s", "args": ("Not Found", f"/calendar/{secret}.ics")})
    assert SecretAddressFilter().filter(record)
    assert record.getMessage() == "Not Found: /calendar/(secret)"
    plain = logging.makeLogRecord({"msg": "%s: %s", "args": ("Not Found", f"/actions/{'9' * 44}/")})
    assert SecretAddressFilter().filter(plain)
    assert plain.args == ("Not Found", f"/actions/{'9' * 44}/")


def test_the_section_is_the_first_part_of_the_address() -> None:
    assert page_context(get("/actions/7/"))["section"] == "/actions/"
    assert page_context(get("/"))["section"] == "/"


def test_every_page_has_one_main_a_skip_link_its_marking_and_no_inline_code() -> None:
    html = page('{% extends "base.html" %}{% block title %}Plans{% endblock %}')
    assert "<title>Plans \N{EN DASH} Prevent Tracker</title>" in html
    assert html.count("<main") == 1
    assert 'href="#main-content" class="govuk-skip-link"' in html
    assert 'id="main-content"' in html
    assert html.count("OFFICIAL") == 2
    assert "<style" not in html
    assert not re.search(r"\s(style|on\w+)=", html)
    assert not re.search(r"<script(?![^>]* src=)", html)


def test_a_page_with_errors_leaves_good_news_for_the_next_page() -> None:
    message = SimpleNamespace(level_tag="success", __str__=lambda: "Update saved")
    wrong = SimpleNamespace(errors={"title": ["Enter a title"]}, error_list=[])
    assert "Success" in page('{% extends "base.html" %}', {"messages": [message]})
    assert "Success" not in page('{% extends "base.html" %}', {"messages": [message], "form": wrong})
    # Pages without a form of their own have a list.
    assert "Success" not in page(
        '{% extends "base.html" %}', {"messages": [message], "errors": [{"text": "x"}]}
    )


def test_a_page_may_have_a_higher_marking() -> None:
    html = page(
        '{% extends "base.html" %}', {"page_marking": "OFFICIAL-SENSITIVE", "page_handling": "Silver only"}
    )
    assert html.count("OFFICIAL-SENSITIVE \N{EN DASH} Silver only") == 2


def test_the_demonstration_says_so(settings: Any) -> None:
    settings.DEMO_DATE = date(2020, 6, 19)
    assert "Today is 19 June 2020 in this demonstration" in page('{% extends "base.html" %}')
    settings.DEMO_DATE = None
    assert "The clock stands" not in page('{% extends "base.html" %}')


@pytest.mark.parametrize(
    ("view", "error", "status", "words"),
    [
        (views.bad_request, None, 400, "there is a problem with this request"),
        (views.bad_request, RequestDataTooBig(), 413, "Your form is too long"),
        (views.forbidden, PermissionDenied("You wrote this update"), 403, "You wrote this update"),
        (views.forbidden, None, 403, "You do not have permission to do this"),
        (views.not_found, Http404("secret"), 404, "Page not found"),
    ],
)
def test_faults_are_pages_for_people_and_problems_for_programs(
    view: Any, error: Exception | None, status: int, words: str
) -> None:
    for_people = view(get("/plans/9/"), error)
    assert for_people.status_code == status
    assert words in for_people.content.decode()
    assert "secret" not in for_people.content.decode()
    for_programs = view(get("/api/v1/plans/9/"), error)
    assert for_programs.status_code == status
    assert for_programs["Content-Type"] == "application/problem+json"
    assert json.loads(for_programs.content)["status"] == status


def test_a_fault_of_ours_needs_nothing_that_may_be_broken() -> None:
    response = views.server_error(get("/plans/"))
    assert response.status_code == 500
    assert "Sorry, something went wrong" in response.content.decode()
    assert json.loads(views.server_error(get("/api/v1/plans/")).content)["type"] == "/problems/server-error"


def test_an_old_form_token_is_explained() -> None:
    response = views.csrf_failure(get("/plans/"), reason="CSRF cookie not set.")
    assert response.status_code == 403
    assert "no longer valid" in response.content.decode()


@pytest.mark.django_db
def test_health_says_whether_the_database_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert views.readyz(get("/readyz")).status_code == 200

    def unreachable() -> None:
        raise DatabaseError

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", unreachable)
        response = views.readyz(get("/readyz"))
    assert response.status_code == 503
    assert response["Cache-Control"].startswith("max-age=0")


def test_the_accessibility_statement_is_open_to_everyone() -> None:
    assert not views.accessibility.login_required  # type: ignore[attr-defined]
    assert "Accessibility statement" in views.accessibility(get("/accessibility/")).content.decode()


@pytest.mark.parametrize("number", ["0", "4", "-1", "x", "1.5", "9" * 400])
def test_a_page_that_does_not_exist_is_not_found(number: str) -> None:
    with pytest.raises(Http404):
        page_of(get("/", {"page": number}), list(range(30)), size=10)


def test_page_links_keep_the_filters() -> None:
    request = get("/actions/", {"state": "open", "page": "5"})
    pages = page_of(request, list(range(100)), size=10)
    assert list(pages) == list(range(40, 50))
    assert pages.numbers == [1, None, 4, 5, 6, None, 10]
    html = page(
        '{% include "components/pagination.html" with pages=pages noun="actions" only %}',
        {"pages": pages},
        address="/actions/?state=open&page=5",
    )
    assert 'href="?state=open&amp;page=6" rel="next"' in html
    assert 'href="?state=open&amp;page=5" aria-label="Page 5" aria-current="page"' in html
    assert "Showing 41 to 50 of 100 actions" in html


def test_an_empty_list_is_one_empty_page() -> None:
    assert page_of(get("/"), []).total == 0


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('{% rag_tag "amber" %}', '<strong class="govuk-tag app-tag--rag-amber">Amber</strong>'),
        ('{% rag_tag "" %}', '<strong class="govuk-tag govuk-tag--grey">Not rated</strong>'),
        ("{% rag_tag nothing %}", '<strong class="govuk-tag govuk-tag--grey">Not rated</strong>'),
        (
            '{% state_tag "awaiting_assurance" "Awaiting assurance" %}',
            '<strong class="govuk-tag govuk-tag--yellow">Awaiting assurance</strong>',
        ),
        ('{% state_tag "x" markup %}', '<strong class="govuk-tag govuk-tag--grey">&lt;b&gt;</strong>'),
        ("{{ at|day }}", "20 June 2020"),
        ("{{ at|moment }}", "20 June 2020 at 12:05am"),
        ("{{ on|moment }}", "19 June 2020"),
        ("{{ at|machine_time }}", "2020-06-20T00:05:00+01:00"),
        ("{{ nothing|day }}", ""),
    ],
)
def test_tags_and_moments_are_words(source: str, words: str) -> None:
    context = {
        "at": datetime(2020, 6, 19, 23, 5, 0, 123_456, tzinfo=UTC),
        "on": date(2020, 6, 19),
        "markup": "<b>",
    }
    assert page(source, context) == words


def test_the_key_explains_every_rating() -> None:
    assert [rating for rating, _ in rag_key()["key"]] == ["red", "amber", "green"]
    assert "On track" in page("{% rag_key %}")


@pytest.mark.parametrize(
    ("address", "href", "direction"),
    [
        ("/actions/?rag=red&page=2", "?rag=red&amp;sort=due", "none"),
        ("/actions/?sort=due", "?sort=-due", "ascending"),
        ("/actions/?sort=-due", "?sort=due", "descending"),
    ],
)
def test_a_heading_sorts_and_says_how_it_is_sorted(address: str, href: str, direction: str) -> None:
    html = page('{% sort_header "due" "Due date" %}', address=address)
    assert f'href="{href}"' in html
    assert f'aria-sort="{direction}"' in html


def test_scrolling_regions_have_focus_and_a_name() -> None:
    html = page('{% scrollable "Actions" %}<table>{{ cell }}</table>{% endscrollable %}', {"cell": "<b>"})
    assert html == (
        '<div class="app-scroll" tabindex="0" role="region" aria-label="Actions"><table>&lt;b&gt;</table></div>'
    )


def test_every_component_says_its_inputs_at_the_top() -> None:
    folder = Path(str(engines["django"].dirs[0])) / "components"
    silent = [
        file.name
        for file in folder.glob("*.html")
        if not file.read_text().startswith("{% comment %}")
        or "Inputs:" not in file.read_text().split("{% endcomment %}")[0]
    ]
    assert silent == []
