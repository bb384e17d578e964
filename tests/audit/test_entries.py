from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.actors import SYSTEM
from audit.models import Entry, Ledger
from audit.request_id import request_id
from audit.services import Item, NotWritingError, append, append_many, system_ledger, verify, writing
from audit.state import state_of
from partners.models import Area, Partnership
from tests.audit.conftest import AT, add_area, rename_area

pytestmark = pytest.mark.django_db


class Person:
    pk = 7
    actor_type = "user"
    actor_label = "Bradford SPOC"


def test_a_created_row_is_recorded_with_its_state_and_chained(partnership: Partnership) -> None:
    first = Entry.objects.get()
    area = add_area(partnership, "Bradford")
    entry = Entry.objects.get(sequence=2)
    assert entry.state == state_of(area)
    assert entry.changes["name"] == [None, "Bradford"]
    assert (entry.target_type, entry.target_id, entry.target_label) == (
        "partners.area",
        str(area.pk),
        "Bradford",
    )
    assert entry.previous_digest == first.digest
    assert first.previous_digest == "0" * 64
    head = Ledger.objects.get(pk=partnership.ledger_id)
    assert (head.sequence, head.digest, head.last_at) == (2, entry.digest, AT)


def test_a_change_records_what_differs_and_nothing_else(partnership: Partnership) -> None:
    rename_area(add_area(partnership, "Bradford"), "Bradford District", note="As the council calls it")
    entry = Entry.objects.get(sequence=3)
    assert entry.changes == {"name": ["Bradford", "Bradford District"]}
    assert entry.note == "As the council calls it"


def test_a_removal_leaves_no_state(partnership: Partnership) -> None:
    area = add_area(partnership, "Bradford")
    with writing(partnership.ledger_id) as ledger:
        append(
            actor=SYSTEM,
            ledger=ledger,
            at=AT,
            verb="area.removed",
            target=area,
            before=state_of(area),
            removed=True,
        )
        area.delete()
    entry = Entry.objects.get(sequence=3)
    assert entry.state is None
    assert entry.changes["name"] == ["Bradford", None]
    assert verify(ledger=partnership.ledger).problems == []


def test_an_entry_records_its_actor_and_request(partnership: Partnership) -> None:
    token = request_id.set("abcdef0123456789")
    try:
        with writing(partnership.ledger_id) as ledger:
            entry = append(
                actor=Person(),
                ledger=ledger,
                at=AT,
                verb="partnership.changed",
                target=partnership,
                before={},
            )
    finally:
        request_id.reset(token)
    entry.refresh_from_db()
    assert (entry.actor_type, entry.actor_id, entry.actor_label) == ("user", "7", "Bradford SPOC")
    assert entry.request_id == "abcdef0123456789"


def test_one_block_writes_one_act(partnership: Partnership) -> None:
    with writing(partnership.ledger_id):
        add_area(partnership, "Bradford")
        add_area(partnership, "Leeds")
        with writing(system_ledger().pk) as system:
            append(actor=SYSTEM, ledger=system, at=AT, verb="partnership.changed", target=partnership)
    add_area(partnership, "Kirklees")
    opened, bradford, leeds, in_system, kirklees = Entry.objects.order_by("pk").values_list("act", flat=True)
    assert bradford == leeds == in_system
    assert len({opened, bradford, kirklees}) == 3


def test_a_block_that_failed_leaves_no_act_behind(partnership: Partnership) -> None:
    with pytest.raises(RuntimeError, match="stop"), writing(partnership.ledger_id):
        bradford = add_area(partnership, "Bradford")
        failed = Entry.objects.get(target_type="partners.area", target_id=str(bradford.pk)).act
        raise RuntimeError("stop")
    leeds = add_area(partnership, "Leeds")
    assert Entry.objects.get(target_type="partners.area", target_id=str(leeds.pk)).act != failed


def test_appending_outside_of_writing_is_refused(partnership: Partnership) -> None:
    with pytest.raises(NotWritingError, match="only inside"), transaction.atomic():
        append(actor=SYSTEM, ledger=partnership.ledger, at=AT, verb="area.changed", target=partnership)


def test_writing_in_another_ledger_does_not_open_this_one(partnership: Partnership) -> None:
    with pytest.raises(NotWritingError), writing(system_ledger().pk):
        append(actor=SYSTEM, ledger=partnership.ledger, at=AT, verb="area.changed", target=partnership)


def test_ledgers_are_locked_in_one_order(partnership: Partnership) -> None:
    system = system_ledger()
    with writing(partnership.ledger_id), writing(system.pk), writing(partnership.ledger_id):
        pass
    with (
        pytest.raises(NotWritingError, match="before the others"),
        writing(system.pk),
        writing(partnership.ledger_id),
    ):
        pass


def test_the_ledger_of_another_order_is_free_again_afterwards(partnership: Partnership) -> None:
    with writing(system_ledger().pk):
        pass
    with writing(partnership.ledger_id) as ledger:
        assert ledger.pk == partnership.ledger_id


def test_time_never_runs_backwards(partnership: Partnership) -> None:
    add_area(partnership, "Bradford", at=AT + timedelta(days=2))
    add_area(partnership, "Leeds", at=AT + timedelta(days=1))
    moments = list(Entry.objects.order_by("sequence").values_list("at", flat=True))
    assert moments == [AT, AT + timedelta(days=2), AT + timedelta(days=2)]
    assert verify(ledger=partnership.ledger).ok


