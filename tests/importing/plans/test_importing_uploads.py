"""Upload, preview and confirm: an import does exactly what its preview showed."""

import errno
import os
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from actions.actions.services import create_action
from actions.models import Action, Pillar, Plan
from actions.plans.services import change_plan, create_plan, save_pillar
from audit.models import Entry
from desk.worker import WORK
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.importing.plans.tables import name_as_in_plans, with_cell, workbook

FORBIDDEN, NOT_FOUND, CONFLICT, INVALID = 403, 404, 409, 422


@pytest.fixture(autouse=True)
def names(cast: Cast) -> None:
    name_as_in_plans(cast)


def page(cast: Cast) -> str:
    return reverse("importing:plan-import", args=[cast.plan.pk])


def upload(
    client: Client, cast: Cast, data: bytes | None = None, name: str = "plan.xlsx", sheet: str = ""
) -> HttpResponse:
    file = SimpleUploadedFile(name, workbook() if data is None else data)
    return client.post(page(cast), {"file": file, "sheet": sheet})


def token_in(response: HttpResponse) -> str:
    html = re.search(r'name="token" value="([^"]+)"', response.content.decode())
    assert html
    return html[1]


def confirm(client: Client, cast: Cast, token: str) -> HttpResponse:
    return client.post(reverse("importing:plan-import-confirm", args=[cast.plan.pk]), {"token": token})


def stored_files() -> list[Path]:
    folder = Path(settings.MEDIA_ROOT) / "imports"
    return sorted(folder.iterdir()) if folder.exists() else []


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_file_is_previewed_and_nothing_is_imported_until_it_is_confirmed(
    cast: Cast, signed_in: Any
) -> None:
    client = signed_in("manager")
    assert client.get(page(cast)).status_code == 200
    response = upload(client, cast)
    assert response.status_code == 200
    body = response.content.decode()
    assert "Brief the neighbourhood teams" in body
    assert "30 September 2020" in body
    assert "Note: dates are provisional" in body
    assert not Action.objects.exists()
    assert len(stored_files()) == 1
    done = confirm(client, cast, token_in(response))
    assert done.status_code == 302
    assert done["Location"] == reverse("actions:plan", args=[cast.plan.pk])
    assert Action.objects.count() == 3
    assert Entry.objects.get(verb="plan.imported").actor_id == str(cast.manager.pk)
    assert stored_files() == []


def test_a_second_upload_says_that_nothing_would_change_and_offers_no_confirmation(
    cast: Cast, signed_in: Any
) -> None:
    client = signed_in("manager")
    confirm(client, cast, token_in(upload(client, cast)))
    response = upload(client, cast)
    assert "Nothing to import" in response.content.decode()
    assert "Import actions</button>" not in response.content.decode()


def test_a_changed_file_shows_old_and_new(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    confirm(client, cast, token_in(upload(client, cast)))
    body = upload(client, cast, workbook(with_cell(6, 2, "Brief every team"))).content.decode()
    assert "Brief the neighbourhood teams" in body
    assert "Brief every team" in body


def test_problems_are_listed_with_their_cells_and_nothing_can_be_confirmed(
    cast: Cast, signed_in: Any
) -> None:
    client = signed_in("manager")
    response = upload(
        client,
        cast,
        workbook(with_cell(7, 7, "31/02/2021", with_cell(6, 3, "<b>Acme</b>"))),
        sheet="action plan",
    )
    assert response.status_code == INVALID
    body = response.content.decode()
    assert "2 cells cannot be imported" in body
    assert "31/02/2021" in body
    assert "G, By when" in body
    assert "&lt;b&gt;Acme&lt;/b&gt;" in body
    assert 'value="action plan"' in body
    assert "Import actions</button>" not in body
    assert confirm(client, cast, token_in(response)).status_code == CONFLICT
    assert not Action.objects.exists()


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "plan.xlsx", "The selected file is empty"),
        (b"PK\x03\x04", "plan.xlsx", "damaged"),
        (b"nothing of the kind", "plan.xlsx", "not a workbook"),
        (workbook(), "plan.docx", "is a document (.docx)"),
        (b"x,y\n1,2\n", "plan.csv", "has no header row"),
        (workbook(), "p" * 150 + ".xlsx", "150 characters or fewer"),
        (b"x" * (5 * 1024 * 1024 + 1), "plan.csv", "must be smaller than 5.0"),
    ],
)
def test_a_bad_file_is_refused_and_the_form_keeps_its_values(
    cast: Cast, signed_in: Any, data: bytes, name: str, message: str
) -> None:
    response = upload(
        signed_in("manager"), cast, data, name, sheet="Action plan" if name.endswith("docx") else ""
    )
    assert response.status_code == INVALID
    assert message in response.content.decode()
    assert ('value="Action plan"' in response.content.decode()) is name.endswith("docx")


