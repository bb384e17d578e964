"""The pages about the service, which are open to everyone, and words explained in place."""

from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.cast import Cast
from web.glossary import TERMS

PAGES = ("web:about", "web:glossary", "web:privacy", "web:cookies", "partners:contact")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_links_to_help_before_sign_in(client: Client, db: None, name: str) -> None:
    page = client.get(reverse(name))
    assert page.status_code == 200
    for other in PAGES:
        assert f'href="{reverse(other)}"' in page.content.decode()


def test_the_glossary_explains_every_word_under_an_address_of_its_own(client: Client, db: None) -> None:
    page = client.get(reverse("web:glossary")).content.decode()
    assert [name for name in TERMS if f'id="{name}"' not in page] == []


def test_a_word_is_explained_in_place() -> None:
    html = Template('{% explain "mou" %}').render(Context())
    assert "What MOU means" in html
    assert str(TERMS["mou"].meaning) in html


def test_cookies_are_named_as_they_are_sent(client: Client, db: None, settings: LazySettings) -> None:
    settings.SESSION_COOKIE_NAME = "__Host-sessionid"
    page = client.get(reverse("web:cookies")).content.decode()
    assert "__Host-sessionid" in page
    assert settings.CSRF_COOKIE_NAME in page


def test_the_privacy_notice_names_the_controller(client: Client, db: None, settings: LazySettings) -> None:
    assert "The organisation that runs this service" in client.get(reverse("web:privacy")).content.decode()
    settings.DATA_CONTROLLER = "A police force"
    assert "A police force is the controller" in client.get(reverse("web:privacy")).content.decode()


def test_contact_names_the_managers_of_the_readers_partnerships_alone(
    cast: Cast, client: Client, signed_in: Any, settings: LazySettings
) -> None:
    address = reverse("partners:contact")
    assert cast.manager.email not in client.get(address).content.decode()
    settings.CONTACT_EMAIL = "service@example.org"
    page = signed_in("bradford_spoc").get(address).content.decode()
    assert cast.manager.email in page
    assert cast.leicestershire_manager.email not in page
    assert "mailto:service@example.org" in page
    assert cast.manager.email not in signed_in("stranger").get(address).content.decode()


def test_security_txt_says_where_to_report_a_vulnerability(
    client: Client, db: None, settings: LazySettings
) -> None:
    """RFC 9116 demands the contact and the day on which it expires."""
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    settings.SECURITY_CONTACT_UNTIL = date(2027, 3, 31)
    settings.SITE_ADDRESS = "https://tracker.example.org"
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "Contact: mailto:security@example.org",
        "Expires: 2027-03-31T00:00:00Z",
        "Preferred-Languages: en",
        "Canonical: https://tracker.example.org/.well-known/security.txt",
    ]


def test_a_page_is_in_the_language_of_the_service(client: Client, db: None, settings: LazySettings) -> None:
    settings.LANGUAGE_CODE = "cy"
    with translation.override("en-gb"):
        page = client.get(reverse("web:about")).content.decode()
    assert '<html lang="cy"' in page
