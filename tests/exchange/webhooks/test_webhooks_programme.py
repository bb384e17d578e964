"""Records around the plan through webhooks: sent to partners who may see them, and to nobody else."""

import json
from typing import Any

import pytest

from exchange.webhooks.models import Webhook
from exchange.webhooks.services.registering import register_webhook
from partners.clients.services.clients import create_client
from partners.models import Organisation
from programme.models import Attendance
from programme.records.services.records import save_record
from tests.cast import AT, Cast
from tests.exchange.webhooks.receiving import Receiver, names, receiver
from tests.exchange.webhooks.test_webhooks import run
from tests.factories import OrganisationFactory
from tests.programme.factories import AttendanceFactory, TrainingEventFactory

__all__ = ["names", "receiver"]
SCOPES = ["changes:read", "programme:read", "webhooks:write"]
SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "For the council only."}
ALL = {"council", "neighbour"}


@pytest.fixture
def hooks(cast: Cast, receiver: Receiver) -> dict[str, Webhook]:
    """The webhooks of Wakefield council, of a neighbour, of a system without the scope, and of another partnership."""
    neighbour = OrganisationFactory(partnership=cast.yorkshire, name="Calderdale Council")
    actions_only = ["actions:read", "changes:read", "webhooks:write"]

    def hook(manager: Any, organisation: Organisation, scopes: list[str]) -> Webhook:
        client, _ = create_client(
            actor=manager,
            organisation=organisation,
            name=f"System {organisation} {len(scopes)} {scopes[0]}",
            scopes=scopes,
            at=AT,
        )
        return register_webhook(actor=manager, client=client, url=receiver.url, at=AT)[0]

    return {
        "council": hook(cast.manager, cast.wakefield_council, SCOPES),
        "neighbour": hook(cast.manager, neighbour, SCOPES),
        "without_scope": hook(cast.manager, cast.wakefield_council, actions_only),
        "leicestershire": hook(cast.leicestershire_manager, cast.city_council, SCOPES),
    }


def sent(hooks: dict[str, Webhook], receiver: Receiver) -> dict[str, list[tuple[str, str, int]]]:
    """Deliver what waits, and return the verbs, kinds and ids of records by the webhook that was sent them."""
    changes = {}
    for name, hook in hooks.items():
        receiver.got.clear()
        run(hook)
        results = [change for _, body in receiver.got for change in json.loads(body)["data"]["results"]]
        changes[name] = [
            (change["verb"], change["subject"]["type"], change["subject"]["id"]) for change in results
        ]
    return {name: rows for name, rows in changes.items() if rows}


@pytest.mark.parametrize(("marking", "receives"), [({}, ALL), (SENSITIVE, {"council"})])
def test_a_new_record_and_its_correction_are_sent_to_partners_who_may_see_them(
    cast: Cast, hooks: dict[str, Webhook], receiver: Receiver, marking: dict[str, str], receives: set[str]
) -> None:
    event = TrainingEventFactory(cast=cast, at=AT)
    sent(hooks, receiver)
    old = AttendanceFactory(cast=cast, event=event, organisation=cast.wakefield_council, at=AT, **marking)
    added = [("attendance.added", "attendance", old.pk)]
    assert sent(hooks, receiver) == dict.fromkeys(receives, added)
    new = save_record(actor=cast.manager, row=Attendance.objects.get(), at=AT, people=14)
    corrected = [("attendance.corrected", "attendance", old.pk), ("attendance.added", "attendance", new.pk)]
    assert sent(hooks, receiver) == dict.fromkeys(receives, corrected)


def test_a_record_of_an_event_that_a_partner_may_not_see_is_not_sent_to_it(
    cast: Cast, hooks: dict[str, Webhook], receiver: Receiver
) -> None:
    event = TrainingEventFactory(cast=cast, at=AT, **SENSITIVE)
    record = AttendanceFactory(cast=cast, event=event, organisation=cast.wakefield_council, at=AT)
    save_record(actor=cast.manager, row=record, at=AT, people=14)
    assert sent(hooks, receiver) == {}


def test_a_message_has_no_content_of_a_record(
    cast: Cast, hooks: dict[str, Webhook], receiver: Receiver
) -> None:
    AttendanceFactory(cast=cast, event=TrainingEventFactory(cast=cast, at=AT), people=12_345, at=AT)
    run(hooks["council"])
    assert receiver.got
    assert not any("12345" in body or "Champions launch" in body for _, body in receiver.got)