def test_a_moment_without_time_zone_is_refused(partnership: Partnership) -> None:
    with pytest.raises(ValueError, match="time zone"):
        add_area(partnership, "Bradford", at=datetime(2020, 6, 19, 10))
    assert not Area.objects.exists()


def test_a_rolled_back_change_leaves_no_gap(partnership: Partnership) -> None:
    with pytest.raises(RuntimeError, match="no"), writing(partnership.ledger_id):
        add_area(partnership, "Bradford")
        raise RuntimeError("no")
    add_area(partnership, "Leeds")
    assert list(Entry.objects.values_list("sequence", "target_label")) == [
        (1, "West Yorkshire"),
        (2, "Leeds"),
    ]


def test_a_rolled_back_savepoint_leaves_no_gap(partnership: Partnership) -> None:
    with writing(partnership.ledger_id):
        add_area(partnership, "Bradford")
        with pytest.raises(RuntimeError, match="no"), transaction.atomic():
            add_area(partnership, "Kirklees")
            raise RuntimeError("no")
        add_area(partnership, "Leeds")
    assert list(Entry.objects.values_list("sequence", flat=True)) == [1, 2, 3]
    assert verify(ledger=partnership.ledger).problems == []


def areas(partnership: Partnership, count: int) -> list[Area]:
    made = [Area(partnership=partnership, name=f"Area {number}", order=number) for number in range(count)]
    return Area.objects.bulk_create(made)


def test_many_entries_follow_those_of_the_same_transaction(partnership: Partnership) -> None:
    with writing(partnership.ledger_id) as ledger:
        add_area(partnership, "Bradford")
        items = [Item(verb="area.created", target=area) for area in areas(partnership, 3)]
        entries = append_many(actor=SYSTEM, ledger=ledger, at=AT, items=items)
        add_area(partnership, "Leeds")
    assert [entry.sequence for entry in entries] == [3, 4, 5]
    assert [entry.target_label for entry in entries] == ["Area 0", "Area 1", "Area 2"]
    assert Ledger.objects.get(pk=ledger.pk).sequence == 6
    assert verify(ledger=ledger).problems == []


def test_many_entries_cost_as_many_queries_as_few(partnership: Partnership) -> None:
    def queries(rows: list[Area]) -> int:
        with writing(partnership.ledger_id) as ledger, CaptureQueriesContext(connection) as captured:
            items = [Item(verb="area.created", target=area) for area in rows]
            append_many(actor=SYSTEM, ledger=ledger, at=AT, items=items)
        return len(captured)

    made = areas(partnership, 45)
    assert queries(made[:5]) == queries(made[5:])


def test_nothing_to_record_records_nothing(partnership: Partnership) -> None:
    with writing(partnership.ledger_id) as ledger:
        assert append_many(actor=SYSTEM, ledger=ledger, at=AT, items=[]) == []
    assert Entry.objects.count() == 1


def test_a_row_without_id_is_refused(partnership: Partnership) -> None:
    with pytest.raises(ValueError, match="no id"), writing(partnership.ledger_id) as ledger:
        append(actor=SYSTEM, ledger=ledger, at=AT, verb="area.created", target=Area(partnership=partnership))


@pytest.mark.parametrize(
    ("note", "why"),
    [("half \ud83d", "."), ("a NUL \x00", "NUL"), ("a NUL after a backslash \\\x00", "NUL")],
)
def test_values_without_canonical_json_are_refused(partnership: Partnership, note: str, why: str) -> None:
    area = add_area(partnership, "Bradford")
    with pytest.raises(ValueError, match=why):
        rename_area(area, "Bradford District", note=note)
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("note", ["\\u0000 spelt out", "\U0001f54a and \ue000", '"\\/\b\f\n\r\t\x7f\u2028'])
def test_odd_but_lawful_text_survives(partnership: Partnership, note: str) -> None:
    rename_area(add_area(partnership, "Bradford"), "Bradford District", note=note)
    assert Entry.objects.get(sequence=3).note == note
    assert verify(ledger=partnership.ledger).ok


def test_an_overlong_label_is_cut(partnership: Partnership) -> None:
    class Wordy(Person):
        actor_label = "x" * 500

    with writing(partnership.ledger_id) as ledger:
        entry = append(
            actor=Wordy(), ledger=ledger, at=AT, verb="partnership.changed", target=partnership, before={}
        )
    entry.refresh_from_db()
    assert entry.actor_label == "x" * 199 + "…"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET note = 'x' WHERE sequence = 1",
        "DELETE FROM audit_entry WHERE sequence = 1",
        "UPDATE audit_ledger SET sequence = 0",
        "UPDATE audit_ledger SET name = 'Another'",
        "UPDATE audit_checkpoint SET signature = ''",
        "DELETE FROM audit_checkpoint",
    ],
)
def test_the_database_refuses_to_rewrite_history(
    signed: Partnership, execute: Callable[[str], None], statement: str
) -> None:
    with pytest.raises(DatabaseError, match="append-only|onwards"), transaction.atomic():
        execute(statement)
    assert verify(ledger=signed.ledger).ok


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL is there a TRUNCATE")
@pytest.mark.parametrize("table", ["audit_entry", "audit_checkpoint"])
def test_the_database_refuses_to_empty_a_ledger(
    signed: Partnership, execute: Callable[[str], None], table: str
) -> None:
    execute(
        "SET CONSTRAINTS ALL IMMEDIATE"
    )  # else it is the unchecked foreign keys that PostgreSQL objects to
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        execute(f"TRUNCATE {table} CASCADE")
    assert verify(ledger=signed.ledger).ok
