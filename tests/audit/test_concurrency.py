"""Writers on connections of their own, at the same time, in one ledger."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from audit.models import Entry, Ledger
from audit.services import system_ledger, verify, writing
from partners.models import Area, Partnership
from tests.audit.conftest import AT, add_area, open_partnership, rename_area

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 2
ROUNDS = 12


def at_once(*work: Callable[[], None]) -> None:
    """Run each in a thread with a database connection of its own, all starting together; raise what one raises."""
    start = threading.Barrier(len(work))

    def run(one: Callable[[], None]) -> None:
        try:
            start.wait(timeout=30)
            one()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(work)) as pool:
        for done in [pool.submit(run, one) for one in work]:
            done.result(timeout=60)


def writer(partnership: Partnership, name: str) -> Callable[[], None]:
    def work() -> None:
        for number in range(ROUNDS):
            add_area(partnership, f"{name} {number}")

    return work


def test_two_writers_leave_no_gap_and_no_fork() -> None:
    partnership = open_partnership()
    at_once(*(writer(partnership, f"Writer {number}") for number in range(WRITERS)))
    sequences = list(Entry.objects.order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(1, 2 + WRITERS * ROUNDS))
    verdict = verify(ledger=partnership.ledger)
    assert verdict.problems == []
    assert verdict.rows == 1 + WRITERS * ROUNDS


def test_a_writer_that_rolls_back_beside_another_leaves_no_gap() -> None:
    partnership = open_partnership()

    def gives_up() -> None:
        for number in range(ROUNDS):
            with pytest.raises(RuntimeError, match="no"), writing(partnership.ledger_id):
                add_area(partnership, f"Never {number}")
                raise RuntimeError("no")

    at_once(writer(partnership, "Kept"), gives_up)
    assert list(Entry.objects.order_by("sequence").values_list("sequence", flat=True)) == list(
        range(1, 2 + ROUNDS)
    )
    assert verify(ledger=partnership.ledger).problems == []


def test_rows_read_under_the_ledgers_lock_do_not_change() -> None:
    """Each adds to the name it read: were one to read before the other commits, an addition would be lost."""
    area = add_area(open_partnership(), "B")

    def lengthen() -> None:
        for _ in range(ROUNDS):
            with writing(area.partnership.ledger_id):
                mine = Area.objects.select_related("partnership").get(pk=area.pk)
                rename_area(mine, f"{mine.name}x")

    at_once(lengthen, lengthen)
    assert Area.objects.get().name == "B" + "x" * WRITERS * ROUNDS


def take() -> None:
    with writing(system_ledger().pk):
        pass


def test_the_first_writers_of_the_system_ledger_make_one() -> None:
    at_once(take, take)
    assert Ledger.objects.count() == 1


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="only on PostgreSQL do two ledgers not share one lock"
)
def test_partnerships_do_not_wait_for_each_other() -> None:
    yorkshire, leicestershire = open_partnership(), open_partnership("Leicestershire")
    wrote = threading.Event()

    def holds() -> None:
        with writing(yorkshire.ledger_id):
            assert wrote.wait(timeout=30)

    def writes() -> None:
        add_area(leicestershire, "Leicester", at=AT)
        wrote.set()

    at_once(holds, writes)
    assert Area.objects.get().name == "Leicester"


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="only on PostgreSQL does a reader see a snapshot"
)
def test_verification_beside_a_writer_sees_one_moment() -> None:
    partnership = open_partnership()
    verdicts = []

    def verifies() -> None:
        verdicts.extend(verify(ledger=partnership.ledger) for _ in range(5))

    at_once(writer(partnership, "Busy"), verifies)
    assert [verdict.problems for verdict in verdicts] == [[]] * 5
