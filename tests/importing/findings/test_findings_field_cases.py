"""Findings as auditors, registers and reports list them, each once refused or misread."""

import re
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import Entry
from importing.engine.services.flow import preview_import
from importing.findings.services.contents import FindingsPreview
from importing.findings.services.importer import FindingsImporter
from inspections.models import Recommendation
from tests.cast import AT, Cast
from tests.inspections.factories import InspectionFactory

FILES = Path(__file__).parent / "files"


def case(cast: Cast, name: str) -> FindingsPreview:
    inspection: Any = InspectionFactory(cast=cast, priorities=["High", "Medium"])
    return preview_import(
        actor=cast.manager,
        importer=FindingsImporter(inspection=inspection),
        data=(FILES / name).read_bytes(),
        filename=name,
        at=AT,
    )


def test_a_number_twice_in_a_register_is_named(cast: Cast) -> None:
    preview = case(cast, "register.csv")
    (problem,) = map(str, preview.problems)
    assert "row 4" in problem
    assert "is the same finding as row 3" in problem
    first = preview.rows[0]
    assert (first.printed_number, first.new_value("deadline_phrase")) == ("4822", "31 March 2015")


def test_an_audit_register_keeps_its_numbers_and_lists_what_is_left_out(cast: Cast) -> None:
    preview = case(cast, "audit.csv")
    assert [row.printed_number for row in preview.rows] == ["IA/20/07", "IA/20/08"]
    assert {"Status", "Validated"} <= set(preview.not_imported)


def test_columns_of_another_report_are_chosen_by_hand(
    cast: Cast, signed_in: Any, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    inspection: Any = InspectionFactory(cast=cast, priorities=["High", "Low"])
    client = signed_in("manager")
    file = SimpleUploadedFile("positions.csv", (FILES / "positions.csv").read_bytes())
    answer = client.post(reverse("importing:recommendation-import", args=[inspection.pk]), {"file": file})
    assert "Column A: paragraph" in answer.content.decode()
    confirm = reverse("importing:recommendation-import-confirm", args=[inspection.pk])
    choices = {"match_columns": "yes", "column-1": "number", "column-2": "addressee", "column-6": ""}
    ready = client.post(confirm, {"token": _token(answer), **choices})
    assert "cannot be imported" not in ready.content.decode()
    client.post(confirm, {"token": _token(ready)})
    findings = Recommendation.objects.filter(inspection=inspection.pk).order_by("pk")
    assert list(findings.values_list("number", "addressee")) == [
        ("26.1", "Body A"),
        ("26.2", "Body B"),
        ("26.10", "Body C"),
    ]
    number = Entry.objects.get(verb="inspection.imported").sequence
    answer = client.post(confirm, {"undo": number}, follow=True)
    assert "Import undone: removed 3, changed back 0, remaining 0" in answer.content.decode()
    assert not findings.exists()


def _token(answer: Any) -> str:
    match = re.search(r'name="token" value="([^"]+)"', answer.content.decode())
    assert match is not None
    return match[1]
