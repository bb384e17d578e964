"""Two people change one client's secrets in the same moment, each on a connection of their own."""

from collections.abc import Callable
from typing import Any

import pytest

from partners.clients.services.secrets import end_secret, matching_secret
from partners.models import ApiClient, ClientSecret
from tests.actions.core.test_races import at_once, refusals, whole
from tests.api.clients import System, council, replace_secret
from tests.api.test_secrets import UNTIL
from tests.cast import AT, Cast

__all__ = ["council"]
pytestmark = pytest.mark.django_db(transaction=True)


def replacing(cast: Cast, client: ApiClient, **fields: Any) -> Callable[[], Any]:
    # Each has read the client before the other writes.
    current = ApiClient.objects.select_related("partnership").get(pk=client.pk)
    return lambda: replace_secret(actor=cast.manager, client=current, at=AT, **fields)


def works(client: ApiClient, text: str) -> bool:
    return matching_secret(client=client, text=text, at=AT) is not None


def test_two_replacements_with_an_overlap_leave_two_secrets(cast: Cast, council: System) -> None:
    client = council.client
    outcomes = at_once(*(replacing(cast, client, former_until=UNTIL) for _ in range(2)))
    (refused,) = refusals(outcomes)
    assert (refused.code, "Revoke one of them first" in refused.messages[0]) == ("state", True)
    (text,) = (outcome[1] for outcome in outcomes if outcome is not refused)
    assert client.secrets.running(AT).count() == 2
    assert works(client, council.secret)
    assert works(client, text)
    assert whole(cast)


def test_of_two_replacements_at_once_the_later_secret_alone_works(cast: Cast, council: System) -> None:
    client = council.client
    outcomes = at_once(replacing(cast, client), replacing(cast, client))
    assert refusals(outcomes) == []
    assert sorted(works(client, text) for _, text in outcomes) == [False, True]
    assert not works(client, council.secret)
    assert client.secrets.running(AT).count() == 1
    assert whole(cast)


def test_a_leak_and_a_replacement_meet(cast: Cast, council: System) -> None:
    """Whichever comes first: the secret that leaked is kept by nobody's overlap, unless its own is over already."""
    client = council.client
    gentle, hard = at_once(replacing(cast, client, former_until=UNTIL), replacing(cast, client))
    assert refusals([gentle, hard]) == []
    assert not works(client, council.secret)
    assert works(client, hard[1])
    hard_was_first = works(client, gentle[1])
    assert client.secrets.running(AT).count() == (2 if hard_was_first else 1)
    assert whole(cast)


def test_two_people_end_one_secret_each_and_one_is_left(cast: Cast, council: System) -> None:
    client = council.client
    replace_secret(actor=cast.manager, client=client, at=AT, former_until=UNTIL)
    first, second = ClientSecret.objects.filter(client=client).select_related("client__partnership")
    outcomes = at_once(
        lambda: end_secret(actor=cast.manager, secret=first, at=AT),
        lambda: end_secret(actor=cast.administrator, secret=second, at=AT),
    )
    (refused,) = refusals(outcomes)
    assert (refused.code, "the only active secret" in refused.messages[0]) == ("state", True)
    assert client.secrets.running(AT).count() == 1
    assert whole(cast)
