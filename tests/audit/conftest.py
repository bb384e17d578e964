from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection

from audit import triggers
from audit.actors import SYSTEM
from audit.models import Ledger
from audit.services import append, checkpoint, writing
from audit.state import state_of
from partners.models import Area, Partnership

AT = datetime(2020, 6, 19, 10, tzinfo=UTC)


@pytest.fixture
def execute(db: None) -> Callable[..., None]:
    """Send the database a statement, as its owner can."""

    def run(statement: str, *parameters: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)

    return run


@pytest.fixture
def sql(execute: Callable[..., None]) -> Callable[..., None]:
    """The same with the triggers out of the way."""
    triggers.drop(connection)
    return execute


def open_partnership(name: str = "West Yorkshire") -> Partnership:
    ledger = Ledger.objects.create(name=name)
    with writing(ledger.pk):
        partnership = Partnership.objects.create(
            name=name, slug=name.lower().replace(" ", "-"), ledger=ledger
        )
        append(actor=SYSTEM, ledger=ledger, at=AT, verb="partnership.created", target=partnership)
    return partnership


def add_area(partnership: Partnership, name: str, at: datetime = AT) -> Area:
    with writing(partnership.ledger_id) as ledger:
        area = Area.objects.create(partnership=partnership, name=name)
        append(actor=SYSTEM, ledger=ledger, at=at, verb="area.created", target=area)
    return area


def rename_area(area: Area, name: str, note: str = "", at: datetime = AT) -> Area:
    with writing(area.partnership.ledger_id) as ledger:
        before = state_of(area)
        area.name = name
        area.save(update_fields=["name"])
        append(actor=SYSTEM, ledger=ledger, at=at, verb="area.changed", target=area, before=before, note=note)
    return area


@pytest.fixture
def partnership(db: None) -> Partnership:
    return open_partnership()


@pytest.fixture
def chain(partnership: Partnership) -> Partnership:
    """Six entries: 1 the partnership, 2 Bradford, 3 Leeds, 4 Bradford renamed with a note, 5 Kirklees, 6 Leeds renamed."""
    bradford = add_area(partnership, "Bradford")
    leeds = add_area(partnership, "Leeds")
    rename_area(bradford, "Bradford District", note="As the council calls it")
    add_area(partnership, "Kirklees")
    rename_area(leeds, "Leeds District")
    return partnership


@pytest.fixture
def signed(chain: Partnership) -> Partnership:
    """The six entries with a checkpoint over the last."""
    assert checkpoint(actor=SYSTEM, ledger=chain.ledger, at=AT) is not None
    return chain
