"""What a rollback does not undo by itself is undone by what was registered for it, and only then."""

import pytest

from audit.services import writing
from audit.transactions import on_rollback
from partners.models import Partnership


class Stop(Exception):
    pass


def fail() -> None:
    raise OSError


def test_nothing_is_undone_after_a_commit_or_outside_of_a_transaction(partnership: Partnership) -> None:
    undone: list[str] = []
    with writing(partnership.ledger_id):
        on_rollback(lambda: undone.append("committed"))
    on_rollback(lambda: undone.append("outside"))
    assert undone == []


def test_a_failed_rollback_does_not_hide_its_cause(
    partnership: Partnership, caplog: pytest.LogCaptureFixture
) -> None:
    undone: list[str] = []
    with pytest.raises(Stop), writing(partnership.ledger_id):
        on_rollback(lambda: undone.append("first"))
        on_rollback(fail)
        raise Stop
    assert undone == ["first"]
    assert "could not be undone" in caplog.text


def test_a_nested_change_is_undone_with_the_one_around_it(partnership: Partnership) -> None:
    undone: list[str] = []
    with pytest.raises(Stop), writing(partnership.ledger_id):
        with writing(partnership.ledger_id):
            on_rollback(lambda: undone.append("first"))
            on_rollback(lambda: undone.append("second"))
        assert undone == []
        raise Stop
    assert undone == ["second", "first"]
