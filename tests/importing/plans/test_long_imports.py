"""An import of many rows: a worker does it, its page shows the progress, and two presses are one import."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from actions.models import Action
from audit.models import Entry
from importing.engine.services import contents
from importing.engine.views import imports
from importing.engine.views import preview as preview_page
from partners.models import Role
from tests.cast import Cast
from tests.factories import ActionFactory, MembershipFactory
from tests.importing.plans.tables import comma_separated
from tests.support.task_queue import run_tasks

HEADER = ("Ref", "Pillar", "Action", "Lead agency", "Progress to date")
ROWS = (
    ("U-1", "Identify", "Brief the teams", "Bradford District", "Dates agreed"),
    ("U-2", "Identify", "Map the practice", "Leeds District", ""),
)


@pytest.fixture(autouse=True)
def long_with_two_rows(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    monkeypatch.setattr(imports, "WAIT_SECONDS", 0)
    settings.MEDIA_ROOT = tmp_path


def address(cast: Cast) -> str:
    return reverse("importing:plan-import", args=[cast.plan.pk])


def preview(client: Client, cast: Cast, *rows: tuple[str, ...]) -> str:
    """Upload a plan, and return the token that confirms its preview."""
    file = SimpleUploadedFile("plan.csv", comma_separated([HEADER, *(rows or ROWS)]))
    return token_in(client.post(address(cast), {"file": file}))


def token_in(response: Any) -> str:
    token = re.search(r'name="token" value="([^"]+)"', response.content.decode())
    assert token, response.content.decode()
    return token[1]


def confirm(client: Client, cast: Cast, **fields: str) -> Any:
    """Press the button; return the page of the progress."""
    response = client.post(reverse("importing:plan-import-confirm", args=[cast.plan.pk]), fields, follow=True)
    ((path, _),) = response.redirect_chain
    assert path.startswith(f"{address(cast)}?run=")
    return response


def again(client: Client, response: Any) -> str:
    """Open the same page again."""
    return str(client.get(response.redirect_chain[0][0]).content.decode())


def test_a_worker_imports_the_rows_once_however_often_the_button_is_pressed(
    cast: Cast, signed_in: Any
) -> None:
    client = signed_in("manager")
    token = preview(client, cast)
    first, second = confirm(client, cast, token=token), confirm(client, cast, token=token)
    assert first.redirect_chain == second.redirect_chain
    assert "It will start in a few seconds" in first.content.decode()
    assert not Action.objects.exists()
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=3))
    assert "It has not started yet" in again(client, first)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=timezone.now())
    assert "2 rows take about 10 seconds" in again(client, first)
    DBTaskResult.objects.update(status=TaskResultStatus.READY)
    assert len(run_tasks()) == 1
    assert ">2 new</div>" in again(client, first)
    assert "Actions imported" in confirm(client, cast, token=token).content.decode()
    assert run_tasks() == []
    assert Action.objects.count() == 2
    assert Entry.objects.get(verb="plan.imported").actor_id == str(cast.manager.pk)


def test_only_who_started_an_import_follows_it(cast: Cast, signed_in: Any) -> None:
    page = confirm(client := signed_in("manager"), cast, token=preview(client, cast)).redirect_chain[0][0]
    MembershipFactory(user=cast.gold, role=Role.PROGRAMME_MANAGER, organisation=cast.police)
    assert signed_in("gold").get(page).status_code == 404
    assert client.get(page).status_code == 200


def test_what_changed_meanwhile_stops_the_import_and_the_file_is_checked_again(
    cast: Cast, signed_in: Any
) -> None:
    client = signed_in("manager")
    response = confirm(client, cast, token=preview(client, cast))
    ActionFactory(cast=cast, unallocated=True, ref="U-1")
    run_tasks()
    body = again(client, response)
    assert "Nothing was imported" in body
    assert "The plan has changed since this preview" in body
    token = token_in(client.get(response.redirect_chain[0][0]))
    confirmation = reverse("importing:plan-import-confirm", args=[cast.plan.pk])
    checked = client.post(confirmation, {"token": token, "match_columns": "yes"})
    done = confirm(client, cast, token=token_in(checked))
    run_tasks()
    assert "1 new, 1 changed" in again(client, done)


def test_personal_data_needs_a_reason_here_too(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    row = ("U-1", "Identify", "Ring 07700 900123", "Bradford District", "")
    token = preview(client, cast, row, ROWS[1])
    response = confirm(client, cast, token=token)
    run_tasks()
    assert "Nothing was imported" in again(client, response)
    confirm(client, cast, token=token, keep_personal_data_reason="It is the team's public line.")
    run_tasks()
    assert Action.objects.filter(title="Ring 07700 900123").exists()


def test_a_worker_undoes_an_import(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    confirm(client, cast, token=preview(client, cast))
    run_tasks()
    undo = str(Entry.objects.get(verb="plan.imported").sequence)
    response = confirm(client, cast, undo=undo)
    assert response.redirect_chain == confirm(client, cast, undo=undo).redirect_chain
    assert len(run_tasks()) == 1
    assert "Removed 2, changed back 0, remaining 0" in again(client, response)
    assert not Action.objects.exists()


def test_the_work_of_a_worker_that_died_is_done_by_another(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    token = preview(client, cast)
    response = confirm(client, cast, token=token)
    died = timezone.now() - timedelta(minutes=16)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=died)
    assert "The work stopped because of a fault" in again(client, response)
    confirm(client, cast, token=token)
    run_tasks()
    assert "2 new" in again(client, response)


def test_a_long_preview_lists_what_to_look_at_first(
    cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "MOST_LISTED", 1)
    monkeypatch.setattr(preview_page, "MOST_LISTED", 1)
    wrong = [(ref, "Identify", "Map the practice", "Nobody Known", "") for ref in ("U-3", "U-4")]
    file = SimpleUploadedFile("plan.csv", comma_separated([HEADER, *ROWS, *wrong]))
    page = signed_in("manager").post(address(cast), {"file": file})
    assert [row.ref for row, _, _ in page.context["rows"]] == ["U-3"]
    body = page.content.decode()
    assert "1 of 4 rows are listed" in body
    assert "The first 1 of 2 are listed" in body
    assert len(page.context["problems"]) == 1


def test_the_most_that_a_file_may_have_is_said_before_it_is_selected(cast: Cast, signed_in: Any) -> None:
    assert (
        "A file may have up to 5,000 rows and 5.0" in signed_in("manager").get(address(cast)).content.decode()
    )
