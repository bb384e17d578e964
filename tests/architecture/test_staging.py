"""What is put up again must be what would have been built, whatever ids the rows before it have got this time."""

from django.db import connection, transaction

from actions.models import Action
from audit.services import verify
from tests.cast import Cast, inspected
from tests.cast import unallocated as unallocated_action
from tests.staging import Stage

stage = Stage()


@stage.remembered
def unallocated(cast: Cast) -> Action:
    return unallocated_action.__wrapped__(cast)  # type: ignore[attr-defined,no-any-return]


def ids_in_order(cast: Cast, moved: int) -> list[int]:
    """Build on an entry whose id is `moved` further on, as when other tests committed some; return all ids."""
    with transaction.atomic():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE sqlite_sequence SET seq = seq + %s WHERE name = 'audit_entry'", [moved]
                )
        inspected.__wrapped__(cast)  # type: ignore[attr-defined]
        unallocated(cast)
        assert verify(ledger=cast.yorkshire.ledger).ok
        ids = list(cast.yorkshire.ledger.entries.order_by("sequence").values_list("pk", flat=True))
        transaction.set_rollback(True)
    return ids


def test_a_scene_fits_a_stage_whose_entries_have_other_ids(cast: Cast) -> None:
    first = ids_in_order(cast, moved=0)
    for moved in (1, 40):  # where the scene's own id is taken by then, and where it is not
        ids = ids_in_order(cast, moved)
        assert ids == sorted(ids)
        assert len(ids) == len(first)


def test_a_scene_fits_a_stage_with_rows_that_no_entry_tells_of(cast: Cast) -> None:
    with transaction.atomic():
        taken = unallocated(cast).pk
        transaction.set_rollback(True)
    fields = {
        "partnership": cast.yorkshire,
        "plan": cast.plan,
        "pillar": cast.identify,
        "title": "Kept by hand",
    }
    Action.objects.create(pk=taken, ref="WY20-09", **fields)
    assert unallocated(cast).pk != taken
    assert Action.objects.count() == 2