def test_no_file_and_an_unknown_sheet_are_refused(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    assert "Select a file" in client.post(page(cast), {"sheet": ""}).content.decode()
    response = upload(client, cast, sheet="Plan B")
    assert response.status_code == INVALID
    assert "There is no sheet called Plan B" in response.content.decode()
    assert "File kept: plan.xlsx" in response.content.decode()
    token = response.context["form"].stored_files["file"].token
    again = client.post(page(cast), {"file-token": token, "sheet": ""})
    assert "Check the changes" in again.content.decode()


def test_a_changed_plan_shows_a_new_preview_and_imports_nothing(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    token = token_in(upload(client, cast))
    ActionFactory(cast=cast, unallocated=True, ref="1.2", title="Somebody was faster")
    response = confirm(client, cast, token)
    assert response.status_code == CONFLICT
    assert "The actions have changed since your preview" in response.content.decode()
    assert "Somebody was faster" in response.content.decode()
    assert Action.objects.count() == 1
    assert confirm(client, cast, token_in(response)).status_code == 302
    assert Action.objects.count() == 3


def test_a_preview_that_no_longer_applies_shows_its_problems(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    token = token_in(upload(client, cast))
    days = {"starts_on": date(2021, 4, 1), "ends_on": date(2022, 3, 31)}
    other = create_plan(actor=cast.manager, partnership=cast.yorkshire, title="Next plan", at=AT, **days)
    pillar = save_pillar(actor=cast.manager, pillar=Pillar(plan=other, name="Identify"), at=AT)
    create_action(actor=cast.manager, plan=other, ref="1.1", title="Brief", pillar=pillar, at=AT)
    response = confirm(client, cast, token)
    assert response.status_code == CONFLICT
    assert "give the action another reference" in response.content.decode()
    assert "Import actions</button>" not in response.content.decode()


def test_a_plan_closed_meanwhile_takes_nothing(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    token = token_in(upload(client, cast))
    change_plan(actor=cast.manager, plan=cast.plan, state=Plan.State.CLOSED, at=AT)
    response = confirm(client, cast, token)
    assert response.status_code == CONFLICT
    assert "is closed" in response.content.decode()


@pytest.mark.parametrize("spoil", ["", "nonsense", "{token}x", "again"])
def test_a_token_that_is_not_whole_or_was_used_confirms_nothing(
    cast: Cast, signed_in: Any, spoil: str
) -> None:
    client = signed_in("manager")
    token = token_in(upload(client, cast))
    if spoil == "again":
        confirm(client, cast, token)
        before = Entry.objects.count()
        assert confirm(client, cast, token).status_code == CONFLICT
        assert Entry.objects.count() == before
        return
    response = confirm(client, cast, spoil.format(token=token))
    assert response.status_code == CONFLICT
    assert "This preview has expired" in response.content.decode()
    assert not Action.objects.exists()


def test_a_token_is_good_for_its_own_plan_and_person_only(cast: Cast, signed_in: Any) -> None:
    token = token_in(upload(signed_in("manager"), cast))
    other = signed_in("leicestershire_manager")
    url = reverse("importing:plan-import-confirm", args=[cast.leicestershire_plan.pk])
    assert other.post(url, {"token": token}).status_code == CONFLICT
    assert not Action.objects.exists()


def test_files_older_than_a_day_are_removed_at_the_next_upload(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    upload(client, cast)
    (old,) = stored_files()
    long_ago = old.stat().st_mtime - timedelta(days=1, minutes=1).total_seconds()
    os.utime(old, (long_ago, long_ago))
    upload(client, cast)
    assert len(stored_files()) == 1
    assert old not in stored_files()


def test_a_file_that_nobody_confirms_is_removed_by_the_housekeeping_after_a_day(
    cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.worker.call_command", lambda command, **options: None)
    assert "0 temporary files" in WORK["housekeeping"](AT)[0]
    client = signed_in("manager")
    upload(client, cast)
    upload(client, cast)
    old, new = stored_files()
    a_day_ago = old.stat().st_mtime - timedelta(days=1, minutes=1).total_seconds()
    os.utime(old, (a_day_ago, a_day_ago))
    assert "1 temporary files" in WORK["housekeeping"](AT)[0]
    assert stored_files() == [new]


@pytest.mark.parametrize("name", ["bradford_spoc", "gold", "auditor"])
def test_people_who_see_the_plan_but_do_not_manage_it_are_forbidden(
    cast: Cast, signed_in: Any, name: str
) -> None:
    client = signed_in(name)
    assert client.get(page(cast)).status_code == FORBIDDEN
    assert upload(client, cast).status_code == FORBIDDEN
    assert confirm(client, cast, "x").status_code == FORBIDDEN


@pytest.mark.parametrize("name", ["leicestershire_manager", "observer", "stranger", "administrator"])
def test_other_people_get_404(cast: Cast, signed_in: Any, name: str) -> None:
    client = signed_in(name)
    assert client.get(page(cast)).status_code == NOT_FOUND
    assert upload(client, cast).status_code == NOT_FOUND
    assert confirm(client, cast, "x").status_code == NOT_FOUND


def test_getting_the_confirmation_leads_to_the_upload_page(cast: Cast, signed_in: Any) -> None:
    url = reverse("importing:plan-import-confirm", args=[cast.plan.pk])
    response = signed_in("manager").get(url)
    assert (response.status_code, response["Location"]) == (302, page(cast))


# The disk and the connection -----------------------------------------------------------------------------------


def no_space(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_refuses_the_file_and_leaves_nothing(
    cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("manager")
    with monkeypatch.context() as full:
        full.setattr("os.fsync", no_space)
        refused = upload(client, cast, sheet="Action plan")
    assert refused.status_code == 507
    assert "The server has no space left, so this was not saved." in refused.content.decode()
    assert 'value="Action plan"' in refused.content.decode()
    assert stored_files() == []
    assert upload(client, cast).status_code == 200


def test_an_import_succeeds_even_if_its_file_cannot_be_removed(
    cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("manager")
    token = token_in(upload(client, cast))

    def refuse(*_: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("os.remove", refuse)
    assert confirm(client, cast, token).status_code == 302
    assert Action.objects.count() == 3


def test_a_preview_stays_when_another_upload_removes_the_same_old_file(
    cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("manager")
    upload(client, cast)
    (old,) = stored_files()
    scandir = os.scandir

    def gone_once_listed(path: Any) -> Any:
        entries = list(scandir(path))
        old.unlink(missing_ok=True)
        return _Listing(entries)

    monkeypatch.setattr("django.core.files.storage.filesystem.os.scandir", gone_once_listed)
    response = upload(client, cast)
    assert response.status_code == 200
    assert token_in(response)


class _Listing(list[Any]):
    def __enter__(self) -> "_Listing":
        return self

    def __exit__(self, *_: object) -> None:
        pass
