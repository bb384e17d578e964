"""What is restored must be what would have been built, whatever ids the rows before it have this time."""

from datetime import time

from django.db import connection, transaction

from actions.models import Action, Pillar
from actions.plans.services import save_pillar
from audit.services import verify
from tests.cast import EARLIER, Cast
from tests.factories import ActionFactory
from tests.meetings.factories import MeetingFactory, steering_board
from tests.support.snapshots import reuse_snapshot, take_snapshot


@reuse_snapshot
def action_of_bradford(cast: Cast) -> Action:
    action: Action = ActionFactory(cast=cast)
    return action


def ids_in_order(cast: Cast, moved: int) -> list[int]:
    """Build on an entry whose id is `moved` higher, as after other tests that committed some; return all ids."""
    with transaction.atomic():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE sqlite_sequence SET seq = seq + %s WHERE name = 'audit_entry'", [moved]
                )
        # By the service itself, so that its entry gets the moved id: a factory would restore a snapshot.
        pillar = Pillar(plan=cast.plan, name="Disrupt")
        save_pillar(actor=cast.manager, pillar=pillar, at=EARLIER)
        action_of_bradford(cast)
        assert verify(ledger=cast.yorkshire.ledger).ok
        ids = list(cast.yorkshire.ledger.entries.order_by("sequence").values_list("pk", flat=True))
        transaction.set_rollback(True)
    return ids


def test_a_snapshot_fits_a_database_whose_entries_have_other_ids(cast: Cast) -> None:
    first = ids_in_order(cast, moved=0)
    for moved in (1, 40):  # where the snapshot's own id is in use by then, and where it is not
        ids = ids_in_order(cast, moved)
        assert ids == sorted(ids)
        assert len(ids) == len(first)


def test_a_snapshot_fits_a_database_with_rows_that_no_entry_records(cast: Cast) -> None:
    with transaction.atomic():
        used_pk = action_of_bradford(cast).pk
        transaction.set_rollback(True)
    fields = {
        "partnership": cast.yorkshire,
        "plan": cast.plan,
        "pillar": cast.identify,
        "title": "Written by hand",
    }
    Action.objects.create(pk=used_pk, ref="WY20-09", **fields)
    assert action_of_bradford(cast).pk != used_pk
    assert Action.objects.count() == 2


def test_a_time_of_day_is_restored(cast: Cast) -> None:
    board = steering_board(cast)
    with transaction.atomic():
        _, snapshot = take_snapshot(lambda: MeetingFactory(cast=cast, board=board, starts_at=time(14, 30)))
        transaction.set_rollback(True)
    meeting = snapshot.restore()
    meeting.refresh_from_db()
    assert meeting.starts_at == time(14, 30)
