"""Personal tokens: a person's own rights for a program of theirs, narrowed, dated, and gone when they say so."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.actors import SYSTEM
from audit.models import Entry
from audit.services import system_ledger, verify
from partners.accounts.services.users import change_user
from partners.memberships.services import end_membership
from partners.models import PersonalToken, PersonalTokenUse, User
from partners.tokens.services import create_token, revoke_token
from tests.api.clients import System
from tests.cast import AT, TODAY, Cast
from tests.factories import ActionFactory

LIST = "/api/v1/actions/"
SAID = {"narrative": "Done.", "rag": "green"}
PAGE = "/account/tokens/"


def token_of(user: User, name: str = "Figures", **changes: Any) -> tuple[PersonalToken, str]:
    arguments = {"scopes": ["actions:read"], "expires_on": TODAY + timedelta(days=30), "at": AT} | changes
    return create_token(actor=user, name=name, **arguments)


def bearing(text: str) -> dict[str, str]:
    return {"authorization": f"Bearer {text}"}


def get(text: str, path: str = LIST) -> Any:
    return Client().get(path, headers=bearing(text))


def test_a_token_has_the_rights_of_its_owner(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    _, mine = token_of(cast.bradford_spoc, scopes=["actions:read", "updates:write"])
    _, foreign = token_of(cast.leicestershire_manager, scopes=["actions:read", "updates:write"])
    assert [row["ref"] for row in get(mine).json()["results"]] == ["WY20-01"]
    assert get(foreign).json()["results"] == []
    updates = f"{LIST}{action.pk}/updates/"
    fields = {"data": SAID, "content_type": "application/json"}
    assert Client().post(updates, headers=bearing(foreign), **fields).status_code == 404
    made = Client().post(updates, headers=bearing(mine), **fields)
    assert made.status_code == 201
    assert action.updates.get(pk=made.json()["id"]).author == cast.bradford_spoc


def test_its_scopes_narrow_it(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    _, text = token_of(cast.bradford_spoc)
    refused = Client().post(
        f"{LIST}{action.pk}/updates/", SAID, content_type="application/json", headers=bearing(text)
    )
    assert refused.status_code == 403
    assert refused.json()["detail"] == "This needs an access token with the scope updates:write."


def test_it_opens_no_page(cast: Cast) -> None:
    _, text = token_of(cast.bradford_spoc)
    for page in ("/", PAGE, reverse("actions:action-list")):
        response = get(text, page)
        assert (response.status_code, response.headers["Location"][:17]) == (302, "/accounts/login/?")


def test_it_works_on_its_last_day_and_not_after(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    token, text = token_of(cast.bradford_spoc)
    last = AT.replace(year=2020, month=7, day=19)
    assert token.expires_on == last.date()
    monkeypatch.setattr("audit.clock.now", lambda: last)
    assert get(text).status_code == 200
    monkeypatch.setattr("audit.clock.now", lambda: last + timedelta(days=1))
    refused = get(text)
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"] == 'Bearer realm="api",error="invalid_token"'
    assert "expired" in refused.json()["detail"]


def test_it_dies_with_the_account_and_sees_nothing_without_a_membership(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True)
    _, text = token_of(cast.bradford_spoc)
    membership = cast.bradford_spoc.memberships.get()
    end_membership(actor=cast.administrator, membership=membership, ends_on=TODAY - timedelta(days=1), at=AT)
    assert get(text).json()["results"] == []
    change_user(actor=cast.administrator, user=cast.bradford_spoc, is_active=False, at=AT)
    assert get(text).status_code == 401


def test_a_revoked_one_opens_nothing_and_is_revoked_once(cast: Cast) -> None:
    token, text = token_of(cast.bradford_spoc)
    revoke_token(actor=cast.bradford_spoc, token=token, at=AT)
    assert get(text).status_code == 401
    with pytest.raises(ValidationError) as refused:
        revoke_token(actor=cast.bradford_spoc, token=token, at=AT)
    assert refused.value.code == "state"


@pytest.mark.parametrize("person", ["leeds_spoc", "manager", "auditor", "administrator"])
def test_nobody_else_revokes_or_lists_it(cast: Cast, person: str) -> None:
    token, text = token_of(cast.bradford_spoc)
    actor = cast.person(person)
    assert not PersonalToken.objects.visible_to(actor, TODAY).exists()
    with pytest.raises(PermissionDenied):
        revoke_token(actor=actor, token=token, at=AT)
    assert get(text).status_code == 200


@pytest.mark.parametrize(
    "text", ["ptpat_", "ptpat_0", "ptpat_" + "0" * 64, "ptpat_\xe9", "ptpat_ x", "PTPAT_0"]
)
def test_one_that_is_none_opens_nothing(db: None, text: str) -> None:
    assert get(text).status_code == 401


def test_the_token_is_stored_as_a_checksum_and_recorded_without_it(cast: Cast) -> None:
    token, text = token_of(cast.bradford_spoc)
    assert re.fullmatch(r"ptpat_[0-9a-f]{64}", text)
    assert text not in str(list(PersonalToken.objects.values()))
    entry = Entry.objects.get(verb="token.created")
    assert (entry.actor_label, entry.ledger_id) == (cast.bradford_spoc.name, system_ledger().pk)
    assert token.digest not in str(entry.state)
    assert entry.state["expires_on"] == "2020-07-19"
    revoke_token(actor=cast.bradford_spoc, token=token, at=AT)
    assert Entry.objects.get(verb="token.revoked").changes.keys() == {"revoked_at"}
    assert verify(ledger=system_ledger()).ok


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["actions:read", "admin"]}, "scopes"),
        ({"expires_on": TODAY - timedelta(days=1)}, "expires_on"),
        ({"expires_on": TODAY + timedelta(days=366)}, "expires_on"),
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "Taken"}, "name"),
        ({"name": " Taken  "}, "name"),
    ],
)
def test_mistakes_that_create_no_token(cast: Cast, fields: dict[str, Any], field: str) -> None:
    token_of(cast.bradford_spoc, "Taken")
    with pytest.raises(ValidationError) as refused:
        token_of(cast.bradford_spoc, **{"name": "Figures"} | fields)
    assert set(refused.value.message_dict) == {field}
    assert PersonalToken.objects.count() == 1


@pytest.mark.parametrize("days", [0, 365])
def test_a_token_lasts_from_a_day_to_a_year(cast: Cast, days: int) -> None:
    _, text = token_of(cast.bradford_spoc, expires_on=TODAY + timedelta(days=days))
    assert get(text).status_code == 200


def test_there_are_ten_at_most_and_a_name_is_free_again_once_revoked(cast: Cast) -> None:
    tokens = [token_of(cast.bradford_spoc, f"Program {number}")[0] for number in range(10)]
    with pytest.raises(ValidationError, match="You have 10 active tokens"):
        token_of(cast.bradford_spoc, "One more")
    revoke_token(actor=cast.bradford_spoc, token=tokens[0], at=AT)
    assert token_of(cast.bradford_spoc, "Program 0")[0].pk


def test_an_expired_token_does_not_count_towards_the_limit(cast: Cast) -> None:
    for number in range(10):
        token_of(cast.bradford_spoc, f"Program {number}", expires_on=TODAY)
    assert token_of(cast.bradford_spoc, "Program 0", at=AT + timedelta(days=1))[0].pk


def test_a_system_makes_none(cast: Cast, council: System) -> None:
    for actor in (SYSTEM, council.client.user):
        with pytest.raises(PermissionDenied):
            create_token(actor=actor, name="X", scopes=["actions:read"], expires_on=TODAY, at=AT)


# Last use ----------------------------------------------------------------------------------------------------


def test_a_use_is_noted_once_a_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    _, text = token_of(cast.bradford_spoc)
    assert not PersonalTokenUse.objects.exists()
    get(text)
    with CaptureQueriesContext(connection) as queries:
        get(text)
    assert [query["sql"] for query in queries if "INSERT" in query["sql"]] == []
    monkeypatch.setattr("audit.clock.now", lambda: AT + timedelta(days=2))
    get(text)
    assert list(PersonalTokenUse.objects.values_list("on", flat=True)) == [date(2020, 6, 21), TODAY]


def test_nobody_is_refused_because_a_use_could_not_be_noted(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_arguments: Any, **more: Any) -> None:
        raise OperationalError("database is locked")

    _, text = token_of(cast.bradford_spoc)
    monkeypatch.setattr(PersonalTokenUse.objects, "bulk_create", busy)
    assert get(text).status_code == 200
    assert not PersonalTokenUse.objects.exists()


def test_a_refused_token_notes_no_use(cast: Cast) -> None:
    token, text = token_of(cast.bradford_spoc)
    revoke_token(actor=cast.bradford_spoc, token=token, at=AT)
    get(text)
    assert not PersonalTokenUse.objects.exists()


# The page ----------------------------------------------------------------------------------------------------


def test_the_page_shows_a_token_once_and_its_last_use(cast: Cast, signed_in: Any) -> None:
    browser = signed_in("bradford_spoc")
    body = {"name": "Figures", "scopes": ["actions:read"], "expires_on": "2020-07-19"}
    made = browser.post(PAGE, body)
    assert made.status_code == 200
    assert "no-store" in made["Cache-Control"]
    text = re.search(r"ptpat_[0-9a-f]{64}", made.content.decode())
    assert text is not None
    assert "Last used: never" in made.content.decode()
    assert get(text[0]).status_code == 200
    again = browser.get(PAGE).content.decode()
    assert text[0] not in again
    assert "Last used: 19 June 2020" in again
    token = PersonalToken.objects.get()
    browser.post(reverse("partners:token-revoke", args=[token.pk]))
    assert get(text[0]).status_code == 401


def test_the_page_asks_about_personal_data_in_a_name(cast: Cast, signed_in: Any) -> None:
    body = {"name": "Ring 07700 900123", "scopes": ["actions:read"], "expires_on": "2020-07-19"}
    answer = signed_in("bradford_spoc").post(PAGE, body)
    assert answer.status_code == 422
    assert not PersonalToken.objects.exists()


def test_my_pages_lead_to_it(cast: Cast, signed_in: Any) -> None:
    assert f'href="{PAGE}"' in signed_in("bradford_spoc").get("/").content.decode()
