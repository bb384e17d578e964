"""Findings and letters are screened like everything else, their import cell by cell."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import Entry
from audit.screening import PERSONAL_DATA_CODE
from importing.engine.services.flow import apply_import, preview_import
from importing.findings.services.importer import FindingsImporter
from inspections.models import Inspection, Recommendation
from tests.cast import AT, Cast
from tests.importing.plans.tables import workbook
from tests.importing.plans.test_importing_uploads import token_in
from tests.inspections.factories import InspectionFactory
from web.screening import KEEP

POSTCODE = "WF99 9ZZ"
DATA = workbook(
    (("Rec no.", "Type", "Recommendation"), (1, "Recommendation", f"Move out of {POSTCODE}.")), merges=()
)
WHY = "The office that the report names."


@pytest.fixture
def inspection(cast: Cast, settings: Any, tmp_path: Path) -> Inspection:
    settings.MEDIA_ROOT = tmp_path
    return InspectionFactory(cast=cast)


def test_an_import_names_the_cell_and_wants_a_reason(cast: Cast, inspection: Inspection) -> None:
    importer = FindingsImporter(inspection=inspection)
    request = {"actor": cast.manager, "importer": importer, "data": DATA, "filename": "f.xlsx", "at": AT}
    (cell,) = preview_import(**request).personal
    assert (cell.row, cell.header, cell.value) == (2, "Recommendation", POSTCODE)
    with pytest.raises(ValidationError) as refusal:
        apply_import(**request)
    assert [error.code for error in refusal.value.error_list] == [PERSONAL_DATA_CODE]
    assert POSTCODE not in str(refusal.value)


def test_the_confirmation_takes_the_reason(cast: Cast, inspection: Inspection, signed_in: Any) -> None:
    client = signed_in("manager")
    file = SimpleUploadedFile("f.xlsx", DATA)
    upload = reverse("importing:recommendation-import", args=[inspection.pk])
    response = client.post(upload, {"file": file, "sheet": ""})
    assert f'name="{KEEP}"' in response.content.decode()
    confirm = reverse("importing:recommendation-import-confirm", args=[inspection.pk])
    page = client.post(confirm, {"token": token_in(response)})
    assert page.status_code == 422
    assert client.post(confirm, {"token": token_in(page), KEEP: WHY}).status_code == 302
    finding = Recommendation.objects.get(inspection=inspection)
    entry = Entry.objects.get(target_type="inspections.recommendation", target_id=str(finding.pk))
    assert entry.note.endswith(f"Kept a full postcode (8 characters) in text: {WHY}")
    assert POSTCODE not in entry.note
