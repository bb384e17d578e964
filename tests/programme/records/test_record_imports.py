"""Records from a spreadsheet: previewed, imported whole or not at all, and again from our own file."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from importing.engine.services.flow import apply_import, preview_import
from importing.engine.services.reversal import past_imports
from importing.engine.services.undo import undo_import
from partners.models import Role
from programme.funding.resources import LIMITS
from programme.models import Attendance, TrainingProgramme
from programme.records.services.importing import RecordsImporter
from programme.training.resources import ATTENDANCE, RESOURCES
from tests.cast import AT, Cast
from tests.factories import MembershipFactory
from tests.programme.factories import AttendanceFactory, GrantFundFactory, TrainingEventFactory

HEADER = "Event,Organisation,Audience,People,People: how exact,Source,As at"


def sheet(*lines: str) -> bytes:
    return "\n".join([HEADER, *lines]).encode()


def importer(cast: Cast) -> RecordsImporter:
    return RecordsImporter(resource=ATTENDANCE, partnership=cast.yorkshire)


def run(cast: Cast, data: bytes, **fields: Any) -> Any:
    arguments = {"actor": cast.manager, "importer": importer(cast), "filename": "attendance.csv", "at": AT}
    return apply_import(**arguments | fields, data=data)


def test_rows_become_records_with_their_qualifiers(cast: Cast) -> None:
    TrainingEventFactory(cast=cast)
    run(
        cast,
        sheet(
            "Champions launch,Bradford District,,12,,Register,4 February 2019",
            "champions launch,Leeds District,Teams,30,at least,Register,04/02/2019",
        ),
    )
    assert {(str(row.organisation), str(row.quantity("people"))) for row in Attendance.objects.all()} == {
        ("Bradford District", "12"),
        ("Leeds District", "at least 30"),
    }


def test_a_row_that_differs_corrects_its_record_and_one_that_agrees_changes_nothing(cast: Cast) -> None:
    old = AttendanceFactory(cast=cast)
    same = "Champions launch,Bradford District,,12,,Prevent Business Plan 2020/21,31 March 2020"
    assert run(cast, sheet(same)).counts["unchanged"] == 1
    assert run(cast, sheet(same.replace(",12,", ",15,"))).counts["updated"] == 1
    new = Attendance.objects.get(is_current=True)
    assert (new.people, new.supersedes) == (15, old)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Nothing,Bradford District,,12,,Register,4 February 2019", "is not a training event"),
        ("Champions launch,Atlantis,,12,,Register,4 February 2019", "is not an organisation"),
        ("Champions launch,Bradford District,,many,,Register,4 February 2019", "is not a number"),
        ("Champions launch,Bradford District,,1.5,,Register,4 February 2019", "is not a whole number"),
        ("Champions launch,Bradford District,,12,roughly,Register,4 February 2019", "is not one of: Exactly"),
        ("Champions launch,Bradford District,,12,unknown,Register,4 February 2019", "Leave this empty"),
        ("Champions launch,Bradford District,,12,,Register,31 February 2019", "31 March 2020"),
        ("Champions launch,Bradford District,,12,,,4 February 2019", "cannot be"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_and_nothing_is_imported(
    cast: Cast, line: str, message: str
) -> None:
    TrainingEventFactory(cast=cast)
    good = "Champions launch,Leeds District,,30,,Register,4 February 2019"
    with pytest.raises(ValidationError) as refused:
        run(cast, sheet(good, line))
    assert message in " ".join(refused.value.messages)
    assert "row 3" in " ".join(refused.value.messages)
    assert not Attendance.objects.exists()


def test_the_same_record_twice_in_a_file_is_refused(cast: Cast) -> None:
    TrainingEventFactory(cast=cast)
    line = "Champions launch,Leeds District,,30,,Register,4 February 2019"
    with pytest.raises(ValidationError) as refused:
        run(cast, sheet(line, line))
    assert "is the same record as row 2" in " ".join(refused.value.messages)


def test_only_the_programme_manager_imports(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        preview_import(
            actor=cast.bradford_spoc,
            importer=importer(cast),
            data=sheet(),
            filename="attendance.csv",
            at=AT,
        )


def test_a_file_is_previewed_and_confirmed_on_the_page(cast: Cast, signed_in: Any) -> None:
    TrainingEventFactory(cast=cast)
    browser = signed_in("manager")
    place = ["training", "attendance"]
    upload = SimpleUploadedFile(
        "attendance.csv", sheet("Champions launch,Leeds District,,30,exactly,Register,4 February 2019")
    )
    page = browser.post(reverse("programme:record-import", args=place), {"file": upload, "sheet": ""})
    assert page.status_code == 200, page.content.decode()
    (row,) = page.context["preview"].rows
    assert row.title == "Champions launch, Leeds District"
    assert {change.label: change.new for change in row.changes}["People: how exact"] == "Exactly"
    assert not Attendance.objects.exists()
    confirm = reverse("programme:record-import-confirm", args=place)
    done = browser.post(confirm, {"token": page.context["token"]}, follow=True)
    assert "Attendance imported: 1 new" in done.content.decode()
    assert Attendance.objects.get().people == 30


def test_a_correction_by_an_import_is_undone(cast: Cast) -> None:
    old = AttendanceFactory(cast=cast)
    run(cast, sheet("Champions launch,Bradford District,,15,,Prevent Business Plan 2020/21,31 March 2020"))
    (past_import,) = past_imports(importer=importer(cast), target=cast.yorkshire)
    done = undo_import(
        actor=cast.manager,
        importer=importer(cast),
        target=cast.yorkshire,
        entry=past_import.entry,
        at=AT,
    )
    assert done.summary == "removed 1, changed back 1, remaining 0"
    (row,) = Attendance.objects.all()
    assert (row.pk, row.is_current, row.people) == (old.pk, True, 12)


def test_who_manages_several_partnerships_chooses_one(cast: Cast, signed_in: Any) -> None:
    MembershipFactory(user=cast.manager, organisation=cast.city_council, role=Role.PROGRAMME_MANAGER)
    browser = signed_in("manager")
    place = ["training", "programmes"]
    address = reverse("programme:record-import", args=place)
    page = browser.get(address).content.decode()
    assert "Leicestershire" in page
    assert "West Yorkshire" in page
    assert 'type="file"' not in page

    def file() -> SimpleUploadedFile:
        lines = "Name,Audience,Source,As at\nPrevent awareness,All staff,Paper,1 May 2020"
        return SimpleUploadedFile("programmes.csv", lines.encode())

    refused = browser.post(address, {"file": file(), "sheet": ""})
    assert (refused.status_code, "Select partnership" in refused.content.decode()) == (422, True)
    chosen = browser.get(address, {"partnership": cast.leicestershire.pk})
    upload = chosen.context["pages"].upload_url
    page = browser.post(upload, {"file": file(), "sheet": ""})
    assert page.context["target"] == cast.leicestershire
    token = {"token": page.context["token"]}
    elsewhere = reverse("programme:record-import-confirm", args=place)
    assert browser.post(elsewhere, token).status_code == 302
    assert browser.post(f"{elsewhere}?partnership={cast.yorkshire.pk}", token).status_code == 409
    assert not TrainingProgramme.objects.exists()
    browser.post(page.context["pages"].confirm_url, token)
    assert TrainingProgramme.objects.get().partnership == cast.leicestershire


def test_another_partnership_cannot_be_chosen(cast: Cast, signed_in: Any) -> None:
    address = reverse("programme:record-import", args=["training", "events"])
    page = signed_in("manager").get(address, {"partnership": cast.leicestershire.pk})
    assert page.context["target"] == cast.yorkshire


def test_our_own_file_comes_back_unchanged(cast: Cast, signed_in: Any) -> None:
    AttendanceFactory(cast=cast, audience="Neighbourhood teams", note="By hand, on the day.")
    address = reverse("programme:record-export", args=["training", "attendance", "csv"])
    data = b"".join(signed_in("manager").get(address).streaming_content)
    preview = run(cast, data)
    assert preview.counts["unchanged"] == 1
    assert not preview.changes_anything


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.slug)
def test_the_guide_names_what_a_file_of_each_kind_needs(cast: Cast, signed_in: Any, resource: Any) -> None:
    address = reverse("programme:record-import", args=[resource.room, resource.slug])
    page = signed_in("manager").get(address).content.decode()
    for name in resource.all_fields:
        assert f"“{resource.label(name)}" in page


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ("4102.955", "has more than 2 decimal places"),
        ("1e40", "is too large"),
        ("-5", "Enter an amount of more than £0."),
        ("NaN", "is not a number"),
    ],
)
def test_an_amount_that_cannot_be_is_refused_with_its_row_and_column(
    cast: Cast, amount: str, message: str
) -> None:
    GrantFundFactory(cast=cast)
    text = f'Fund,Amount,Source,As at\nSafer Communities Fund,"{amount}",Paper,1 March 2020\n'
    preview = preview_import(
        actor=cast.manager,
        importer=RecordsImporter(resource=LIMITS, partnership=cast.yorkshire),
        filename="limits.csv",
        data=text.encode(),
        at=AT,
    )
    (problem,) = preview.problems
    assert (problem.row, message in str(problem)) == (2, True)
