"""Granting and ending memberships."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import Entry
from audit.services import verify
from partners.models import Membership, Role
from partners.policies import rights_of
from partners.services import end_membership, grant_membership
from tests.cast import AT, PEOPLE, TODAY, Cast


def grant(cast: Cast, **given: Any) -> Membership:
    facts = {
        "actor": cast.manager,
        "user": cast.stranger,
        "partnership": cast.yorkshire,
        "organisation": cast.wakefield_council,
        "role": Role.PARTNER_CONTACT,
        "starts_on": TODAY,
        "at": AT,
    }
    return grant_membership(**(facts | given))


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
def test_others_grant_and_end_nothing(cast: Cast, person: str) -> None:
    actor, before = cast.person(person), entries(cast)
    with pytest.raises(PermissionDenied):
        grant(cast, actor=actor, user=cast.observer)
    membership = cast.leeds_spoc.memberships.get()
    with pytest.raises(PermissionDenied):
        end_membership(actor=actor, membership=membership, ends_on=TODAY, at=AT)
    assert entries(cast) == before


@pytest.mark.parametrize("person", ["manager", "administrator"])
def test_nobody_grants_their_own(cast: Cast, person: str) -> None:
    with pytest.raises(PermissionDenied):
        grant(cast, actor=cast.person(person), user=cast.person(person), role=Role.AUDITOR)


def test_nobody_ends_their_own(cast: Cast) -> None:
    mine = cast.manager.memberships.get()
    with pytest.raises(PermissionDenied):
        end_membership(actor=cast.manager, membership=mine, ends_on=TODAY, at=AT)
    mine.refresh_from_db()
    assert mine.ends_on is None


def test_a_manager_grants_nothing_in_another_partnership(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        grant(cast, partnership=cast.leicestershire, organisation=cast.city_council)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"organisation": "city_council"}, "organisation"),
        ({"role": "chief"}, "role"),
        ({"role": ""}, "role"),
        ({"ends_on": date(2020, 6, 18)}, "__all__"),
        ({"starts_on": None}, "starts_on"),
    ],
)
def test_what_is_wrong_with_a_grant_is_said(cast: Cast, given: dict[str, Any], field: str) -> None:
    before = entries(cast)
    if "organisation" in given:
        given = {"organisation": cast.city_council}
    with pytest.raises(ValidationError) as refused:
        grant(cast, **given)
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


def test_what_ended_stays_ended(cast: Cast) -> None:
    """A membership that ran out in March is not brought back; a new one says from when it runs again."""
    over = cast.former_spoc.memberships.get()
    with pytest.raises(ValidationError) as refused:
        end_membership(actor=cast.manager, membership=over, ends_on=date(2021, 3, 31), at=AT)
    assert "31 March 2020" in str(refused.value)
    assert not rights_of(cast.former_spoc, TODAY).grants
