"""Personal data in a file's cells is shown before the import, and imported only with a reason."""

from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from actions.models import Action, Pillar
from audit.models import Entry
from audit.screening import PERSONAL_DATA_CODE, keeping
from importing.engine.services.flow import apply_import, preview_import
from tests.cast import Cast
from tests.importing.plans.tables import import_plan, name_as_in_plans, preview, request, with_cell, workbook
from tests.importing.plans.test_importing_uploads import token_in, upload
from web.screening import KEEP

NUMBER = "07700 900123"
MEASURE = 8
DATA = workbook(with_cell(6, MEASURE, f"Every team has rung {NUMBER}"))
WHY = "The team's own desk."


@pytest.fixture(autouse=True)
def names(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    name_as_in_plans(cast)


def test_the_preview_names_the_cell(cast: Cast) -> None:
    plan_preview = preview(cast, DATA)
    assert [(cell.row, cell.header, cell.value, cell.message) for cell in plan_preview.personal] == [
        (6, "Success measure", NUMBER, "contains a telephone number (12 characters)")
    ]
    assert plan_preview.can_be_applied


def test_it_is_not_imported_without_a_reason(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refusal:
        import_plan(cast, DATA)
    (error,) = refusal.value.error_list
    assert error.code == PERSONAL_DATA_CODE
    assert NUMBER not in str(error)
    assert not Action.objects.filter(ref="1.1").exists()


def test_with_a_reason_it_is_imported_and_needs_no_other_later(cast: Cast) -> None:
    with keeping(lambda: WHY):
        import_plan(cast, DATA)
    entry = Entry.objects.get(verb="action.imported", target_label__startswith="1.1")
    assert entry.note.splitlines()[1] == f"Kept a telephone number (12 characters) in success measure: {WHY}"
    assert (
        import_plan(cast, workbook(with_cell(6, MEASURE, f"Most teams have rung {NUMBER}"))).counts["updated"]
        == 1
    )


def test_the_confirmation_asks_for_the_reason_and_takes_it(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    response = upload(client, cast, DATA)
    assert response.status_code == 200
    assert f'name="{KEEP}"' in response.content.decode()
    confirm = reverse("importing:plan-import-confirm", args=[cast.plan.pk])
    answer = client.post(confirm, {"token": token_in(response)})
    assert answer.status_code == 422
    page = unescape(answer.content.decode())
    assert f'<a href="#id_{KEEP}">Enter why the personal data is kept' in page
    bad_reason_page = client.post(confirm, {"token": token_in(answer), KEEP: f"Ring {NUMBER}."})
    assert "The reason itself contains a telephone number" in bad_reason_page.content.decode()
    assert client.post(confirm, {"token": token_in(bad_reason_page), KEEP: WHY}).status_code == 302
    assert Action.objects.get(ref="1.1").success_measure.endswith(NUMBER)


def test_personal_data_in_a_new_pillars_name_needs_a_reason(cast: Cast) -> None:
    data = workbook(with_cell(10, 1, f"Safeguard, {NUMBER}"))
    what = request(cast, data, plan_title="Prevent Plan 2020/21")
    preview = preview_import(**what)
    assert [cell.message for cell in preview.personal] == [
        "a new pillar's name contains a telephone number (12 characters)"
    ]
    with pytest.raises(ValidationError) as refusal:
        apply_import(**what, expected=preview.digest)
    assert refusal.value.error_list[0].code == PERSONAL_DATA_CODE
    with keeping(lambda: WHY):
        apply_import(**what, expected=preview.digest)
    assert Pillar.objects.filter(plan__title="Prevent Plan 2020/21", name__contains=NUMBER).exists()


def test_the_name_of_a_file_holds_no_personal_data(cast: Cast, signed_in: Any) -> None:
    response = upload(signed_in("manager"), cast, workbook(), name=f"plan {NUMBER}.xlsx")
    assert response.status_code == 422
    assert "The file name contains a telephone number" in response.content.decode()


def test_the_command_names_cells_without_the_data_and_takes_a_reason(
    cast: Cast, tmp_path: Any, capsys: Any
) -> None:
    file = tmp_path / "plan.xlsx"
    file.write_bytes(DATA)
    words = ["import_plan", str(file), "--partnership", cast.yorkshire.name, "--plan", cast.plan.title]
    words += ["--actor", cast.manager.email]
    with pytest.raises(CommandError) as refusal:
        call_command(*words)
    assert "row 6, column H (Success measure): contains a telephone number" in capsys.readouterr().err
    assert NUMBER not in str(refusal.value)
    call_command(*words, "--keep-personal-data-reason", WHY)
    assert Action.objects.filter(ref="1.1").exists()
