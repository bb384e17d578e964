"""Import of findings: previewed row by row, all or nothing, and the same file again changes nothing."""

import errno
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.actors import SYSTEM
from audit.models import Entry
from audit.services import verify
from importing.engine.services.flow import apply_import, preview_import
from importing.engine.services.uploads import store_upload
from importing.findings.services.contents import FindingsPreview
from importing.findings.services.importer import FindingsImporter
from inspections.findings.services.links import unlink_action
from inspections.findings.services.recommendations import save_recommendation
from inspections.models import ActionLink, Inspection, Recommendation
from partners.organisations.services import save_reference
from tests.cast import AT, PEOPLE, Cast
from tests.factories import ActionFactory
from tests.importing.plans.tables import comma_separated, messages, name_as_in_plans, workbook
from tests.inspections.factories import InspectionFactory, RecommendationFactory
from tests.inspections.findings import stage

HEADER = (
    "Rec no.", "Type", "Recommendation", "Addressed to", "By when", "Grade", "Lead", "Cause of concern", "Action refs",
    "Paraphrased", "Remarks",
)  # fmt: skip
CAUSE = ("1", "Cause of concern", "Referrals are lost.", "", "immediately", "", "", "", "", "", "")
UNDER = (2, "Recommendation", "Review how referrals are shared.", "Chief constables", date(2020, 9, 30), "high", "WYP",
         "Cause of concern 1", "wy20-01; WY20-02", "yes", "Seen.")  # fmt: skip
AFI = (None, "AFI", "The force should brief its officers.", "TBC", "-", None, None, None, None, "no", None)
ROWS: tuple[tuple[Any, ...], ...] = (("FINDINGS OF CT4",), HEADER, UNDER, CAUSE, AFI)


@pytest.fixture
def inspection(cast: Cast, settings: Any, tmp_path: Path) -> Inspection:
    """CT4 with a scheme of two grades, and two actions that its findings name."""
    settings.MEDIA_ROOT = tmp_path
    name_as_in_plans(cast)
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    return InspectionFactory(cast=cast, priorities=["High", "Low"])


def request(cast: Cast, inspection: Inspection, rows: Any = ROWS, **other: Any) -> dict[str, Any]:
    data = workbook(rows, ())
    return {
        "actor": cast.manager,
        "importer": FindingsImporter(inspection=inspection),
        "data": data,
        "filename": "findings.xlsx",
        "at": AT,
    } | other


def import_findings(cast: Cast, inspection: Inspection, rows: Any = ROWS, **other: Any) -> FindingsPreview:
    return apply_import(**request(cast, inspection, rows, **other))


def outcomes(preview: FindingsPreview) -> list[str]:
    return [row.outcome.value for row in preview.rows]


def under(*, text: str = "Review how referrals are shared.", **cells: Any) -> tuple[Any, ...]:
    """The row of the recommendation with other cells, by their header."""
    values = dict(zip(HEADER, UNDER, strict=True)) | {"Recommendation": text}
    return tuple((values | {key.replace("_", " "): value for key, value in cells.items()}).values())


