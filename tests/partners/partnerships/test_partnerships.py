"""Opening a partnership."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import Entry, Ledger
from audit.services import system_ledger, verify
from partners.models import Partnership
from partners.partnerships.services import create_partnership
from tests.cast import AT, PEOPLE, Cast


def test_a_partnership_has_a_ledger_of_its_own_that_begins_with_it(cast: Cast) -> None:
    made = create_partnership(actor=cast.administrator, name="Kent", slug="kent", at=AT)
    entry = Entry.objects.get(ledger=made.ledger)
    assert (entry.sequence, entry.verb, entry.target_id) == (1, "partnership.created", str(made.pk))
    assert (entry.actor_id, entry.actor_label) == (str(cast.administrator.pk), cast.administrator.name)
    assert verify(ledger=made.ledger).ok


@pytest.mark.parametrize("person", [name for name in PEOPLE if name != "administrator"])
def test_only_an_administrator_opens_one(cast: Cast, person: str) -> None:
    ledgers = Ledger.objects.count()
    with pytest.raises(PermissionDenied):
        create_partnership(actor=cast.person(person), name="Kent", slug="kent", at=AT)
    assert Ledger.objects.count() == ledgers


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "West Yorkshire"}, "name"),
        ({"slug": "not a slug"}, "slug"),
        ({"slug": "leicestershire"}, "slug"),
    ],
)
def test_each_error_names_its_field(cast: Cast, fields: dict[str, str], field: str) -> None:
    ledgers = Ledger.objects.count()
    with pytest.raises(ValidationError) as refused:
        create_partnership(actor=cast.administrator, at=AT, **({"name": "Kent", "slug": "kent"} | fields))
    assert set(refused.value.message_dict) == {field}
    assert (Partnership.objects.count(), Ledger.objects.count()) == (2, ledgers)


def test_a_partnership_cannot_take_the_name_of_the_systems_ledger(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        create_partnership(actor=cast.administrator, name=system_ledger().name, slug="kent", at=AT)
    assert set(refused.value.message_dict) == {"name"}
