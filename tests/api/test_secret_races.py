"""Two people change one client's secrets in the same moment, each on a connection of their own."""

from collections.abc import Callable
from typing import Any

import pytest

from partners.clients.services.links import claim_secret, send_link
from partners.clients.services.secrets import end_secret, matching_secret
from partners.models import ApiClient, ClientSecret, SecretLink
from tests.actions.core.test_races import at_once, refusals, whole
from tests.api.clients import System, council, replace_secret
from tests.api.test_secrets import UNTIL
from tests.cast import AT, Cast

__all__ = ["council"]
pytestmark = pytest.mark.django_db(transaction=True)


def sending(cast: Cast, client: ApiClient, **fields: Any) -> Callable[[], Any]:
    # Each has read the client before the other writes.
    current = ApiClient.objects.select_related("partnership").get(pk=client.pk)
    return lambda: send_link(actor=cast.manager, client=current, email="it@partner.example", at=AT, **fields)


def using(cast: Cast, link: SecretLink) -> Callable[[], Any]:
    current = SecretLink.objects.select_related("client__partnership").get(pk=link.pk)
    return lambda: claim_secret(actor=cast.stranger, link=current, at=AT)


def works(client: ApiClient, text: str) -> bool:
    return matching_secret(client=client, text=text, at=AT) is not None


def test_of_two_links_sent_at_once_one_is_left(cast: Cast, council: System) -> None:
    outcomes = at_once(*(sending(cast, council.client, former_until=UNTIL) for _ in range(2)))
    assert refusals(outcomes) == []
    assert council.client.secret_links.count() == 2
    assert council.client.secret_links.open().count() == 1
    assert works(council.client, council.secret)
    assert whole(cast)


def test_a_link_used_twice_at_once_gives_one_secret(cast: Cast, council: System) -> None:
    client = council.client
    link = sending(cast, client, former_until=UNTIL)()
    outcomes = at_once(*(using(cast, link) for _ in range(2)))
    (refused,) = refusals(outcomes)
    assert (refused.code, "works only once" in refused.messages[0]) == ("state", True)
    (text,) = (outcome[1] for outcome in outcomes if outcome is not refused)
    assert client.secrets.running(AT).count() == 2
    assert works(client, council.secret)
    assert works(client, text)
    assert whole(cast)


def test_a_leak_and_the_use_of_a_link_meet(cast: Cast, council: System) -> None:
    """Whichever comes first: neither the secret that leaked nor one from the earlier link works."""
    client = council.client
    link = sending(cast, client, former_until=UNTIL)()
    at_once(using(cast, link), sending(cast, client))
    assert not client.secrets.running(AT).exists()
    assert client.secret_links.open().count() == 1
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
