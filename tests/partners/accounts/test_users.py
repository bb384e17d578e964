"""Accounts: who opens and changes them, and what the ledger hears of it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import Entry
from audit.services import system_ledger, verify
from partners.accounts.services.users import change_user, create_user, record_password_change
from partners.models import User
from tests.cast import AT, PEOPLE, Cast

GOOD = "correct horse battery staple"


def last() -> Entry:
    return Entry.objects.filter(ledger=system_ledger()).latest("sequence")


def test_an_account_is_opened_with_its_address_in_small_letters(cast: Cast) -> None:
    made = create_user(actor=cast.administrator, email="  Silver@Example.ORG ", name="Silver chair", at=AT)
    assert made.email == "silver@example.org"
    assert (made.is_staff, made.is_superuser, made.has_usable_password()) == (False, False, False)
    assert (last().verb, last().actor_label) == ("user.created", "Administrator")
    assert verify(ledger=system_ledger()).ok


def test_no_password_is_in_the_ledger(cast: Cast) -> None:
    made = create_user(actor=cast.administrator, email="a@example.org", name="A", password=GOOD, at=AT)
    assert made.check_password(GOOD)
    assert "password" not in last().changes
    assert made.password not in str(last().state)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": "MANAGER@example.org"}, "__all__"),
        ({"email": "not an address"}, "email"),
        ({"email": ""}, "email"),
        ({"email": f"{'x' * 250}@example.org"}, "email"),
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"kind": "robot"}, "kind"),
    ],
)
def test_an_invalid_account_names_the_field(cast: Cast, fields: dict[str, str], field: str) -> None:
    before = User.objects.count()
    with pytest.raises(ValidationError) as refused:
        create_user(actor=cast.administrator, at=AT, **({"email": "a@example.org", "name": "A"} | fields))
    assert set(refused.value.message_dict) == {field}
    assert User.objects.count() == before


@pytest.mark.parametrize("password", ["short", "password12345", "123456789012345", "silver.lead@example"])
def test_a_weak_password_opens_no_account(cast: Cast, password: str) -> None:
    with pytest.raises(ValidationError):
        create_user(
            actor=cast.administrator,
            email="silver.lead@example.org",
            name="Silver",
            password=password,
            at=AT,
        )
    assert not User.objects.filter(email="silver.lead@example.org").exists()


@pytest.mark.parametrize("person", [name for name in PEOPLE if name != "administrator"])
def test_only_administrators_manage_accounts(cast: Cast, person: str) -> None:
    actor, before = cast.person(person), last().sequence
    with pytest.raises(PermissionDenied):
        create_user(actor=actor, email="a@example.org", name="A", at=AT)
    with pytest.raises(PermissionDenied):
        change_user(actor=actor, user=actor, name="Chief", at=AT)
    with pytest.raises(PermissionDenied):
        record_password_change(actor=actor, user=cast.administrator, password=GOOD, at=AT)
    assert last().sequence == before


def test_a_change_is_recorded_and_no_change_is_not(cast: Cast) -> None:
    change_user(actor=cast.administrator, user=cast.manager, name="Prevent lead", at=AT)
    assert last().changes == {"name": ["Manager", "Prevent lead"]}
    before = last().sequence
    change_user(actor=cast.administrator, user=cast.manager, name="Prevent lead", at=AT)
    assert last().sequence == before
    assert verify(ledger=system_ledger()).ok


@pytest.mark.parametrize("field", ["is_staff", "is_active"])
def test_administrators_cannot_change_their_own_access(cast: Cast, field: str) -> None:
    with pytest.raises(PermissionDenied):
        change_user(actor=cast.administrator, user=cast.administrator, at=AT, **{field: False})
    cast.administrator.refresh_from_db()
    assert (cast.administrator.is_staff, cast.administrator.is_active) == (True, True)


def test_an_address_in_use_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        change_user(actor=cast.administrator, user=cast.gold, email="Manager@Example.org", at=AT)
    cast.gold.refresh_from_db()
    assert cast.gold.email == "gold@example.org"


def test_a_user_changes_their_password_and_the_ledger_records_it(cast: Cast) -> None:
    record_password_change(actor=cast.gold, user=cast.gold, password=GOOD, at=AT)
    entry = last()
    assert (entry.verb, entry.actor_id, entry.target_id) == (
        "user.password_changed",
        str(cast.gold.pk),
        str(cast.gold.pk),
    )
    assert entry.changes == {"access_version": [0, 1]}
    assert User.objects.get(pk=cast.gold.pk).check_password(GOOD)
    assert verify(ledger=system_ledger()).ok
