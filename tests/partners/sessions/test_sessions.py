"""My security: where a person is signed in, and the buttons that end it."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from audit.models import Entry
from desk.calendar.services.links import create_link
from partners.memberships.services import end_membership
from partners.models import User
from partners.tokens.services import create_token
from tests.cast import AT, TODAY, Cast
from web.browsers import browser_name

PASSWORD = "correct horse battery staple"
SECURITY = "/accounts/security/"
CHANGE = "/accounts/password/change/"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


@pytest.fixture
def holder(cast: Cast) -> User:
    cast.manager.set_password(PASSWORD)
    cast.manager.save(update_fields=["password"])
    return cast.manager


def sign_in(user: User, agent: str = EDGE) -> Client:
    client = Client(headers={"user-agent": agent})
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def is_signed_in(client: Client) -> bool:
    return client.get(SECURITY).status_code == 200


def end_buttons(page: Any) -> list[str]:
    return re.findall(r'action="(/account/sessions/\d+/end/)"', page.content.decode())


def test_the_page_lists_sessions_tokens_and_links(cast: Cast, holder: User) -> None:
    here = sign_in(holder)
    sign_in(holder, PHONE)
    create_token(actor=holder, name="Excel", scopes=["actions:read"], expires_on=TODAY, at=AT)
    create_link(actor=holder, name="Outlook", at=AT)
    page = here.get(SECURITY)
    html = page.content.decode()
    assert [(row.browser, row.is_current, row.address) for row in page.context["sessions"]] == [
        ("Edge on Windows", True, "127.0.0.1"),
        ("Safari on iPhone", False, "127.0.0.1"),
    ]
    assert len(end_buttons(page)) == 1
    assert "Excel: actions:read. Last used: never" in html
    assert "Outlook, created 19 June 2020" in html


def test_a_person_ends_one_session_and_all_others(cast: Cast, holder: User) -> None:
    here, phone, other = sign_in(holder), sign_in(holder, PHONE), sign_in(holder)
    (address,) = (
        f"/account/sessions/{row.pk}/end/"
        for row in here.get(SECURITY).context["sessions"]
        if row.browser == "Safari on iPhone"
    )
    assert sign_in(cast.gold).post(address).status_code != 200
    assert is_signed_in(phone)
    here.post(address)
    assert [is_signed_in(client) for client in (here, phone, other)] == [True, False, True]
    here.post("/account/sessions/end-others/")
    assert [is_signed_in(client) for client in (here, phone, other)] == [True, False, False]
    assert end_buttons(here.get(SECURITY)) == []
    verbs = [
        entry.verb
        for entry in Entry.objects.filter(target_type="partners.user", actor_id=holder.pk).order_by(
            "sequence"
        )
    ]
    assert verbs == ["user.session_ended", "user.sessions_ended"]
    here.post(
        CHANGE, {"oldpassword": PASSWORD, "password1": "four-quite-random", "password2": "four-quite-random"}
    )
    assert is_signed_in(here)
    assert len(here.get(SECURITY).context["sessions"]) == 1


def test_an_administrator_signs_people_out_and_stays_signed_in(
    cast: Cast, holder: User, signed_in: Any
) -> None:
    session, administrator = sign_in(holder), signed_in("administrator")
    chosen = {"accounts": [holder.pk, cast.administrator.pk]}
    response = administrator.post("/setup/accounts/sessions/end/", chosen, follow=True)
    assert "2 people signed out everywhere" in response.content.decode()
    assert not is_signed_in(session)
    assert is_signed_in(administrator)
    assert Entry.objects.filter(verb="user.sessions_ended").count() == 2


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/126.0 Mobile Safari", "Chrome on Android"),
        ("curl/8.0", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_named_in_words(agent: str, name: str) -> None:
    assert browser_name(agent) == name


def test_my_security_says_when_each_role_ends_or_is_reviewed(cast: Cast, signed_in: Any) -> None:
    row = cast.bradford_spoc.memberships.get()
    row = end_membership(actor=cast.manager, membership=row, ends_on=date(2020, 9, 30), at=AT)
    page = " ".join(signed_in("bradford_spoc").get(SECURITY).content.decode().split())
    assert f"Ends after 30 September 2020. Review due {row.review_by:%-d %B %Y}" in page
