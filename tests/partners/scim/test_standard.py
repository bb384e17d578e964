"""The checks that scim2-tester makes of any service, through the client that identity providers build on."""

import json
from itertools import count
from types import SimpleNamespace
from typing import Any
from wsgiref.headers import Headers

import pytest
from scim2_client.engines.inprocess import InProcessResponse
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from tests.cast import Cast
from tests.partners.scim.clients import TYPE, Provider

# A person always has a name and is active or not, so removing one of these changes nothing: a refusal would keep a
# leaver in whose post was removed by the same message.
KNOWN = {"check_remove_attribute"}
GOOD = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE, Status.SKIPPED}


class DjangoClient(WSGISCIMClient):
    """A SCIM client that sends its requests with Django's test client, which shares the test's transaction."""

    def __init__(self, provider: Provider) -> None:
        super().__init__(lambda environ, start_response: [])
        self.sender = provider

    def request(self, method: str, url: str, **options: Any) -> InProcessResponse:
        answer = self.sender.http.generic(
            method,
            f"/scim/v2/{url.removeprefix('http://testserver/scim/v2').lstrip('/')}",
            json.dumps(options["json"]) if options.get("json") else "",
            content_type=TYPE,
            query_params=options.get("params"),
            headers=self.sender.headers(**dict(options.get("headers") or {})),
        )
        return InProcessResponse(answer.status_code, Headers(list(answer.items())), answer.content)


def test_a_client_of_the_standard_finds_no_fault(
    cast: Cast, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = count()
    # It names people by made-up texts, and here they are named by email addresses.
    addresses = SimpleNamespace(uuid4=lambda: f"person-{next(numbers)}@example.org")
    monkeypatch.setattr("scim2_tester.filling.uuid", addresses)
    results = check_server(DjangoClient(provider))
    assert [
        f"{each.title}: {each.reason}"
        for each in results
        if each.status not in GOOD and each.title not in KNOWN
    ] == []
    succeeded = {each.title for each in results if each.status == Status.SUCCESS}
    assert succeeded > {"object_creation", "object_query", "object_replacement", "object_deletion"}
