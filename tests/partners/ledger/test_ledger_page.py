"""The auditor's reading room."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit import triggers
from audit.actors import SYSTEM
from audit.models import Entry
from audit.services import checkpoint
from partners.memberships.services import grant_membership
from partners.models import Area, Role
from partners.organisations.services import save_reference
from tests.cast import AT, SINCE, Cast
from tests.factories import ActionFactory

LEDGER, VERIFY = "/ledger/", "/ledger/verify/"


def alter(statement: str, *parameters: Any) -> None:
    """Do what somebody with the database's password could, and leave no trace in the triggers."""
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    triggers.create(connection)


@pytest.fixture
def two_ledgers(cast: Cast) -> Iterator[Cast]:
    """The auditor audits both partnerships."""
    grant_membership(
        actor=cast.administrator,
        user=cast.auditor,
        partnership=cast.leicestershire,
        organisation=cast.city_council,
        role=Role.AUDITOR,
        starts_on=SINCE,
        at=AT,
    )
    return cast


def test_the_auditor_reads_their_own_partnerships_ledger_newest_first(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, awaiting_assurance=True)
    response = signed_in("auditor").get(LEDGER)
    entries = list(response.context["pages"])
    assert entries[0].verb == "action.submitted"
    assert {entry.ledger_id for entry in entries} == {cast.yorkshire.ledger_id}
    assert [entry.sequence for entry in entries] == sorted((e.sequence for e in entries), reverse=True)
    page = response.content.decode()
    assert cast.yorkshire.name in page
    assert "Leicester" not in page


def test_an_auditor_of_two_partnerships_chooses_one(two_ledgers: Cast, signed_in: Any) -> None:
    client = signed_in("auditor")
    page = client.get(LEDGER).content.decode()
    for partnership in (two_ledgers.yorkshire, two_ledgers.leicestershire):
        chosen = client.get(LEDGER, {"partnership": partnership.pk})
        assert chosen.context["partnership"] == partnership
        assert partnership.name in page


@pytest.mark.parametrize("chosen", ["0", "-1", "999999", "9" * 30, "x", "1.5", "²", "%00", "1 OR 1=1"])
def test_an_unknown_partnership_is_not_found(cast: Cast, signed_in: Any, chosen: str) -> None:
    client = signed_in("auditor")
    assert client.get(LEDGER, {"partnership": chosen}).status_code == 404
    assert client.post(VERIFY, {"partnership": chosen}).status_code == 404


def test_the_ledger_of_another_partnership_is_not_found(cast: Cast, signed_in: Any) -> None:
    client, foreign = signed_in("auditor"), cast.leicestershire.pk
    assert client.get(LEDGER, {"partnership": foreign}).status_code == 404
    assert client.post(VERIFY, {"partnership": foreign}).status_code == 404
    assert client.get(reverse("partners:ledger-entry", args=[foreign, 1])).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", "9" * 30])
def test_an_unknown_page_is_not_found(cast: Cast, signed_in: Any, page: str) -> None:
    assert signed_in("auditor").get(LEDGER, {"page": page}).status_code in {200, 404}


def test_an_entry_shows_what_changed(cast: Cast, signed_in: Any) -> None:
    cast.leeds.name = "Leeds <city>"
    save_reference(actor=cast.manager, row=cast.leeds, at=AT)
    entry = Entry.objects.filter(ledger=cast.yorkshire.ledger_id).latest("sequence")
    response = signed_in("auditor").get(
        reverse("partners:ledger-entry", args=[cast.yorkshire.pk, entry.sequence])
    )
    assert response.context["changes"] == [{"field": "name", "old": "Leeds", "new": "Leeds <city>"}]
    page = response.content.decode()
    assert entry.digest in page
    assert entry.previous_digest in page
    assert "Leeds &lt;city&gt;" in page
    assert "<city>" not in page


def back_of(page: str) -> str:
    match = re.search(r'<a href="([^"]*)" class="govuk-back-link">', page)
    assert match is not None
    return unescape(match[1])


