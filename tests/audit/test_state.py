"""A row's state is the same right after it was saved, in whatever form its values were given, and when read back."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile
from django.db import connection, models
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from actions.models import Action, Evidence, Pillar, Plan
from audit.state import as_json, state_of, states_of
from partners.models import Organisation, Partnership, User
from tests.audit.conftest import AT


class Shade(models.TextChoices):
    GREEN = "green", "Green"


@pytest.mark.parametrize(
    ("field", "value", "recorded"),
    [
        (models.DateField(), "2020-06-19", "2020-06-19"),
        (models.DateField(), date(2020, 6, 19), "2020-06-19"),
        (models.DateTimeField(), datetime(2020, 6, 19, 10, tzinfo=UTC), "2020-06-19T10:00:00.000000Z"),
        (
            models.DateTimeField(),
            datetime(2020, 6, 19, 11, 0, 0, 123456, tzinfo=ZoneInfo("Europe/London")),
            "2020-06-19T10:00:00.123456Z",
        ),
        (models.DateTimeField(), "2020-06-19T11:00:00+01:00", "2020-06-19T10:00:00.000000Z"),
        (models.DateTimeField(), datetime(2020, 6, 19, 11), "2020-06-19T10:00:00.000000Z"),
        (models.TimeField(), "09:30", "09:30:00"),
        (models.TimeField(), time(9, 30), "09:30:00"),
        (models.DurationField(), timedelta(days=7), "P7DT00H00M00S"),
        (models.DecimalField(max_digits=8, decimal_places=2), "1.5", "1.50"),
        (models.DecimalField(max_digits=8, decimal_places=2), Decimal(3), "3.00"),
        (models.IntegerField(), "40", 40),
        (models.IntegerField(), True, 1),
        (models.BooleanField(), "1", True),
        (models.CharField(max_length=9), Shade.GREEN, "green"),
        (models.CharField(max_length=9), 7, "7"),
        (models.UUIDField(), uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (models.UUIDField(), "00000000000000000000000000000001", "00000000-0000-0000-0000-000000000001"),
        (models.BinaryField(), b"\x00\xff", "00ff"),
        (models.JSONField(), {"row": (1, 2)}, {"row": [1, 2]}),
        (models.CharField(max_length=9, null=True), None, None),
    ],
)
def test_a_value_has_one_form(field: "models.Field[Any, Any]", value: Any, recorded: Any) -> None:
    stored = as_json(field, value)
    assert stored == recorded
    assert type(stored) is type(recorded)


@pytest.mark.parametrize("value", [F("version") + 1, F("version")])
def test_an_unresolved_expression_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="refresh"):
        state_of(Action(version=value))


def test_a_fraction_is_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        as_json(models.FloatField(), 0.1)


@pytest.fixture
def organisations(partnership: Partnership) -> list[Organisation]:
    rows = [Organisation(partnership=partnership, name=f"Organisation {n}", kind="council") for n in range(3)]
    return Organisation.objects.bulk_create(rows)


@pytest.fixture
def action(partnership: Partnership) -> Action:
    plan = Plan.objects.create(
        partnership=partnership, title="Plan", starts_on="2020-04-01", ends_on="2021-03-31"
    )
    pillar = Pillar.objects.create(plan=plan, name="Identify")
    return Action.objects.create(
        partnership=partnership,
        plan=plan,
        pillar=pillar,
        ref="1",
        title="Brief",
        due="2020-09-30",
        percent="40",
    )


def test_a_saved_row_reads_back_the_same(action: Action, organisations: list[Organisation]) -> None:
    action.supporting.set([organisations[2], organisations[0]])
    action.lead = organisations[1]
    action.save()
    state = state_of(action)
    assert state == state_of(Action.objects.get(pk=action.pk))
    assert state["due"] == "2020-09-30"
    assert state["percent"] == 40
    assert state["lead"] == organisations[1].pk
    assert state["owner"] is None
    assert state["supporting"] == sorted([organisations[2].pk, organisations[0].pk])
    assert state["id"] == action.pk


def test_a_stale_prefetch_is_not_believed(action: Action, organisations: list[Organisation]) -> None:
    prefetched = Action.objects.prefetch_related("supporting").get(pk=action.pk)
    Action.objects.get(pk=action.pk).supporting.add(organisations[0])
    assert state_of(prefetched)["supporting"] == [organisations[0].pk]


def test_moments_and_files_read_back_the_same(action: Action, settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    author = User.objects.create(email="author@example.org", name="Author", joined_at=AT)
    evidence = Evidence(
        action=action,
        kind="file",
        title="Minutes",
        sha256="0" * 64,
        size=1,
        effective_on="2020-06-01",
        added_by=author,
        added_at=datetime(2020, 6, 19, 11, 0, 0, 1, tzinfo=ZoneInfo("Europe/London")),
    )
    evidence.file.save("minutes.txt", ContentFile(b"x"), save=False)
    evidence.save()
    state = state_of(evidence)
    assert state == state_of(Evidence.objects.get(pk=evidence.pk))
    assert state["added_at"] == "2020-06-19T10:00:00.000001Z"
    assert state["file"] == evidence.file.name
    assert state_of(author) == state_of(User.objects.get(pk=author.pk))


def test_secrets_are_never_recorded() -> None:
    state = state_of(User(email="someone@example.org", name="Someone", password="secret", joined_at=AT))
    assert not {"password", "last_login"} & state.keys()
    assert state["email"] == "someone@example.org"


def test_many_rows_cost_as_many_queries_as_few(action: Action, organisations: list[Organisation]) -> None:
    others = [
        Action.objects.create(
            partnership=action.partnership,
            plan=action.plan,
            pillar=action.pillar,
            ref=f"more-{n}",
            title="More",
        )
        for n in range(10)
    ]
    for other in others:
        other.supporting.set(organisations)

    def queries(rows: list[Action]) -> int:
        with CaptureQueriesContext(connection) as captured:
            states = states_of(rows)
        assert [state["id"] for state in states] == [row.pk for row in rows]
        return len(captured)

    assert queries([action]) == queries([action, *others])
