"""Granting and ending memberships."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import Entry
from audit.services import verify
from partners.memberships.services import end_membership, grant_membership
from partners.models import Membership, Role
from partners.policies import rights_of
from tests.cast import AT, PEOPLE, TODAY, Cast


def grant(cast: Cast, **changes: Any) -> Membership:
    facts = {
        "actor": cast.manager,
        "user": cast.stranger,
        "partnership": cast.yorkshire,
        "organisation": cast.wakefield_council,
        "role": Role.PARTNER_CONTACT,
        "starts_on": TODAY,
        "at": AT,
    }
    return grant_membership(**(facts | changes))


def entries(cast: Cast) -> list[str]:
    rows = Entry.objects.filter(ledger=cast.yorkshire.ledger_id, target_type="partners.membership")
    return list(rows.order_by("sequence").values_list("verb", flat=True))


def test_a_grant_and_an_end_are_recorded(cast: Cast) -> None:
    before = len(entries(cast))
    made = grant(cast)
    end_membership(actor=cast.manager, membership=made, ends_on=TODAY, at=AT)
    assert entries(cast)[before:] == ["membership.granted", "membership.ended"]
    assert rights_of(cast.stranger, TODAY).has(Role.PARTNER_CONTACT, cast.yorkshire.pk)
    assert not rights_of(cast.stranger, TODAY + timedelta(days=1)).grants
    assert verify(ledger=cast.yorkshire.ledger).ok


@pytest.mark.parametrize("person", [name for name in PEOPLE if name not in {"manager", "administrator"}])
def test_others_cannot_grant_or_end_memberships(cast: Cast, person: str) -> None:
    actor, before = cast.person(person), entries(cast)
    with pytest.raises(PermissionDenied):
        grant(cast, actor=actor, user=cast.observer)
    membership = cast.leeds_spoc.memberships.get()
    with pytest.raises(PermissionDenied):
        end_membership(actor=actor, membership=membership, ends_on=TODAY, at=AT)
    assert entries(cast) == before


@pytest.mark.parametrize("person", ["manager", "administrator"])
def test_nobody_grants_their_own_membership(cast: Cast, person: str) -> None:
    with pytest.raises(PermissionDenied):
        grant(cast, actor=cast.person(person), user=cast.person(person), role=Role.AUDITOR)


def test_nobody_ends_their_own_membership(cast: Cast) -> None:
    mine = cast.manager.memberships.get()
    with pytest.raises(PermissionDenied):
        end_membership(actor=cast.manager, membership=mine, ends_on=TODAY, at=AT)
    mine.refresh_from_db()
    assert mine.ends_on is None


def test_a_manager_cannot_grant_memberships_in_another_partnership(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        grant(cast, partnership=cast.leicestershire, organisation=cast.city_council)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"organisation": "city_council"}, "organisation"),
        ({"role": "chief"}, "role"),
        ({"role": ""}, "role"),
        ({"ends_on": date(2020, 6, 18)}, "__all__"),
        ({"starts_on": None}, "starts_on"),
    ],
)
def test_an_invalid_grant_names_the_field(cast: Cast, fields: dict[str, Any], field: str) -> None:
    before = entries(cast)
    if "organisation" in fields:
        fields = {"organisation": cast.city_council}
    with pytest.raises(ValidationError) as refused:
        grant(cast, **fields)
    assert field in refused.value.message_dict
    assert entries(cast) == before


def test_the_same_membership_is_granted_once(cast: Cast) -> None:
    grant(cast)
    with pytest.raises(ValidationError):
        grant(cast)
    assert cast.stranger.memberships.count() == 1


def test_a_membership_does_not_end_before_it_begins(cast: Cast) -> None:
    made = grant(cast)
    with pytest.raises(ValidationError):
        end_membership(actor=cast.manager, membership=made, ends_on=date(2020, 6, 18), at=AT)
    made.refresh_from_db()
    assert made.ends_on is None


def test_an_ended_membership_cannot_be_changed(cast: Cast) -> None:
    """A membership that ran out in March is not brought back; a new one says from when it runs again."""
    over = cast.former_spoc.memberships.get()
    with pytest.raises(ValidationError) as refused:
        end_membership(actor=cast.manager, membership=over, ends_on=date(2021, 3, 31), at=AT)
    assert "31 March 2020" in str(refused.value)
    assert not rights_of(cast.former_spoc, TODAY).grants


# Main and alternate SPOC -------------------------------------------------------------------------------------


def spoc(cast: Cast, **changes: Any) -> Membership:
    """A SPOC of Wakefield Council, which has none."""
    return grant(cast, **{"role": Role.SPOC} | changes)


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2020, 5, 1), None),
        (date(2020, 8, 31), None),
        (date(2020, 5, 1), date(2020, 6, 1)),
        (date(2020, 7, 1), date(2020, 7, 1)),
        (date(2020, 5, 1), date(2020, 12, 31)),
    ],
)
def test_two_main_spocs_cannot_overlap(cast: Cast, starts_on: date, ends_on: date | None) -> None:
    spoc(cast, starts_on=date(2020, 6, 1), ends_on=date(2020, 8, 31))
    before = entries(cast)
    with pytest.raises(ValidationError) as refused:
        spoc(cast, user=cast.leeds_spoc, starts_on=starts_on, ends_on=ends_on)
    (message,) = refused.value.message_dict["alternate"]
    assert message == (
        "Stranger is the main SPOC of Wakefield Council from 1 June 2020 until 31 August 2020. "
        "Make this person an alternate, or end the other membership first"
    )
    assert entries(cast) == before


@pytest.mark.parametrize(
    ("starts_on", "ends_on"), [(date(2020, 5, 1), date(2020, 5, 31)), (date(2020, 9, 1), None)]
)
def test_main_spocs_follow_each_other(cast: Cast, starts_on: date, ends_on: date | None) -> None:
    spoc(cast, starts_on=date(2020, 6, 1), ends_on=date(2020, 8, 31))
    assert spoc(cast, user=cast.leeds_spoc, starts_on=starts_on, ends_on=ends_on).pk


def test_alternates_can_overlap_with_the_main_spoc(cast: Cast) -> None:
    spoc(cast)
    for user in (cast.leeds_spoc, cast.bradford_spoc):
        assert spoc(cast, user=user, alternate=True).alternate
    assert str(spoc(cast, user=cast.gold, alternate=True)) == "Gold: Alternate SPOC, Wakefield Council"


def test_each_organisation_has_its_own_main_spoc(cast: Cast) -> None:
    assert str(spoc(cast)) == "Stranger: Main SPOC, Wakefield Council"
    assert spoc(cast, organisation=cast.opcc).pk


def test_a_main_spoc_cannot_be_extended_into_the_next_ones_term(cast: Cast) -> None:
    first = spoc(cast, ends_on=date(2020, 6, 30))
    spoc(cast, user=cast.leeds_spoc, starts_on=date(2020, 8, 1))
    longer = end_membership(actor=cast.manager, membership=first, ends_on=date(2020, 7, 31), at=AT)
    with pytest.raises(ValidationError) as refused:
        end_membership(actor=cast.manager, membership=longer, ends_on=date(2020, 8, 1), at=AT)
    assert "Leeds spoc is the main SPOC of Wakefield Council from 1 August 2020 with no last day set" in str(
        refused.value
    )
    longer.refresh_from_db()
    assert longer.ends_on == date(2020, 7, 31)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SPOC])
def test_only_a_spoc_can_be_an_alternate(cast: Cast, role: str) -> None:
    with pytest.raises(ValidationError) as refused:
        grant(cast, role=role, alternate=True)
    assert "Only a SPOC can be an alternate" in str(refused.value)
