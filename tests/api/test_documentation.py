"""The pages of the API's documentation."""

import re
from html import unescape

from django.test import Client

from tests.api.test_description import STATUSES, operations
from web.openapi import description


def pages_of_docs() -> dict[str, str]:
    """Return the first page of the documentation and every page that it leads to, by address."""
    first = Client().get("/api/v1/docs/").content.decode()
    links = dict.fromkeys(re.findall(r'href="(\?part=[^"#]+)', first))
    return {"": first} | {link: Client().get(f"/api/v1/docs/{link}").content.decode() for link in links}


def test_the_pages_tell_every_operation_parameter_field_and_problem(db: None) -> None:
    described, pages = description(), pages_of_docs()
    assert len(pages) > 10
    # On one page the reference was too long to read. An operation with its example takes some three screens.
    named = [
        set(re.findall(r'href="#([^"]+)"', page)) & operations(described).keys() for page in pages.values()
    ]
    assert max(map(len, named)) <= 16
    page = unescape("".join(pages.values()))
    for name, operation in operations(described).items():
        assert f'id="{name}"' in page
        assert operation["summary"] in page
        for parameter in operation.get("parameters", []):
            assert f"<code>{parameter['name']}</code>" in page
    for name, structure in described["components"]["schemas"].items():
        if "enum" in structure:
            assert f"one of {', '.join(structure['enum'])}" in page
            continue
        assert f'id="structure-{name}"' in page
        for each in structure["properties"]:
            assert f"<code>{each}</code>" in page
    for status in STATUSES["create_update"]:
        assert f">{status}</dt>" in page
    assert "grant_type=client_credentials" in page


def test_every_link_within_the_pages_leads_somewhere(db: None) -> None:
    pages = pages_of_docs()
    ids = {link: re.findall(r'\bid="([^"]+)"', page) for link, page in pages.items()}
    for link, page in pages.items():
        assert len(ids[link]) == len(set(ids[link]))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids[link])
        for target, anchor in re.findall(r'href="(\?part=[^"#]+)#([^"]+)"', page):
            assert anchor in ids[target]


def test_an_unknown_part_of_the_documentation_is_not_found(db: None) -> None:
    assert Client().get("/api/v1/docs/?part=none-such").status_code == 404


def test_the_page_needs_nothing_from_elsewhere_and_runs_no_script_of_its_own(db: None) -> None:
    page = Client().get("/api/v1/docs/").content.decode()
    assert re.findall(r'(?:src|<link[^>]*href)="(?:https?:)?//[^"]+"', page) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page) == []
    assert "style=" not in page
