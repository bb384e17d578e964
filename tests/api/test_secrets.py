"""A client's secrets: replaced with an overlap, ended at once, and what that means for its tokens."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from oauth2_provider.models import AccessToken

from audit.models import Entry
from audit.services import verify
from partners.clients.services.clients import change_scopes, deactivate_client
from partners.clients.services.secrets import end_secret, matching_secret, use_secret
from partners.models import ClientSecret
from tests.api.clients import System, replace_secret
from tests.cast import AT, EARLIER, LONDON, PEOPLE, Cast

UNTIL = date(2020, 7, 3)
LAST_MOMENT = datetime(2020, 7, 3, 23, 59, 59, tzinfo=LONDON)
OTHERS = [name for name in PEOPLE if name not in {"manager", "administrator"}]


def replaced(cast: Cast, council: System, **changes: Any) -> System:
    """The same system with a new secret."""
    _, text = replace_secret(actor=cast.manager, client=council.client, at=AT, **changes)
    return replace(council, secret=text, token="")


def gets_in(system: System) -> bool:
    answer = system.ask()
    assert answer.status_code in {200, 401}
    return bool(answer.status_code == 200)


def test_two_secrets_work_side_by_side_until_the_end_of_a_day(
    cast: Cast, council: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = replaced(cast, council, former_until=UNTIL)
    assert (gets_in(council), gets_in(new)) == (True, True)
    monkeypatch.setattr("audit.clock.now", lambda: LAST_MOMENT)
    assert (gets_in(council), gets_in(new)) == (True, True)
    monkeypatch.setattr("audit.clock.now", lambda: LAST_MOMENT + timedelta(seconds=1))
    assert (gets_in(council), gets_in(new)) == (False, True)


def test_with_an_overlap_tokens_go_on(cast: Cast, council: System) -> None:
    council.headers()
    replaced(cast, council, former_until=UNTIL)
    assert council.get("/actions/").status_code == 200


def test_a_secret_that_leaked_ends_at_once_and_so_do_its_tokens(cast: Cast, council: System) -> None:
    council.headers()
    new = replaced(cast, council)
    assert council.get("/actions/").status_code == 401
    assert (gets_in(council), gets_in(new)) == (False, True)
    assert new.get("/actions/").status_code == 200


def test_the_one_that_leaked_of_two_ends_at_once(cast: Cast, council: System) -> None:
    new = replaced(cast, council, former_until=UNTIL)
    council.headers()
    end_secret(actor=cast.manager, secret=council.client.secrets.get(ends_at__isnull=False), at=AT)
    assert council.get("/actions/").status_code == 401
    assert (gets_in(council), gets_in(new)) == (False, True)


def test_the_new_one_may_be_the_one_that_leaked(cast: Cast, council: System) -> None:
    replaced(cast, council, former_until=UNTIL)
    third = replaced(cast, council)
    assert (gets_in(council), gets_in(third)) == (False, True)
    assert council.client.secrets.running(AT).count() == 1


def test_the_only_secret_is_not_ended_and_none_twice(cast: Cast, council: System) -> None:
    only = council.client.secrets.get()
    with pytest.raises(ValidationError, match="only active secret") as refused:
        end_secret(actor=cast.manager, secret=only, at=AT)
    assert refused.value.code == "state"
    replaced(cast, council)
    with pytest.raises(ValidationError, match="already expired"):
        end_secret(actor=cast.manager, secret=only, at=AT)


def test_no_third_secret_runs_beside_two(cast: Cast, council: System) -> None:
    replaced(cast, council, former_until=UNTIL)
    with pytest.raises(ValidationError, match="2 active secrets") as refused:
        replaced(cast, council, former_until=UNTIL)
    assert refused.value.code == "state"
    assert ClientSecret.objects.count() == 2


@pytest.mark.parametrize(("day", "works"), [(-1, False), (0, True), (90, True), (91, False)])
def test_an_overlap_lasts_ninety_days_at_most(cast: Cast, council: System, day: int, works: bool) -> None:
    until = AT.date() + timedelta(days=day)
    if works:
        assert gets_in(replaced(cast, council, former_until=until))
        return
    with pytest.raises(ValidationError) as refused:
        replaced(cast, council, former_until=until)
    assert set(refused.value.message_dict) == {"former_until"}
    assert ClientSecret.objects.count() == 1


def test_a_stopped_client_gets_no_secret_and_has_no_token(cast: Cast, council: System) -> None:
    council.headers()
    stopped = deactivate_client(actor=cast.manager, client=council.client, at=AT)
    assert not AccessToken.objects.exists()
    for act in (
        lambda: replace_secret(actor=cast.manager, client=stopped, at=AT),
        lambda: change_scopes(actor=cast.manager, client=stopped, scopes=["actions:read"], at=AT),
        lambda: deactivate_client(actor=cast.manager, client=stopped, at=AT),
    ):
        with pytest.raises(ValidationError) as refused:
            act()
        assert refused.value.code == "state"


def test_the_last_use_is_that_of_the_secret_which_was_used(cast: Cast, council: System) -> None:
    new = replaced(cast, council, former_until=UNTIL)
    assert set(ClientSecret.objects.values_list("last_used_at", flat=True)) == {None}
    assert gets_in(new)
    used = matching_secret(client=council.client, text=new.secret, at=AT)
    former = matching_secret(client=council.client, text=council.secret, at=AT)
    assert used is not None
    assert former is not None
    assert (used.last_used_at, former.last_used_at) == (AT, None)
    replace(council, secret="wrong").ask()
    assert ClientSecret.objects.get(pk=former.pk).last_used_at is None
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_a_secret_that_ends_while_it_is_checked_gives_no_token(
    cast: Cast, council: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def checked_then_ended(**fields: Any) -> ClientSecret | None:
        matching = matching_secret(**fields)
        replaced(cast, council)
        return matching

    monkeypatch.setattr("partners.clients.api.tokens.matching_secret", checked_then_ended)
    assert (council.ask().status_code, council.ask().json()["error"]) == (401, "invalid_client")
    assert not AccessToken.objects.exists()


def test_a_secret_opens_its_own_client_alone(council: System, leicester: System) -> None:
    assert not gets_in(replace(council, secret=leicester.secret))
    assert matching_secret(client=council.client, text=leicester.secret, at=AT) is None


def test_changes_of_secrets_are_recorded_without_them(cast: Cast, council: System) -> None:
    new = replaced(cast, council, former_until=UNTIL, note="The yearly change.")
    entries = Entry.objects.filter(verb__startswith="client.secret").order_by("sequence")
    assert [(entry.verb, entry.note) for entry in entries] == [
        ("client.secret_created", ""),
        ("client.secret_link_sent", "The yearly change."),
        ("client.secret_link_used", ""),
        ("client.secret_ended", ""),
        ("client.secret_created", ""),
    ]
    assert entries[3].changes == {"ends_at": [None, "2020-07-03T23:00:00.000000Z"]}
    written = str(list(Entry.objects.values_list("state", "changes", "target_label")))
    for secret in ClientSecret.objects.all():
        assert secret.digest not in written
    assert new.secret not in written
    assert verify(ledger=cast.yorkshire.ledger).ok


@pytest.mark.parametrize("person", OTHERS)
def test_others_change_nothing(cast: Cast, council: System, person: str) -> None:
    actor, secret = cast.person(person), council.client.secrets.get()
    for act in (
        lambda: replace_secret(actor=actor, client=council.client, at=AT),
        lambda: end_secret(actor=actor, secret=secret, at=AT),
        lambda: change_scopes(actor=actor, client=council.client, scopes=["actions:read"], at=AT),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert ClientSecret.objects.get().ends_at is None


def test_a_secret_is_known_to_programs_that_search_for_secrets(council: System) -> None:
    assert council.secret.startswith("ptcs_")


# What it may do ----------------------------------------------------------------------------------------------


def test_a_removed_scope_ends_at_once(cast: Cast, council: System) -> None:
    council.headers()
    change_scopes(actor=cast.manager, client=council.client, scopes=["updates:write"], at=AT, note="Less.")
    assert council.get("/actions/").status_code == 401
    assert council.ask().json()["scope"] == "updates:write"
    entry = Entry.objects.get(verb="client.scopes_changed")
    assert entry.changes == {"scopes": ["actions:read updates:write", "updates:write"]}
    assert entry.note == "Less."


def test_a_scope_that_is_added_leaves_tokens_alone(cast: Cast, council: System) -> None:
    council.headers()
    wider = ["actions:read", "updates:write", "returns:read"]
    change_scopes(actor=cast.manager, client=council.client, scopes=wider, at=AT)
    assert council.get("/actions/").status_code == 200
    assert council.ask().json()["scope"] == "actions:read returns:read updates:write"


def test_the_same_scopes_again_are_no_change(cast: Cast, council: System) -> None:
    change_scopes(actor=cast.manager, client=council.client, scopes=["updates:write", "actions:read"], at=AT)
    assert not Entry.objects.filter(verb="client.scopes_changed").exists()


@pytest.mark.parametrize("scopes", [[], ["actions:delete"], ["actions:read", "admin"]])
def test_a_scope_that_is_none_changes_nothing(cast: Cast, council: System, scopes: list[str]) -> None:
    with pytest.raises(ValidationError) as refused:
        change_scopes(actor=cast.manager, client=council.client, scopes=scopes, at=AT)
    assert set(refused.value.message_dict) == {"scopes"}


def test_a_secret_created_earlier_is_used_now(council: System) -> None:
    secret = council.client.secrets.get()
    assert secret.created_at == EARLIER
    assert use_secret(actor=council.client.user, secret=secret, at=AT)
    assert not use_secret(actor=council.client.user, secret=ClientSecret(pk=0), at=AT)
