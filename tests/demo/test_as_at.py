"""The demonstration's record read as it stood in the past equals what its entries say."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from audit.models import Entry, Tracked
from audit.past import reading_as_at
from audit.state import states_of
from demo.reading import moment
from tests.demo.loaded import loaded

__all__ = ["loaded"]
pytestmark = [pytest.mark.usefixtures("loaded"), pytest.mark.django_db]


def dated() -> list[type[Model]]:
    return [model for model in apps.get_models() if issubclass(model, Tracked) and model.is_dated]


def states(model: type[Model]) -> dict[int, Any]:
    rows = list(model._base_manager.all())
    return {row.pk: state for row, state in zip(rows, states_of(rows), strict=True)}


@pytest.mark.parametrize("at", [moment("2019-10-08T23:59:59"), moment("2020-03-09T12:00:00")])
def test_every_row_of_the_demonstration_is_as_its_entries_say(at: datetime) -> None:
    truth: dict[str, dict[int, Any]] = {}
    for entry in Entry.objects.filter(at__lte=at).order_by("ledger", "sequence"):
        truth.setdefault(entry.target_type, {})[int(entry.target_id)] = entry.state
    with reading_as_at(at):
        for model in dated():
            rows = truth.get(model._meta.label_lower, {})
            assert states(model) == {pk: state for pk, state in rows.items() if state is not None}, model


def test_the_present_read_as_the_past_is_the_present() -> None:
    live = {model: states(model) for model in dated()}
    with reading_as_at(datetime.now(UTC) + timedelta(days=1)):
        assert {model: states(model) for model in dated()} == live