def test_back_leads_to_the_entry_on_its_page_of_its_ledger(two_ledgers: Cast, signed_in: Any) -> None:
    """Also where more was recorded since the entry was opened, and where its ledger is not the first one."""
    client = signed_in("auditor")
    for partnership in (two_ledgers.yorkshire, two_ledgers.leicestershire):
        for number in range(60):
            area = Area(partnership=partnership, name=f"Area {number}")
            save_reference(actor=SYSTEM, row=area, at=AT)
        for sequence in (1, partnership.ledger.entries.count()):
            entry = client.get(reverse("partners:ledger-entry", args=[partnership.pk, sequence]))
            address, _, place = back_of(entry.content.decode()).partition("#")
            listed = client.get(address)
            assert listed.context["partnership"] == partnership
            assert sequence in [each.sequence for each in listed.context["pages"]]
            assert f'id="{place}"' in listed.content.decode()


def test_back_from_the_verdict_leads_to_the_ledger_that_was_verified(
    two_ledgers: Cast, signed_in: Any
) -> None:
    client = signed_in("auditor")
    for partnership in (two_ledgers.yorkshire, two_ledgers.leicestershire):
        verdict = client.post(VERIFY, {"partnership": partnership.pk}).content.decode()
        assert client.get(back_of(verdict)).context["partnership"] == partnership


def test_an_unknown_entry_is_not_found(cast: Cast, signed_in: Any) -> None:
    client = signed_in("auditor")
    for sequence in (0, 10_000, 10**12):
        address = reverse("partners:ledger-entry", args=[cast.yorkshire.pk, sequence])
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("sequence", [2**63, 10**40])
def test_an_entry_number_too_large_for_the_database_is_not_found(
    cast: Cast, signed_in: Any, sequence: int
) -> None:
    client = signed_in("auditor")
    assert client.get(f"/ledger/{cast.yorkshire.pk}/{sequence}/").status_code == 404
    assert client.get(f"/ledger/{sequence}/1/").status_code == 404


def test_an_unaltered_ledger_verifies(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, awaiting_assurance=True)
    response = signed_in("auditor").post(VERIFY, {"partnership": cast.yorkshire.pk})
    assert response.context["verdict"].ok
    assert "Ledger verified" in response.content.decode()


def test_the_number_of_an_altered_entry_is_shown(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, awaiting_assurance=True)
    alter(
        "UPDATE audit_entry SET note = 'Another note' WHERE ledger_id = %s AND sequence = %s",
        cast.yorkshire.ledger_id,
        3,
    )
    page = signed_in("auditor").post(VERIFY, {"partnership": cast.yorkshire.pk}).content.decode()
    assert "failed" in page
    assert "The first problem is at entry 3." in page
    assert "Ledger verified" not in page


def test_a_wrong_signing_key_is_not_reported_as_a_broken_ledger(
    cast: Cast, signed_in: Any, settings: Any
) -> None:
    ActionFactory(cast=cast, awaiting_assurance=True)
    checkpoint(actor=SYSTEM, ledger=cast.yorkshire.ledger, at=AT)
    settings.LEDGER_SIGNING_KEY = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="  # the bytes 32 to 63
    page = signed_in("auditor").post(VERIFY, {"partnership": cast.yorkshire.pk}).content.decode()
    assert "The signing key does not match" in page
    assert "add it to LEDGER_FORMER_PUBLIC_KEYS" in page
    assert "failed" not in page
    assert "Ledger verified" not in page


def test_a_record_altered_outside_the_ledger_is_shown(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    alter("UPDATE actions_action SET percent = 100 WHERE id = %s", action.pk)
    page = signed_in("auditor").post(VERIFY, {"partnership": cast.yorkshire.pk}).content.decode()
    assert "failed" in page
    assert f"actions.action {action.pk}" in page
    assert "percent" in page


def test_verification_covers_only_one_ledger(two_ledgers: Cast, signed_in: Any) -> None:
    alter("UPDATE audit_entry SET note = 'x' WHERE ledger_id = %s", two_ledgers.leicestershire.ledger_id)
    client = signed_in("auditor")
    verdicts = {
        partnership.slug: client.post(VERIFY, {"partnership": partnership.pk}).context["verdict"].ok
        for partnership in (two_ledgers.yorkshire, two_ledgers.leicestershire)
    }
    assert verdicts == {"west-yorkshire": True, "leicestershire": False}


def test_the_number_of_queries_does_not_grow_with_entries(cast: Cast, signed_in: Any) -> None:
    client = signed_in("auditor")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(LEDGER)
        return len(captured)

    few = queries()
    for number in range(30):
        save_reference(actor=cast.manager, row=Area(partnership=cast.yorkshire, name=f"Area {number}"), at=AT)
    assert queries() == few
