"""What holds for whatever can be read: an ETag, chosen fields, and for lists CSV with the same rows."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from actions.assurance.services import return_action
from actions.evidence.services import add_evidence
from meetings.models import Arising
from tests.actions.board_ratings.factories import BoardRatingFactory
from tests.actions.dates.dates import ask, milestone
from tests.actions.waits.waiting import waits
from tests.api.chosen import checked, narrow, resolved
from tests.api.clients import API
from tests.cast import AT, Cast, cast_snapshot
from tests.factories import ActionFactory, ClosureProposalFactory, QuestionFactory
from tests.inspections.findings.stage import in_progress
from tests.inspections.letters import letters
from tests.permissions.exchange import webhook
from tests.permissions.meetings import arising
from tests.permissions.notices import escalated_action
from tests.permissions.returns import still_open
from tests.programme.factories import stock
from tests.reports.factories import issued_paper
from tests.support.module_fixtures import ModuleState, module_fixture
from web.cursors import CursorPages
from web.openapi import description

LISTS = {
    path: operation["get"]
    for path, operation in description()["paths"].items()
    if "text/csv" in operation.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
    and "application/json" in operation["get"]["responses"]["200"]["content"]
}


def in_play() -> tuple[Client, dict[str, int]]:
    """The manager, and an action with all that can belong to one, a finding it answers, a return and a webhook: what a path's id means."""
    cast = cast_snapshot.restore()
    escalated_action(cast)
    action = ActionFactory(cast=cast, awaiting_assurance=True, supporting=[cast.wakefield_council])
    return_action(actor=cast.auditor, action=action, note="Look again.", at=AT)
    action.refresh_from_db()
    finding = in_progress(cast, action)
    file = SimpleUploadedFile("list.csv", b"team,briefed\nEast,yes\n", content_type="text/csv")
    add_evidence(actor=cast.bradford_spoc, action=action, title="=List", file=file, at=AT)
    milestone(cast, action)
    ask(actor=cast.bradford_spoc, action=action)
    waits(cast, action)
    ClosureProposalFactory(cast=cast, action=action)
    BoardRatingFactory(cast=cast, action=action)
    QuestionFactory(cast=cast, action=action)
    still_open(cast)
    hook = webhook(cast, action)["pk"]
    stock(cast)
    answered = letters.answered(cast, letters.report(cast, title="Another report"))
    letters.drafted(cast, answered)
    ids = {
        "actions": action.pk,
        "recommendations": finding.pk,
        "inspections": answered.pk,
        "webhooks": hook,
        "papers": issued_paper(cast).pk,
        **board_rows(cast),
    }
    manager = Client()
    manager.force_login(cast.manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    return manager, ids


def board_rows(cast: Cast) -> dict[str, int]:
    """Return a board, a meeting with a minute, and what arose from it."""
    row = Arising.objects.get(pk=arising(cast, None)["pk"])
    meeting = row.minute.item.meeting_id
    return {"boards": row.board_id, "meetings": meeting, "minutes": row.minute_id, "arisings": row.pk}


module_state = module_fixture(in_play)


@pytest.fixture
def manager(module_state: ModuleState) -> Client:
    client: Client = module_state.base[0]
    return client


@pytest.fixture
def ids(module_state: ModuleState) -> dict[str, int]:
    ids: dict[str, int] = module_state.base[1]
    return ids


def address(path: str, ids: dict[str, int]) -> str:
    kind = path.removeprefix(f"{API}/").partition("/")[0]
    return path.replace("{id}", str(ids.get(kind, 0)))


def choices(names: list[str]) -> Iterator[list[str]]:
    """Yield choices of fields by the digits of their places in binary.

    Of any two fields, one of the choices has the first without the second: a field that needs another is noticed.
    """
    for digit in range(len(names).bit_length()):
        for value in (0, 1):
            if chosen := [name for place, name in enumerate(names) if place >> digit & 1 == value]:
                yield chosen


@pytest.mark.parametrize("path", LISTS)
def test_a_list_has_fields_an_etag_and_csv(manager: Client, ids: dict[str, int], db: None, path: str) -> None:
    place = address(path, ids)
    whole = manager.get(place)
    rows = whole.json()["results"]
    assert rows, "the test is about rows"
    assert manager.get(place, headers={"if-none-match": whole["ETag"]}).status_code == 304

    fields = next(each for each in LISTS[path]["parameters"] if each["name"] == "fields")
    names = resolved(fields["schema"]["items"])["enum"]
    assert all(set(row) == set(names) for row in rows)
    schema = LISTS[path]["responses"]["200"]["content"]["application/json"]["schema"]
    checked(schema, whole.json())
    for chosen in choices(names):
        part = manager.get(place, {"fields": ",".join(chosen)}).json()
        assert part["results"] == [{name: row[name] for name in chosen} for row in rows]
        checked(narrow(schema, chosen), part)

    table = manager.get(f"{place.rstrip('/')}.csv")
    assert table["Content-Type"] == "text/csv; charset=utf-8"
    records = list(csv.DictReader(io.StringIO(table.content.decode())))
    assert len(records) == len(rows)
    assert {column.partition(".")[0] for column in records[0]} == set(names)
    for line, row in zip(records, rows, strict=True):
        for column, cell in line.items():
            assert cell == as_cell(row, column), column


@pytest.mark.parametrize("path", LISTS)
def test_a_list_as_csv_is_the_whole_list_in_however_many_batches_it_is_read(
    manager: Client, ids: dict[str, int], db: None, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    table = f"{address(path, ids).rstrip('/')}.csv"
    whole = manager.get(table).content
    monkeypatch.setattr(CursorPages, "batch_size", 1)
    response = manager.get(table)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert content == whole
    assert "Link" not in response


def as_cell(row: Any, column: str) -> str:
    """What stands in a cell, as docs/api.md has it."""
    for name in column.split("."):
        row = row[name] if row is not None else None
    if isinstance(row, list | dict):
        return json.dumps(row, ensure_ascii=False)
    if isinstance(row, bool):
        return "true" if row else "false"
    text = "" if row is None else str(row)
    return f"'{text}" if isinstance(row, str) and text.startswith(("=", "+", "-", "@")) else text
