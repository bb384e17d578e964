"""Whatever is done to a ledger by SQL, past triggers and services, verification names where it begins."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import triggers
from audit.models import Entry, Ledger
from audit.services import system_ledger, verify
from audit.verify import digest_of
from partners.models import Area, Partnership
from tests.audit.conftest import AT, add_area, open_partnership

pytestmark = pytest.mark.django_db
Sql = Callable[..., None]
COPIED = (
    "ledger_id, act, at, actor_type, actor_id, actor_label, verb, target_type, target_id, target_label, changes, state,"
    " note, request_id"
)


def first_bad(partnership: Partnership) -> int | None:
    verdict = verify(ledger=partnership.ledger)
    assert not verdict.ok
    return verdict.first_bad_sequence


def test_an_untouched_ledger_is_whole(signed: Partnership) -> None:
    verdict = verify(ledger=signed.ledger)
    assert verdict.problems == []
    assert verdict.first_bad_sequence is None
    assert (verdict.entries, verdict.checkpoints, verdict.rows) == (6, 1, 4)


def test_an_empty_ledger_is_whole() -> None:
    assert verify(ledger=system_ledger()).ok


@pytest.mark.parametrize(
    "altered",
    [
        "note = 'As the council calls iT'",
        "verb = 'area.removed'",
        "actor_label = 'Somebody else'",
        "actor_id = '9'",
        "target_label = 'Bradforf District'",
        "request_id = 'another'",
        "act = (SELECT act FROM audit_entry WHERE sequence = 3)",
        "at = '2020-06-19 09:59:59.999999+00:00'",
        "digest = substr(digest, 2) || substr(digest, 1, 1)",
        "previous_digest = digest",
        "state = NULL",
    ],
)
def test_one_altered_value_is_found(chain: Partnership, sql: Sql, altered: str) -> None:
    sql(f"UPDATE audit_entry SET {altered} WHERE sequence = 4")
    assert first_bad(chain) == 4


@pytest.mark.parametrize("column", ["state", "changes"])
@pytest.mark.parametrize("new", ["Bradforf District", "Bradford  District"])
def test_one_byte_of_recorded_json_is_found(chain: Partnership, sql: Sql, column: str, new: str) -> None:
    cast = "::jsonb" if connection.vendor == "postgresql" else ""
    text = "::text" if cast else ""
    sql(
        f"UPDATE audit_entry SET {column} = replace({column}{text}, 'Bradford District', %s){cast} WHERE sequence = 4",
        new,
    )
    assert first_bad(chain) == 4


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only on SQLite can a column hold anything")
@pytest.mark.parametrize("column", ["state", "changes", "at"])
def test_a_value_that_can_no_longer_be_read_is_found(chain: Partnership, sql: Sql, column: str) -> None:
    sql("PRAGMA ignore_check_constraints = ON")
    sql(f"UPDATE audit_entry SET {column} = substr({column}, 2) || '}}' WHERE sequence = 4")
    sql("PRAGMA ignore_check_constraints = OFF")
    assert first_bad(chain) == 4


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only on SQLite can a column hold anything")
def test_a_row_that_can_no_longer_be_read_is_found(chain: Partnership, sql: Sql) -> None:
    sql("PRAGMA ignore_check_constraints = ON")
    sql("UPDATE partners_area SET \"order\" = 'third' WHERE name = 'Kirklees'")
    sql("PRAGMA ignore_check_constraints = OFF")
    assert first_bad(chain) == 5


def test_an_entry_rewritten_with_a_digest_to_match_is_found(chain: Partnership, sql: Sql) -> None:
    entry = Entry.objects.get(sequence=3)
    entry.note = "never said"
    sql("UPDATE audit_entry SET note = 'never said' WHERE sequence = 3")
    sql("UPDATE audit_entry SET digest = %s WHERE sequence = 3", digest_of(entry.content("West Yorkshire")))
    assert first_bad(chain) == 3


def test_the_last_entry_rewritten_with_a_digest_to_match_is_found(chain: Partnership, sql: Sql) -> None:
    entry = Entry.objects.get(sequence=6)
    entry.note = "never said"
    sql("UPDATE audit_entry SET note = 'never said' WHERE sequence = 6")
    sql("UPDATE audit_entry SET digest = %s WHERE sequence = 6", digest_of(entry.content("West Yorkshire")))
    assert first_bad(chain) == 6


@pytest.mark.parametrize("sequence", [1, 3, 6])
def test_a_removed_entry_is_found(chain: Partnership, sql: Sql, sequence: int) -> None:
    sql("DELETE FROM audit_entry WHERE sequence = %s", sequence)
    assert first_bad(chain) == sequence


def test_a_removed_entry_is_found_though_the_rest_closed_up(chain: Partnership, sql: Sql) -> None:
    sql("DELETE FROM audit_entry WHERE sequence = 3")
    for sequence in (4, 5, 6):
        sql("UPDATE audit_entry SET sequence = %s WHERE sequence = %s", sequence - 1, sequence)
    sql("UPDATE audit_ledger SET sequence = 5")
    assert first_bad(chain) == 3


def test_reordered_entries_are_found(chain: Partnership, sql: Sql) -> None:
    for old, new in ((3, 99), (5, 3), (99, 5)):
        sql("UPDATE audit_entry SET sequence = %s WHERE sequence = %s", new, old)
    assert first_bad(chain) == 3


def test_an_inserted_entry_is_found(chain: Partnership, sql: Sql) -> None:
    for sequence in (6, 5, 4):
        sql("UPDATE audit_entry SET sequence = %s WHERE sequence = %s", sequence + 1, sequence)
    columns = f"{COPIED}, previous_digest, digest"
    sql(
        f"INSERT INTO audit_entry ({columns}, sequence) SELECT {columns}, 4 FROM audit_entry WHERE sequence = 3"
    )
    sql("UPDATE audit_ledger SET sequence = 7")
    assert first_bad(chain) == 4


def test_an_entry_put_after_the_head_is_found(chain: Partnership, sql: Sql) -> None:
    sql(
        f"INSERT INTO audit_entry ({COPIED}, sequence, previous_digest, digest)"
        f" SELECT {COPIED}, 7, digest, digest FROM audit_entry WHERE sequence = 6"
    )
    assert first_bad(chain) == 7


def test_a_tail_cut_off_is_found(chain: Partnership, sql: Sql) -> None:
    sql("DELETE FROM audit_entry WHERE sequence > 4")
    assert first_bad(chain) == 5


def cut_with_head_and_rows(partnership: Partnership, sql: Sql) -> None:
    """Everything an attacker with the whole database can make consistent."""
    sql("DELETE FROM audit_entry WHERE sequence > 4")
    sql("UPDATE audit_ledger SET sequence = 4, digest = (SELECT digest FROM audit_entry WHERE sequence = 4)")
    sql("DELETE FROM partners_area WHERE name = 'Kirklees'")
    sql("UPDATE partners_area SET name = 'Leeds' WHERE name = 'Leeds District'")


def test_a_tail_cut_off_with_the_head_moved_back_shows_in_the_rows(chain: Partnership, sql: Sql) -> None:
    sql("DELETE FROM audit_entry WHERE sequence > 4")
    sql("UPDATE audit_ledger SET sequence = 4, digest = (SELECT digest FROM audit_entry WHERE sequence = 4)")
    assert first_bad(chain) == 3
    messages = " ".join(problem.message for problem in verify(ledger=chain.ledger).problems)
    assert "has no entry" in messages


def test_a_tail_cut_off_without_a_trace_is_detected_by_a_checkpoint_alone(
    signed: Partnership, sql: Sql
) -> None:
    cut_with_head_and_rows(signed, sql)
    assert first_bad(signed) == 5
    sql("DELETE FROM audit_checkpoint")
    assert verify(ledger=signed.ledger).problems == []


@pytest.mark.parametrize(
    "forged",
    [
        "signature = substr(signature, 2, 85) || substr(signature, 1, 1) || '=='",
        "at = '2021-06-19 10:00:00+00:00'",
        "digest = substr(digest, 2) || substr(digest, 1, 1)",
        "public_key = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='",
        "public_key = 'not a key'",
    ],
)
def test_a_forged_checkpoint_is_found(signed: Partnership, sql: Sql, forged: str) -> None:
    sql(f"UPDATE audit_checkpoint SET {forged}")
    assert first_bad(signed) == 6


def test_a_row_changed_behind_the_ledger_is_found(chain: Partnership, sql: Sql) -> None:
    sql("UPDATE partners_area SET name = 'Leeds district' WHERE name = 'Leeds District'")
    verdict = verify(ledger=chain.ledger)
    assert verdict.first_bad_sequence == 6
    assert [problem.message for problem in verdict.problems] == [
        f"partners.area {Area.objects.get(name='Leeds district').pk} is not as entry 6 says: name"
    ]


def test_a_row_removed_behind_the_ledger_is_found(chain: Partnership, sql: Sql) -> None:
    sql("DELETE FROM partners_area WHERE name = 'Kirklees'")
    assert first_bad(chain) == 5


def test_a_row_inserted_behind_the_ledger_is_detected(chain: Partnership, sql: Sql) -> None:
    Area.objects.create(partnership=chain, name="Nowhere")
    verdict = verify(ledger=chain.ledger)
    assert not verdict.ok
    assert verdict.first_bad_sequence is None
    assert "has no entry" in verdict.problems[0].message


def test_a_row_brought_back_behind_the_ledger_is_found(chain: Partnership, sql: Sql) -> None:
    sql("UPDATE audit_entry SET state = NULL WHERE sequence = 5")
    messages = [problem.message for problem in verify(ledger=chain.ledger).problems]
    assert any("says it was removed" in message for message in messages)


def test_each_ledger_answers_for_its_own_rows_alone(chain: Partnership, sql: Sql) -> None:
    other = open_partnership("Leicestershire")
    add_area(other, "Leicester")
    sql("UPDATE partners_area SET name = 'Lester' WHERE name = 'Leicester'")
    assert verify(ledger=chain.ledger).ok
    assert first_bad(other) == 2


def test_a_row_moved_to_another_partnership_is_missed_and_noticed(chain: Partnership, sql: Sql) -> None:
    other = open_partnership("Leicestershire")
    sql("UPDATE partners_area SET partnership_id = %s WHERE name = 'Kirklees'", other.pk)
    assert first_bad(chain) == 5
    assert not verify(ledger=other.ledger).ok


def test_missing_triggers_are_noted(chain: Partnership, sql: Sql) -> None:
    assert any("audit_entry_no_update" in note for note in verify(ledger=chain.ledger).notes)
    triggers.create(connection)
    assert verify(ledger=chain.ledger).notes == []


def test_verifying_more_rows_takes_no_more_queries(chain: Partnership) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert verify(ledger=Ledger.objects.get(pk=chain.ledger_id)).ok
        return len(captured)

    few = queries()
    for number in range(40):
        add_area(chain, f"Area {number}", at=AT)
    assert queries() == few


def test_a_field_added_later_counts_as_recorded_with_its_default(
    partnership: Partnership, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before_the_field:
        before_the_field.setattr(Area, "ledger_exclude", frozenset({"order"}))
        add_area(partnership, "Bradford")
    assert verify(ledger=partnership.ledger).problems == []
    sql('UPDATE partners_area SET "order" = 5')
    assert first_bad(partnership) == 2


def test_a_field_no_longer_recorded_is_history(
    partnership: Partnership, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_area(partnership, "Bradford")
    monkeypatch.setattr(Area, "ledger_exclude", frozenset({"order"}))
    assert verify(ledger=partnership.ledger).problems == []
