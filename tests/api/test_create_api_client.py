"""The command that gives a partner's system its credentials."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit.models import Entry
from partners.accounts.services.users import change_user
from partners.models import ApiClient
from tests.api.clients import System
from tests.cast import AT, Cast

GIVEN = {
    "partnership": "West Yorkshire",
    "organisation": "Wakefield Council",
    "name": "Case system",
    "actor": "manager@example.org",
}


def run(**options: Any) -> str:
    out = StringIO()
    call_command("create_api_client", stdout=out, **GIVEN | options)
    return out.getvalue()


def test_the_printed_credentials_open_the_api(cast: Cast) -> None:
    printed = run()
    client = ApiClient.objects.get(name="Case system")
    secret = re.search(r"Client secret: (\S+)", printed)
    assert secret is not None
    assert f"Client id:     {client.client_id}" in printed
    assert System(client, secret[1]).get("/actions/").status_code == 200
    assert (client.organisation, client.partnership) == (cast.wakefield_council, cast.yorkshire)
    entry = Entry.objects.get(verb="client.created")
    assert (entry.actor_label, secret[1] in str(entry.state)) == ("Manager", False)


def test_names_are_found_however_they_are_written(cast: Cast) -> None:
    run(partnership="WEST yorkshire", organisation="wakefield council", actor="MANAGER@example.org")
    assert ApiClient.objects.get().organisation == cast.wakefield_council


def test_a_name_may_be_in_any_script(cast: Cast) -> None:
    run(name="系统")
    assert ApiClient.objects.get().name == "系统"


def test_scopes_can_be_fewer(cast: Cast) -> None:
    run(scopes=["actions:read"])
    assert ApiClient.objects.get().scopes == "actions:read"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"partnership": "Nowhere"},
            "There is no partnership “Nowhere”. Choose from: “Leicestershire”, “West",
        ),
        (
            {"organisation": "Leicester City Council"},
            "West Yorkshire has no organisation called “Leicester City",
        ),
        ({"actor": "nobody@example.org"}, "There is no active account “nobody@example.org”"),
        ({"actor": "auditor@example.org"}, "Only an administrator or the programme manager"),
        ({"actor": "leicestershire.manager@example.org"}, "Only an administrator or the programme manager"),
        ({"name": " "}, "Enter the name of the system"),
        ({"name": "x" * 101}, "Name of the system must be 100 characters or fewer"),
    ],
)
def test_a_mistake_is_explained_and_nothing_is_created(
    cast: Cast, options: dict[str, str], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        run(**options)
    assert not ApiClient.objects.exists()


def test_a_name_is_unique_in_an_organisation(cast: Cast) -> None:
    run()
    with pytest.raises(CommandError, match="already has an API client called “Case system”"):
        run()
    assert ApiClient.objects.count() == 1


def test_a_closed_account_registers_nobody(cast: Cast) -> None:
    change_user(actor=cast.administrator, user=cast.manager, is_active=False, at=AT)
    with pytest.raises(CommandError, match="no active account"):
        run()