def test_a_file_is_imported_with_causes_leads_and_links(cast: Cast, inspection: Inspection) -> None:
    before = Entry.objects.count()
    preview = preview_import(**request(cast, inspection))
    assert outcomes(preview) == ["created", "created", "created"]
    assert preview.not_imported == ["Remarks"]
    assert Entry.objects.count() == before
    import_findings(cast, inspection)
    cause = Recommendation.objects.get(kind="cause_of_concern")
    assert (cause.deadline_phrase, cause.due) == ("immediately", None)
    row = Recommendation.objects.get(number="2")
    assert (row.cause, row.lead, row.priority, row.paraphrased) == (cause, cast.police, "High", True)
    assert (row.deadline_phrase, row.due) == ("30 September 2020", date(2020, 9, 30))
    assert [link.action.ref for link in row.links.order_by("action__ref")] == ["WY20-01", "WY20-02"]
    # Its actions came under the cause of concern, as if each had been linked by hand.
    assert all(link.action.under_cause_of_concern for link in row.links.all())
    afi = Recommendation.objects.get(kind="afi")
    assert (afi.number, afi.addressee, afi.deadline_phrase, afi.state) == ("", "", "", "registered")
    verbs = list(Entry.objects.filter(verb__contains="imported").values_list("verb", flat=True))
    assert sorted(verbs) == ["inspection.imported", *["recommendation.imported"] * 3]
    entry = Entry.objects.get(verb="recommendation.imported", target_id=str(row.pk))
    assert entry.note == "findings.xlsx, sheet Action plan, row 3"
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_the_same_file_again_changes_nothing_and_writes_nothing(cast: Cast, inspection: Inspection) -> None:
    import_findings(cast, inspection)
    before = Entry.objects.count()
    assert outcomes(import_findings(cast, inspection)) == ["unchanged"] * 3
    as_csv = comma_separated([[cell or "" for cell in row] for row in ROWS])
    again = import_findings(cast, inspection, data=as_csv, filename="findings.csv")
    assert not again.problems
    # A day that CSV holds in figures is another phrase of the same day; the rest is the same.
    assert {change.name for row in again.rows for change in row.changes} <= {"deadline_phrase"}
    assert Recommendation.objects.count() == len(ROWS) - 2
    assert Entry.objects.count() <= before + 2


def test_changes_are_previewed_and_applied(cast: Cast, inspection: Inspection) -> None:
    import_findings(cast, inspection)
    rows = (HEADER, under(text="Review all of it.", Action_refs="WY20-02", By_when="", Grade="Low"))
    preview = preview_import(**request(cast, inspection, rows))
    assert outcomes(preview) == ["updated"]
    assert {(c.label, c.old, c.new) for c in preview.rows[0].changes} == {
        ("Text", "Review how referrals are shared.", "Review all of it."),
        ("Priority", "High", "Low"),
    }
    assert {row.kind for row in preview.not_in_file} == {"cause_of_concern", "afi"}
    import_findings(cast, inspection, rows)
    row = Recommendation.objects.get(number="2")
    assert (row.text, row.priority, row.due) == ("Review all of it.", "Low", date(2020, 9, 30))
    assert row.links.count() == len(["WY20-01", "WY20-02"])
    assert Entry.objects.filter(verb="recommendation.reimported").count() == 1


def test_edits_in_the_app_are_not_overwritten(cast: Cast, inspection: Inspection) -> None:
    import_findings(cast, inspection)
    row = Recommendation.objects.get(number="2")
    save_recommendation(actor=cast.manager, recommendation=row, at=AT, text="Better words.")
    link = row.links.get(action__ref="WY20-02")
    unlink_action(actor=cast.manager, link=link, reason="It answers another.", at=AT)
    before = Entry.objects.count()
    done = import_findings(cast, inspection)
    assert outcomes(done) == ["skipped", "unchanged", "unchanged"]
    reasons = " ".join(change.reason for change in done.rows[0].skipped)
    assert "changed in the app since" in reasons
    assert "removed in the app" in reasons
    assert Entry.objects.count() == before
    # What the file says anew is news.
    import_findings(cast, inspection, (HEADER, under(text="Newer words.")))
    assert Recommendation.objects.get(number="2").text == "Newer words."


