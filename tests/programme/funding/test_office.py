"""What the OPCC's officers view and enter: the funding room, and the grants of the Police and Crime Commissioner."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from programme.models import Grant
from programme.records.services.records import save_record
from tests.cast import AT, Cast
from tests.programme.factories import (
    AttendanceFactory,
    FundingDecisionFactory,
    FundingRoundFactory,
    GrantFactory,
    GrantFundFactory,
)


def at(page: str, room: str, kind: str, *ids: Any) -> str:
    return reverse(f"programme:record-{page}", args=[room, kind, *ids])


def test_an_officer_enters_a_grant_and_changes_it(cast: Cast, signed_in: Any) -> None:
    fund = GrantFundFactory(cast=cast)
    browser = signed_in("opcc_officer")
    page = browser.get(at("create", "funding", "grants"))
    assert b'name="publication"' not in page.content
    assert b"Leeds</option>" in page.content
    form_data = {
        "fund": fund.pk,
        "identifier": "360G-example-0007",
        "title": "Youth forum",
        "description": "A forum for young people.",
        "recipient": "Example Trust",
        "recipient_identifier": "GB-CHC-0000000",
        "amount": "1500.50",
        "awarded_on": "2020-05-01",
        "purpose": "Meetings.",
        "state": "awarded",
        "source": "Decision notice 12 of 2020",
        "basis": "recorded",
        "as_at": "2020-05-01",
        "marking": "OFFICIAL",
    }
    assert browser.post(at("create", "funding", "grants"), form_data | {"amount": "-1"}).status_code == 422
    page = browser.post(at("create", "funding", "grants"), form_data, follow=True).content.decode()
    assert "Grant added" in page
    grant = Grant.objects.get()
    assert grant.publication == "undecided"
    changed = form_data | {"amount": "1600.00", "version": grant.version}
    assert browser.post(at("edit", "funding", "grants", grant.pk), changed).status_code == 302
    assert f"{Grant.objects.get().amount}" == "1600.00"


def test_an_officer_does_not_decide_on_publication_or_record_what_is_not_the_offices(cast: Cast) -> None:
    grant = GrantFactory(cast=cast, publication="undecided")
    with pytest.raises(PermissionDenied):
        save_record(actor=cast.opcc_officer, row=grant, at=AT, publication="publish")
    for factory in (FundingRoundFactory, AttendanceFactory):
        row = factory(cast=cast)
        with pytest.raises(PermissionDenied):
            save_record(actor=cast.opcc_officer, row=row, at=AT, source="Another paper")


def test_an_officer_views_the_funding_room_and_no_other(cast: Cast, signed_in: Any) -> None:
    FundingDecisionFactory(cast=cast)
    AttendanceFactory(cast=cast)
    hidden = {
        "marking": "OFFICIAL-SENSITIVE",
        "handling_instruction": "Police only",
        "publication": "undecided",
    }
    grant = GrantFactory(cast=cast, identifier="360G-example-0008", **hidden)
    browser = signed_in("opcc_officer")
    overview = browser.get(reverse("programme:overview")).content.decode()
    assert reverse("programme:room", args=["funding"]) in overview
    assert reverse("programme:room", args=["training"]) not in overview
    assert "Wakefield Council" in browser.get(reverse("programme:room", args=["funding"])).content.decode()
    statuses = {
        address: browser.get(address).status_code
        for address in (
            reverse("programme:room", args=["training"]),
            reverse("programme:foi"),
            at("list", "training", "attendance"),
            at("export", "training", "attendance", "csv"),
            at("page", "funding", "grants", grant.pk),
        )
    }
    assert list(statuses.values()) == [403, 403, 403, 403, 404]
    assert b"Add a grant" in browser.get(at("list", "funding", "grants")).content
    assert b"Add a funding round" not in browser.get(at("list", "funding", "rounds")).content


def test_an_officer_of_another_partnership_sees_none_of_it(cast: Cast, signed_in: Any) -> None:
    GrantFactory(cast=cast)
    assert (
        b"Youth forum" not in signed_in("leicestershire_manager").get(at("list", "funding", "grants")).content
    )
    assert signed_in("observer").get(at("list", "funding", "grants")).status_code == 403