def test_a_closed_finding_does_not_change(cast: Cast, inspection: Inspection) -> None:
    row = stage.closed(cast, inspection=inspection, number="2", action=stage.complete(cast, "WY20-03"))
    done = import_findings(cast, inspection, (HEADER, under(Cause_of_concern="", text="Other words.")))
    assert outcomes(done) == ["skipped"]
    assert "closed: implemented, so an import does not change it" in done.rows[0].skipped[0].reason
    row.refresh_from_db()
    assert row.links.count() == 1


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"Type": "Wish"}, "B (Type)", "is not a kind of finding"),
        ({"text": ""}, "C (Recommendation)", "has no text"),
        ({"text": "x" * 4001}, "C (Recommendation)", "shorten it to 4,000"),
        ({"Rec no.": date(2020, 1, 2)}, "A (Rec no.)", "is a date"),
        ({"Rec no.": "1" * 21}, "A (Rec no.)", "shorten it to 20"),
        ({"Grade": "Medium"}, "F (Grade)", "It has: High, Low"),
        ({"Lead": "Atlantis Council"}, "G (Lead)", "is not an organisation"),
        ({"Cause of concern": "9"}, "H (Cause of concern)", "The numbers are: 1"),
        ({"Type": "AFI"}, "H (Cause of concern)", "is only for recommendations"),
        (
            {"Action refs": "WY20-01, WY99-1"},
            "I (Action refs)",
            "is not an action of this partnership: WY99-1",
        ),
        ({"Paraphrased": "perhaps"}, "J (Paraphrased)", "must be yes or no"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_applied(
    cast: Cast, inspection: Inspection, cells: dict[str, Any], column: str, words: str
) -> None:
    before = Entry.objects.count()
    rows = (HEADER, CAUSE, under(**cells))
    preview = preview_import(**request(cast, inspection, rows))
    assert len(preview.problems) == 1
    assert f"sheet Action plan, row 3, column {column}" in messages(preview)[0]
    assert words in messages(preview)[0]
    with pytest.raises(ValidationError) as refused:
        import_findings(cast, inspection, rows)
    assert refused.value.error_list[0].code == "rejected"
    assert (Recommendation.objects.count(), Entry.objects.count()) == (0, before)


def test_repeated_findings_and_withdrawn_actions_are_problems(cast: Cast, inspection: Inspection) -> None:
    ActionFactory(cast=cast, withdrawn=True, ref="WY20-05")
    rows = (HEADER, CAUSE, AFI, AFI, under(Action_refs="WY20-05"), under(Action_refs=""))
    texts = messages(preview_import(**request(cast, inspection, rows)))
    assert [re.sub(r"^.*?row (\d).*” ", r"\1 ", text) for text in texts] == [
        "4 is the same finding as row 3",
        "5 includes WY20-05, which is withdrawn: remove it from the cell",
        "6 is the same finding as row 5",
    ]


def test_an_audit_needs_no_kinds_and_a_number_is_filled_in(cast: Cast, inspection: Inspection) -> None:
    audit = InspectionFactory(
        cast=cast, title="Audit", short_title="", kind="audit", body_kind="internal_audit"
    )
    import_findings(cast, audit, (("Finding",), ("The list is out of date.",), ("Nobody checks.",)))
    assert set(audit.recommendations.values_list("kind", "number")) == {("audit", "")}
    done = import_findings(cast, audit, (("No.", "Finding"), ("4.1", "The list is out of date.")))
    assert outcomes(done) == ["updated"]
    assert audit.recommendations.get(number="4.1").text == "The list is out of date."


def test_a_refusal_by_a_service_rolls_everything_back(
    cast: Cast, inspection: Inspection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: Any) -> None:
        raise ValidationError("Not this one.")

    monkeypatch.setattr("importing.findings.services.writing.link_action", refuse)
    before = Entry.objects.count()
    with pytest.raises(ValidationError, match="sheet Action plan, row 3: Not this one"):
        import_findings(cast, inspection)
    assert (Recommendation.objects.count(), Entry.objects.count()) == (0, before)


def test_only_the_manager_of_this_partnership_imports(cast: Cast, inspection: Inspection) -> None:
    for person in PEOPLE.keys() - {"manager"}:
        for service in (preview_import, apply_import):
            with pytest.raises(PermissionDenied):
                service(**request(cast, inspection, actor=cast.person(person)))
    assert not Recommendation.objects.exists()


# Pages ----------------------------------------------------------------------------------------------------------


def upload(client: Any, inspection: Inspection, rows: Any = ROWS) -> Any:
    file = SimpleUploadedFile("findings.xlsx", workbook(rows, ()))
    return client.post(reverse("importing:recommendation-import", args=[inspection.pk]), {"file": file})


def confirm(client: Any, inspection: Inspection, token: str) -> Any:
    address = reverse("importing:recommendation-import-confirm", args=[inspection.pk])
    return client.post(address, {"token": token})


def test_a_full_disk_refuses_the_file(
    inspection: Inspection, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    client = signed_in("manager")
    with monkeypatch.context() as full:
        full.setattr("os.fsync", no_space)
        refused = upload(client, inspection)
    assert refused.status_code == 507
    assert "The server has no space left, so this was not saved." in refused.content.decode()
    assert upload(client, inspection).status_code == 200


def token_in(response: Any) -> str:
    html = re.search(r'name="token" value="([^"]+)"', response.content.decode())
    assert html
    return html[1]


def test_the_preview_is_what_is_applied(cast: Cast, inspection: Inspection, signed_in: Any) -> None:
    client = signed_in("manager")
    page = client.get(reverse("inspections:inspection", args=[inspection.pk])).content.decode()
    assert "Import findings" in page
    preview_page = upload(client, inspection)
    assert preview_page.status_code == 200
    body = preview_page.content.decode()
    for words in ("New", "Review how referrals are shared.", "WY20-01, WY20-02", "Columns not imported"):
        assert words in body
    assert not Recommendation.objects.exists()
    # Somebody adds one of them by hand meanwhile.
    RecommendationFactory(cast=cast, inspection=inspection, number="2", text="As I remember it.")
    moved = confirm(client, inspection, token_in(preview_page))
    assert moved.status_code == 409
    assert "changed since your preview" in moved.content.decode()
    assert Recommendation.objects.count() == 1
    done = confirm(client, inspection, token_in(moved))
    assert (done.status_code, done["Location"]) == (
        302,
        reverse("inspections:inspection", args=[inspection.pk]),
    )
    assert Recommendation.objects.get(number="2").text == "Review how referrals are shared."
    assert ActionLink.objects.count() == len(["WY20-01", "WY20-02"])
    again = upload(client, inspection).content.decode()
    assert "Nothing to import" in again
    assert "Import findings</button>" not in again
    assert confirm(client, inspection, token_in(moved)).status_code == 409  # the file is gone


def test_a_wrong_file_and_a_token_of_another_user_are_refused(
    cast: Cast, inspection: Inspection, signed_in: Any
) -> None:
    client = signed_in("manager")
    response = upload(client, inspection, (HEADER, under(Grade="<b>Medium</b>")))
    assert response.status_code == 422
    body = response.content.decode()
    assert "cells cannot be imported" in body
    assert "&lt;b&gt;Medium" in body
    assert "Import findings</button>" not in body
    nonsense = upload(client, inspection, (("Colour",), ("Blue",)))
    assert nonsense.status_code == 422
    assert "No column was found for the text" in nonsense.content.decode()
    other = InspectionFactory(cast=cast, title="Another", short_title="")
    preview = preview_import(**request(cast, inspection))
    token = store_upload(
        actor=cast.manager,
        target=other,
        filename=preview.filename,
        digest=preview.digest,
        data=workbook(ROWS, ()),
        sheet="",
    )
    refused = confirm(client, inspection, token)
    assert refused.status_code == 409
    assert "This preview has expired" in refused.content.decode()
    assert not Recommendation.objects.exists()


def test_former_and_shared_names_are_accepted_in_unchanged_cells(cast: Cast, inspection: Inspection) -> None:
    import_findings(cast, inspection)
    former = cast.police.name
    cast.police.name = "Another name"
    save_reference(actor=SYSTEM, row=cast.police, at=AT)
    rows = [HEADER, under(Lead=former), CAUSE]
    assert outcomes(preview_import(**request(cast, inspection, rows))) == ["unchanged", "unchanged"]
    cast.opcc.short_name = cast.police.name
    save_reference(actor=SYSTEM, row=cast.opcc, at=AT)
    rows = [HEADER, under(Lead=cast.police.name), CAUSE]
    assert outcomes(preview_import(**request(cast, inspection, rows))) == ["unchanged", "unchanged"]
    rows = [HEADER, ("9", "", "Another finding.", "", "", "", cast.police.name)]
    (problem,) = messages(preview_import(**request(cast, inspection, rows)))
    assert "could be more than one organisation" in problem
